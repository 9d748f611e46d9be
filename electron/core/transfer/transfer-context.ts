import type { TransferProgress } from '../../contract/model/transfer.ts';
import type { TransferredAttachment } from '../history/transfer/transferred.ts';
import type { PictureSize } from './transfer-protocol.ts';

/** What the steps of a transfer work with. */
export interface TransferContext {
  readonly databaseFile: string;
  /** Throws {@link TransferCancelled} once somebody asked for it. */
  readonly assertGoesOn: () => void;
  readonly report: (progress: TransferProgress) => void;
  /** The bytes of a stored file; null when it is gone or spoilt: what had it is still worth a copy. */
  readonly readFile: (hash: string) => Promise<Uint8Array | null>;
  /** Keeps the bytes of a file as they are; returns their hash. */
  readonly keep: (bytes: Uint8Array) => Promise<string>;
  /** Keeps a picture that is said to have been stored before, as it is, once it was decoded; null when it cannot be one. */
  readonly keepStoredPicture: (bytes: Uint8Array) => Promise<PictureSize | null>;
  /** Keeps a picture that a stranger may have made, once it was made harmless; null when it is none. */
  readonly keepPicture: (bytes: Uint8Array, name: string) => Promise<TransferredAttachment | null>;
}

/** Thrown to end a transfer that was cancelled. */
export class TransferCancelled extends Error {
  override readonly name = 'TransferCancelled';
}
