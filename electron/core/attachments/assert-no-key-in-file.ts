import { AppError } from '../../contract/app-error.ts';
import type { Attachment } from '../../contract/model/attachment.ts';
import type { KeySpotter } from '../vault/key-spotter.ts';

/** Throws `secret/key-in-message` for a text, or a name, with something in it that looks like an API key. */
export function assertNoKeyInFile(
  file: Pick<Attachment, 'kind' | 'name'> & { readonly bytes: Uint8Array },
  spot: KeySpotter,
): void {
  const text = file.kind === 'text' ? new TextDecoder().decode(file.bytes) : '';
  if (spot(file.name).length === 0 && spot(text).length === 0) return;
  throw new AppError('secret/key-in-message', 'There seems to be an API key in a file.', {
    details: { file: file.name },
  });
}
