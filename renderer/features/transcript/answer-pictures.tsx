import { Download } from 'lucide-react';
import type { Attachment } from '../../../electron/contract/model/attachment.ts';
import { request, toWireError } from '../../lib/ipc-client.ts';
import { useView } from '../../lib/view-store.ts';

interface AnswerPicturesProps {
  readonly conversationId: string;
  readonly pictures: readonly Attachment[];
}

/** The pictures a model has made, as large as the column allows. */
export function AnswerPictures({ conversationId, pictures }: AnswerPicturesProps) {
  const shown = pictures.filter(({ kind }) => kind === 'image');
  if (shown.length === 0) return null;
  return (
    <div className="mt-3 flex flex-wrap gap-3">
      {shown.map((picture, index) => {
        const name = shown.length === 1 ? 'Picture' : `Picture ${index + 1}`;
        return (
          <figure key={picture.id} className="group/picture relative max-w-full">
            <img
              src={`/attachments/${picture.hash}`}
              alt={`${name} made by the model`}
              width={picture.width ?? undefined}
              height={picture.height ?? undefined}
              className="max-h-[512px] max-w-full rounded-lg border border-line bg-sunken object-contain"
              draggable={false}
            />
            <button
              type="button"
              className="icon-button absolute top-2 right-2 bg-raised opacity-0 shadow-sm transition-opacity group-hover/picture:opacity-100 focus-visible:opacity-100"
              aria-label={`Save ${name.toLowerCase()}`}
              title="Save as a file"
              onClick={() => void save(picture, conversationId)}
            >
              <Download size={14} aria-hidden />
            </button>
          </figure>
        );
      })}
    </div>
  );
}

/** Main asks where in the system's dialog. */
async function save({ id }: Attachment, conversationId: string): Promise<void> {
  try {
    await request('attachments.save', { id });
  } catch (error) {
    useView.setState({ actionError: { conversationId, error: toWireError(error), retry: null } });
  }
}
