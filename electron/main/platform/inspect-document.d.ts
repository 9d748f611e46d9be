import { AppError } from '../../contract/app-error.ts';
import type { DocumentContent } from '../../core/ports.ts';
/**
 * Reads a JSON object from a file. A file that does not parse is renamed, never overwritten: someone may want to mend it.
 */
export declare function inspectDocument(path: string, now: () => number): DocumentContent;
/** Renames `settings.json` to `settings.damaged-<time>.json` and returns the new name. Throws `storage/*`. */
export declare function setDocumentAside(path: string, now: () => number): string;
/**
 * Takes a text, and what is left of it in a damaged file, out of the files beside `settings.json` whose names begin with `settings.`: those that were set aside, and the
 * temporary ones a crash leaves behind. The file itself is not touched. Throws `storage/*`.
 */
export declare function scrubSiblings(path: string, text: string, sharedLength: number): void;
/** Maps what the file system said to a code. */
export declare function toStorageError(cause: unknown): AppError;
