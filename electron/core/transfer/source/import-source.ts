/** A document with conversations. */
export interface SourceDocument {
  /** Without a folder. */
  readonly name: string;
  readonly byteCount: number;
  /** Its bytes from the beginning, in pieces. Throws `transfer/*`. */
  readonly read: () => AsyncIterable<Uint8Array>;
}

/** Where an import comes from: files, or an archive that is never unpacked. */
export interface ImportSource {
  readonly documents: readonly SourceDocument[];
  /** The bytes of a picture by the pointer in a message; null when they are not there, or are too many. */
  readonly readPicture: (pointer: string) => Promise<Uint8Array | null>;
  readonly close: () => Promise<void>;
}

/** Most bytes of all documents together: 8 GiB. */
export const MAX_DOCUMENT_BYTES = 8 * 1_024 ** 3;
/** Most bytes of one picture: 50 MiB. */
export const MAX_PICTURE_BYTES = 50 * 1_024 ** 2;
