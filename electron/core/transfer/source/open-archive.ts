import { openPromise, validateFileName, type Entry, type ZipFile } from 'yauzl';
import { AppError } from '../../../contract/app-error.ts';
import {
  MAX_DOCUMENT_BYTES,
  MAX_PICTURE_BYTES,
  type ImportSource,
  type SourceDocument,
} from './import-source.ts';

/** More files than the largest export of years has. */
const MAX_ENTRIES = 200_000;
/** Text packs well, but not like this; it counts from {@link MIN_BOMB_BYTES} on. */
const MAX_RATIO = 200;
const MIN_BOMB_BYTES = 10 * 1_024 ** 2;
/** The files with conversations: one, or since 2025 several. */
const DOCUMENT_NAME = /(?:^|\/)(conversations(?:-\d{1,6})?\.json)$/;
/** A file of a message begins with its id; a name that a person gave it may follow. */
const PICTURE_NAME = /(?:^|\/)(file[-_][A-Za-z0-9]+)[^/]*$/;
const POINTER = /^(?:file-service|sediment):\/\/(file[-_][A-Za-z0-9]+)/;
/** 64 KiB at a time is what the library hands over. */
const MAX_NAME_BYTES = 4_096;

/**
 * Opens an export as it is downloaded. Only what is needed is read, through the directory at its end, and nothing is written
 * under a name from it. Throws `transfer/unsafe-archive`, `transfer/too-large`, `transfer/unknown-format`, `transfer/unreadable`.
 */
export async function openArchive(file: string): Promise<ImportSource> {
  const archive = await openFile(file);
  try {
    const documents: Entry[] = [];
    const pictures = new Map<string, Entry>();
    for await (const entry of readEntries(archive)) {
      assertSafe(entry);
      const isDocument = DOCUMENT_NAME.test(entry.fileName);
      const pictureId = PICTURE_NAME.exec(entry.fileName)?.[1];
      if (isDocument) documents.push(entry);
      else if (pictureId !== undefined && !pictures.has(pictureId)) pictures.set(pictureId, entry);
    }
    assertAcceptable(documents);
    documents.sort((a, b) => (a.fileName < b.fileName ? -1 : 1));
    return {
      documents: documents.map((entry) => toDocument(archive, entry)),
      readPicture: (pointer) => readPicture(archive, pictures.get(POINTER.exec(pointer)?.[1] ?? '')),
      close() {
        archive.close();
        return Promise.resolve();
      },
    };
  } catch (error) {
    archive.close();
    throw toArchiveError(error);
  }
}

async function openFile(file: string): Promise<ZipFile> {
  try {
    return await openPromise(file, { autoClose: false, lazyEntries: true, strictFileNames: true });
  } catch (cause) {
    throw toArchiveError(cause);
  }
}

async function* readEntries(archive: ZipFile): AsyncGenerator<Entry> {
  if (archive.entryCount > MAX_ENTRIES) throw tooLarge({ maxEntries: MAX_ENTRIES });
  for await (const entry of archive.eachEntry()) yield entry;
}

/** Nothing is ever unpacked, yet a name that leads elsewhere means that somebody tried: such a file is not read at all. */
function assertSafe(entry: Entry): void {
  const isLong = Buffer.byteLength(entry.fileName) > MAX_NAME_BYTES;
  const problem = validateFileName(entry.fileName);
  if (isLong || problem !== null || entry.fileName.includes('\0')) throw unsafe();
}

function assertAcceptable(documents: readonly Entry[]): void {
  if (documents.length === 0)
    throw new AppError('transfer/unknown-format', 'There are no conversations in this archive.');
  const total = documents.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  if (total > MAX_DOCUMENT_BYTES) throw tooLarge({ maxBytes: MAX_DOCUMENT_BYTES });
  if (documents.some(isBomb)) throw unsafe();
}

function isBomb({ uncompressedSize, compressedSize }: Entry): boolean {
  return uncompressedSize > MIN_BOMB_BYTES && uncompressedSize > compressedSize * MAX_RATIO;
}

function toDocument(archive: ZipFile, entry: Entry): SourceDocument {
  return {
    name: DOCUMENT_NAME.exec(entry.fileName)?.[1] ?? '',
    byteCount: entry.uncompressedSize,
    read: () => readEntry(archive, entry),
  };
}

/** The library ends it with an error at the first byte beyond the size that the directory says. */
async function* readEntry(archive: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  try {
    const stream = await archive.openReadStreamPromise(entry);
    for await (const piece of stream) yield piece as Buffer;
  } catch (error) {
    throw toArchiveError(error);
  }
}

async function readPicture(archive: ZipFile, entry: Entry | undefined): Promise<Uint8Array | null> {
  if (entry === undefined || entry.uncompressedSize > MAX_PICTURE_BYTES || isBomb(entry)) return null;
  try {
    const pieces: Uint8Array[] = [];
    for await (const piece of readEntry(archive, entry)) pieces.push(piece);
    return Buffer.concat(pieces);
  } catch (error) {
    // One picture that is spoilt costs itself only.
    if (error instanceof AppError) return null;
    throw error;
  }
}

function toArchiveError(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const isNamed =
    cause instanceof Error &&
    /^(?:absolute path|invalid relative path|invalid characters)/.test(cause.message);
  return isNamed ? unsafe() : new AppError('transfer/unreadable', 'The archive cannot be read.', { cause });
}

function unsafe(): AppError {
  return new AppError('transfer/unsafe-archive', 'The archive is made to do harm.');
}

function tooLarge(details: Readonly<Record<string, number>>): AppError {
  return new AppError('transfer/too-large', 'The archive is too large.', { details });
}
