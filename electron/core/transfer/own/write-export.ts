import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { ExportReport } from '../../../contract/model/transfer.ts';
import { HistorySnapshot, type SnapshotConversation } from '../../history/transfer/history-snapshot.ts';
import { headToJson, messageToJson } from '../../history/transfer/transferred.ts';
import type { TransferContext } from '../transfer-context.ts';
import { writeAside } from '../write-aside.ts';
import { OWN_FORMAT, OWN_VERSION } from './own-format.ts';

/** So much is gathered before it is written. */
const WRITE_LENGTH = 256 * 1_024;
/** A multiple of 3, so that pieces of base64 fit together. */
const BASE64_BYTES = 3 * 64 * 1_024;

/** Writes all conversations to a file: under another name until it is whole. Throws `storage/*`. */
export async function writeExport(context: TransferContext, target: string): Promise<ExportReport> {
  const snapshot = new HistorySnapshot(context.databaseFile);
  try {
    const counts = await writeAside(target, (partial) => writeFile(context, snapshot, partial));
    return { kind: 'export', name: path.basename(target), ...counts };
  } finally {
    snapshot.close();
  }
}

type Counts = Pick<ExportReport, 'conversationCount' | 'messageCount' | 'missingFileCount'>;

async function writeFile(context: TransferContext, snapshot: HistorySnapshot, to: string): Promise<Counts> {
  const file = await open(to, 'wx', 0o600);
  try {
    const counts = await writeDocument(context, snapshot, new TextSink(file));
    await file.sync();
    context.assertGoesOn();
    return counts;
  } finally {
    await file.close();
  }
}

async function writeDocument(
  context: TransferContext,
  snapshot: HistorySnapshot,
  sink: TextSink,
): Promise<Counts> {
  const total = snapshot.count();
  context.report({ phase: 'writing', unit: 'conversations', done: 0, total });
  await sink.write(`{"format":${JSON.stringify(OWN_FORMAT)},"version":${OWN_VERSION},"files":[`);
  const missingFileCount = await writeFiles(context, snapshot, sink);
  await sink.write('],"conversations":[');
  let conversationCount = 0;
  let messageCount = 0;
  for (const conversation of snapshot.conversations()) {
    context.assertGoesOn();
    await sink.write(conversationCount === 0 ? '\n' : ',\n');
    messageCount += await writeConversation(context, conversation, sink);
    conversationCount += 1;
    context.report({ phase: 'writing', unit: 'conversations', done: conversationCount, total });
  }
  await sink.write(conversationCount === 0 ? ']}\n' : '\n]}\n');
  await sink.flush();
  return { conversationCount, messageCount, missingFileCount };
}

async function writeConversation(
  context: TransferContext,
  { head, messages }: SnapshotConversation,
  sink: TextSink,
): Promise<number> {
  await sink.write(headToJson(head));
  let count = 0;
  for (const message of messages()) {
    context.assertGoesOn();
    await sink.write(count === 0 ? messageToJson(message) : `,${messageToJson(message)}`);
    count += 1;
  }
  await sink.write(']}');
  return count;
}

/** Files come first, so that whoever reads the document has them when a conversation names one. */
async function writeFiles(
  context: TransferContext,
  snapshot: HistorySnapshot,
  sink: TextSink,
): Promise<number> {
  let missingCount = 0;
  let count = 0;
  for (const hash of snapshot.hashes()) {
    context.assertGoesOn();
    const bytes = await context.readFile(hash);
    if (bytes === null) {
      missingCount += 1;
      continue;
    }
    await sink.write(`${count === 0 ? '\n' : ',\n'}{"hash":"${hash}","data":"`);
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < buffer.length; at += BASE64_BYTES)
      await sink.write(buffer.toString('base64', at, Math.min(at + BASE64_BYTES, buffer.length)));
    await sink.write('"}');
    count += 1;
  }
  if (count > 0) await sink.write('\n');
  return missingCount;
}

/** Text on its way to a file, in large pieces. */
class TextSink {
  readonly #file: FileHandle;
  #pieces: string[] = [];
  #length = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async write(text: string): Promise<void> {
    this.#pieces.push(text);
    this.#length += text.length;
    if (this.#length >= WRITE_LENGTH) await this.flush();
  }

  async flush(): Promise<void> {
    const bytes = Buffer.from(this.#pieces.join(''), 'utf8');
    this.#pieces = [];
    this.#length = 0;
    // `writeFile` on a handle goes on where the last write ended, and writes all of it.
    await this.#file.writeFile(bytes);
  }
}
