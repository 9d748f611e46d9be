import { Copy, Download, ImageOff } from 'lucide-react';
import { useRef, useState } from 'react';
import type { Attachment } from '../../electron/contract/model/attachment.ts';
import { saveFile } from '../lib/attachment-actions.ts';
import { copyPicture } from '../lib/copy-picture.ts';
import { formatBytes } from '../lib/format.ts';
import { pictureUrl } from '../lib/picture-url.ts';
import { showToast } from '../lib/view-store.ts';
import { Modal } from './modal.tsx';

interface PictureProps {
  readonly picture: Attachment;
  /** What it is called; its file name unless told. */
  readonly name?: string;
  readonly className: string;
}

const TOAST_MS = 2_500;

/** A stored picture that opens large. Where its content is gone, that is said in its place. */
export function Picture({ picture, name = picture.name, className }: PictureProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [isMissing, setIsMissing] = useState(false);
  if (isMissing) {
    return (
      <span className="inline-flex items-center gap-2 rounded-lg border border-dashed border-line-strong px-3 py-2 text-[13px] text-ink-2">
        <ImageOff size={15} className="shrink-0 text-ink-3" aria-hidden />
        <span className="min-w-0 truncate">{name} is missing</span>
      </span>
    );
  }
  return (
    <>
      <button
        type="button"
        className="block max-w-full cursor-zoom-in overflow-hidden rounded-lg border border-line bg-sunken"
        aria-label={`Open ${name}`}
        onClick={() => setIsOpen(true)}
      >
        <img
          src={pictureUrl(picture.hash)}
          alt={name}
          width={picture.width ?? undefined}
          height={picture.height ?? undefined}
          className={className}
          draggable={false}
          onError={() => setIsMissing(true)}
        />
      </button>
      <PictureDialog picture={picture} name={name} isOpen={isOpen} onClose={() => setIsOpen(false)} />
    </>
  );
}

interface PictureDialogProps {
  readonly picture: Attachment;
  readonly name: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

function PictureDialog({ picture, name, isOpen, onClose }: PictureDialogProps) {
  const { hash, width, height, byteCount } = picture;
  const imageRef = useRef<HTMLImageElement>(null);
  const copy = async (): Promise<void> => {
    const image = imageRef.current;
    if (image === null) return;
    const text = await copyPicture(image).then(
      () => 'Picture copied',
      () => 'The picture could not be copied',
    );
    showToast({ text, undo: null, durationMs: TOAST_MS });
  };
  return (
    <Modal title={name} isOpen={isOpen} onClose={onClose} className="w-max min-w-[320px]">
      <div className="flex min-h-0 flex-1 justify-center overflow-auto bg-sunken">
        <img
          ref={imageRef}
          src={pictureUrl(hash)}
          alt={name}
          className="max-h-[calc(100vh-170px)] max-w-full object-contain"
          draggable={false}
        />
      </div>
      <footer className="flex h-14 shrink-0 items-center gap-2 border-t border-line pr-4 pl-5">
        <span className="mr-auto text-[12px] text-ink-3 tabular-nums">
          {width !== null && height !== null && `${width} × ${height}, `}
          {formatBytes(byteCount)}
        </span>
        <button type="button" className="button button-small" onClick={() => void copy()}>
          <Copy size={13} aria-hidden />
          Copy
        </button>
        <button type="button" className="button button-small" onClick={() => void saveFile(picture)}>
          <Download size={13} aria-hidden />
          Save as
        </button>
      </footer>
    </Modal>
  );
}
