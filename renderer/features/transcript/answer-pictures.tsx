import { Download } from 'lucide-react';
import type { Attachment } from '../../../electron/contract/model/attachment.ts';
import { Picture } from '../../components/picture.tsx';
import { saveFile } from '../../lib/attachment-actions.ts';

/** The pictures a model has made, as large as the column allows. */
export function AnswerPictures({ pictures }: { readonly pictures: readonly Attachment[] }) {
  const shown = pictures.filter(({ kind }) => kind === 'image');
  if (shown.length === 0) return null;
  return (
    <div className="mt-3 flex flex-wrap gap-3">
      {shown.map((picture, index) => {
        const name = shown.length === 1 ? 'Picture' : `Picture ${index + 1}`;
        return (
          <figure key={picture.id} className="group/picture relative max-w-full">
            <Picture
              picture={picture}
              name={`${name} made by the model`}
              className="h-auto max-h-[512px] w-auto max-w-full object-contain"
            />
            <button
              type="button"
              className="icon-button absolute top-2 right-2 bg-raised opacity-0 shadow-sm transition-opacity group-hover/picture:opacity-100 focus-visible:opacity-100"
              aria-label={`Save ${name.toLowerCase()}`}
              title="Save as a file"
              onClick={() => void saveFile(picture)}
            >
              <Download size={14} aria-hidden />
            </button>
          </figure>
        );
      })}
    </div>
  );
}
