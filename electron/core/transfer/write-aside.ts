import { mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { toTransferError } from './to-transfer-error.ts';

/**
 * Has a file or folder written inside a new folder beside its target, and puts it in its place once it is whole. What is
 * removed is that new folder, whatever else there is. Throws `storage/*`, `transfer/unwritable`, and what `write` throws.
 */
export async function writeAside<T>(target: string, write: (partial: string) => Promise<T>): Promise<T> {
  let own: string | null = null;
  try {
    // Made by this call or not at all: a name that somebody could have used would be somebody's to lose.
    own = await mkdtemp(path.join(path.dirname(target), 'latchkey-export-'));
    const partial = path.join(own, 'partial');
    const result = await write(partial);
    await rename(partial, target);
    return result;
  } catch (error) {
    throw toTransferError(error, target);
  } finally {
    if (own !== null) await rm(own, { recursive: true, force: true });
  }
}
