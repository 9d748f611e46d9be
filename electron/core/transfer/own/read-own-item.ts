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

function readFileItem(value: object): OwnItem {
  const parsed = fileItemSchema.safeParse(value);
  if (!parsed.success) return { kind: 'problem', item: 'file', problem: 'wrong-shape' };
  const bytes = Buffer.from(parsed.data.data, 'base64');
  const isWhole = createHash('sha256').update(bytes).digest('hex') === parsed.data.hash;
  if (!isWhole) return { kind: 'problem', item: 'file', problem: 'wrong-shape' };
  return { kind: 'file', hash: parsed.data.hash, bytes, sniffed: sniffFile(bytes) };
}

function readConversation(value: unknown): OwnItem {
  const parsed = transferredConversationSchema.safeParse(value);
  if (!parsed.success) return { kind: 'problem', item: 'conversation', problem: 'wrong-shape' };
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

function isTrue(
  { kind, mediaType, byteCount }: TransferredAttachment,
  file: SniffedFile | undefined,
): boolean {
  const isPossible =
    kind === 'image'
      ? mediaType.startsWith('image/')
      : kind === 'pdf'
        ? mediaType === 'application/pdf'
        : !mediaType.startsWith('image/');
  if (!isPossible || file === undefined) return isPossible;
  return (
    file.kind === kind && file.byteCount === byteCount && (kind !== 'image' || file.mediaType === mediaType)
  );
}
