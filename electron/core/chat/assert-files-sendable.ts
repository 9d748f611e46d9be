import { AppError } from '../../contract/app-error.ts';
import type { Attachment, AttachmentKind } from '../../contract/model/attachment.ts';
import type { ModelCapabilities } from '../../contract/model/capabilities.ts';
import { assertNoKeyInFile } from '../attachments/assert-no-key-in-file.ts';
import type { KeySpotter } from '../vault/key-spotter.ts';
import type { FileReader } from './to-turns.ts';

/** Throws `attachment/not-taken` for the first file of a kind that the model is known not to take. Unknown is worth a try. */
export function assertTaken(
  attachments: readonly Attachment[],
  { imageInput, fileInput }: Pick<ModelCapabilities, 'imageInput' | 'fileInput'>,
): void {
  const support = { image: imageInput, pdf: fileInput, text: 'yes' } satisfies Record<AttachmentKind, string>;
  const refused = attachments.find(({ kind }) => support[kind] === 'no');
  if (refused === undefined) return;
  const { kind, name } = refused;
  throw new AppError('attachment/not-taken', 'The model does not take files of this kind.', {
    details: { kind, name },
  });
}

/** A key in a text file, or in a file's name, is noticed before it leaves, as one in the message is. Throws `secret/key-in-message`. */
export async function assertNoKeyInFiles(
  attachments: readonly Attachment[],
  { spot, read }: { readonly spot: KeySpotter; readonly read: FileReader },
): Promise<void> {
  for (const attachment of attachments) {
    const bytes = attachment.kind === 'text' ? await read(attachment) : new Uint8Array();
    assertNoKeyInFile({ ...attachment, bytes }, spot);
  }
}
