import type { Attachment } from '../../../electron/contract/model/attachment.ts';

/** The pictures a model has made, as large as the column allows. */
export function AnswerPictures({ pictures }: { readonly pictures: readonly Attachment[] }) {
  const shown = pictures.filter(({ kind }) => kind === 'image');
  if (shown.length === 0) return null;
  return (
    <div className="mt-3 flex flex-wrap gap-3">
      {shown.map((picture, index) => (
        <figure key={picture.id} className="max-w-full">
          <img
            src={`/attachments/${picture.hash}`}
            alt={shown.length === 1 ? 'Picture made by the model' : `Picture ${index + 1} made by the model`}
            width={picture.width ?? undefined}
            height={picture.height ?? undefined}
            className="max-h-[512px] max-w-full rounded-lg border border-line bg-sunken object-contain"
            draggable={false}
          />
        </figure>
      ))}
    </div>
  );
}
