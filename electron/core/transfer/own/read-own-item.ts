import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ItemProblem } from '../../../contract/model/transfer.ts';
import {
  findTreeProblem,
  transferredConversationSchema,
  type TransferredAttachment,
  type TransferredConversation,
} from '../../history/transfer/transferred.ts';
import { sniffFile, type SniffedFile } from '../sniff-file.ts';

/** An element of one of our documents. */
export type OwnItem =
  | { readonly kind: 'conversation'; readonly conversation: TransferredConversation }
  | {
      readonly kind: 'file';
      readonly hash: string;
      readonly bytes: Uint8Array;
      readonly sniffed: SniffedFile;
    }
  | { readonly kind: 'problem'; readonly item: 'conversation' | 'file'; readonly problem: ItemProblem };

/** A file as it travels. */
export const fileItemSchema = z.strictObject({
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  data: z.string().meta({ contentEncoding: 'base64' }),
});

/** Reads one; what it is shows by its shape, since after damage an element can be met in the wrong list. */
export function readOwnItem(value: unknown): OwnItem {
  const isFile = typeof value === 'object' && value !== null && Object.hasOwn(value, 'data');
  return isFile ? readFileItem(value) : readConversation(value);
}

/** How a file begins as it is written; what stands between is white space that somebody may have added. */
const FILE_BEGINNING = /^\{\s*"hash"\s*:\s*"([0-9a-f]{64})"\s*,\s*"data"\s*:\s*"/;
const FILE_END = /"\s*\}$/;
const QUOTE = 0x22;
/** A multiple of 4, so that pieces of base64 can be read by themselves. */
const PIECE_BYTES = 1_048_576;

/** Reads a file straight from its bytes: as text, a large one would be in memory several times. null: it is written otherwise. */
export function readPlainFile(element: Uint8Array): OwnItem | null {
  const bytes = Buffer.from(element.buffer, element.byteOffset, element.byteLength);
  const beginning = FILE_BEGINNING.exec(bytes.toString('latin1', 0, 512));
  const end = FILE_END.exec(bytes.toString('latin1', Math.max(0, bytes.length - 64)));
  if (beginning === null || end === null) return null;
  const from = beginning[0].length;
  const to = bytes.indexOf(QUOTE, from);
  if (to !== bytes.length - end[0].length) return null;
  return toFile(beginning[1] ?? '', decode(bytes.subarray(from, to)));
}

function decode(base64: Buffer): Uint8Array {
  const padding = /=*$/.exec(base64.toString('latin1', Math.max(0, base64.length - 2)))?.[0].length ?? 0;
  // Of its own memory, so that it can be handed to another thread without a copy.
  const bytes = new Uint8Array(Math.floor(((base64.length - padding) * 3) / 4));
  const target = Buffer.from(bytes.buffer);
  let length = 0;
  for (let at = 0; at < base64.length; at += PIECE_BYTES)
    length += target.write(
      base64.toString('latin1', at, Math.min(at + PIECE_BYTES, base64.length)),
      length,
      'base64',
    );
  // Shorter where a sign is none of base64: then its hash is not right either.
  return length === bytes.length ? bytes : bytes.slice(0, length);
}

function readFileItem(value: object): OwnItem {
  const parsed = fileItemSchema.safeParse(value);
  if (!parsed.success) return { kind: 'problem', item: 'file', problem: 'wrong-shape' };
  return toFile(parsed.data.hash, Uint8Array.from(Buffer.from(parsed.data.data, 'base64')));
}

function toFile(hash: string, bytes: Uint8Array): OwnItem {
  const isWhole = createHash('sha256').update(bytes).digest('hex') === hash;
  if (!isWhole) return { kind: 'problem', item: 'file', problem: 'wrong-shape' };
  return { kind: 'file', hash, bytes, sniffed: sniffFile(bytes) };
}

function readConversation(value: unknown): OwnItem {
  const parsed = transferredConversationSchema.safeParse(value);
  if (!parsed.success) {
    const hasNone = typeof value === 'object' && value !== null && !Object.hasOwn(value, 'messages');
    return { kind: 'problem', item: 'conversation', problem: hasNone ? 'no-messages' : 'wrong-shape' };
  }
  if (findTreeProblem(parsed.data) !== null)
    return { kind: 'problem', item: 'conversation', problem: 'broken-tree' };
  return { kind: 'conversation', conversation: parsed.data };
}

/**
 * The conversation without those of its files that are not what it says they are. One whose bytes did not come along stays: it
 * is shown as missing, as it was before.
 */
export function withoutFalseFiles(
  conversation: TransferredConversation,
  files: ReadonlyMap<string, SniffedFile>,
): { readonly conversation: TransferredConversation; readonly falseCount: number } {
  let falseCount = 0;
  const messages = conversation.messages.map((message) => {
    const attachments = message.attachments.filter((each) => isTrue(each, files.get(each.hash)));
    falseCount += message.attachments.length - attachments.length;
    return attachments.length === message.attachments.length ? message : { ...message, attachments };
  });
  return { conversation: falseCount === 0 ? conversation : { ...conversation, messages }, falseCount };
}

/** Whether a file of a conversation has not been met, be it that it comes later or not at all. */
export function isWaitingForFiles(
  { messages }: TransferredConversation,
  files: ReadonlyMap<string, SniffedFile>,
): boolean {
  return messages.some(({ attachments }) => attachments.some(({ hash }) => !files.has(hash)));
}

function isTrue(attachment: TransferredAttachment, file: SniffedFile | undefined): boolean {
  const { kind, mediaType, byteCount } = attachment;
  const isPossible =
    kind === 'image'
      ? mediaType.startsWith('image/')
      : kind === 'pdf'
        ? mediaType === 'application/pdf'
        : !mediaType.startsWith('image/');
  if (!isPossible || file === undefined) return isPossible;
  if (file.kind !== kind || file.byteCount !== byteCount) return false;
  return kind !== 'image' || isTruePicture(attachment, file);
}

function isTruePicture(
  { mediaType, width, height }: TransferredAttachment,
  { mediaType: found, size }: SniffedFile,
): boolean {
  return mediaType === found && size !== null && size.width === width && size.height === height;
}
