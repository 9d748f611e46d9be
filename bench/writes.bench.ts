import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { temporaryFolder } from '../tests/harness/temporary-folder.ts';
import { openHere } from '../tests/integration/history/history-lab.ts';
import { startOf } from '../tests/integration/history/open-test-history.ts';
import { makeLargeHistory } from './large-history.ts';
import { bytesWritten, interleave, type Bench } from './measure.ts';

const ANSWER_BYTES = 200_000;
const FLUSH_BYTES = 512;
const FLUSHES = Math.ceil(ANSWER_BYTES / FLUSH_BYTES);

/** Bytes written while an answer of 200 kB arrives in pieces of 512 B and is saved, over the bytes of the answer. */
export const bench: Bench = async ({ rounds, say }) => {
  const folder = temporaryFolder();
  const empty = path.join(folder.path, 'empty', 'history.sqlite');
  openHere(empty).close();
  const { file: large } = makeLargeHistory(path.join(folder.path, 'large', 'history.sqlite'), 100_000, say);
  say('writes: four ways to keep an answer');
  const measured = await interleave(rounds, {
    ours: () => chunkRows(empty),
    large: () => chunkRows(large),
    updates: () => updatePerFlush(path.join(folder.path, 'updates.sqlite')),
    json: () => jsonPerFlush(path.join(folder.path, 'history.json')),
  });
  folder.remove();
  const what = 'bytes written per byte of a streamed 200 kB answer';
  return [
    {
      what,
      unit: 'x',
      ours: measured.ours,
      baseline: measured.json,
      against: 'one JSON file rewritten per flush',
      goal: { of: 'ours', max: 20 },
    },
    {
      what,
      unit: 'x',
      ours: measured.ours,
      baseline: measured.updates,
      against: 'UPDATE of the row per flush',
      goal: null,
    },
    {
      what: `${what}, beside 100,000 messages`,
      unit: 'x',
      ours: measured.large,
      baseline: measured.ours,
      against: 'the same with an empty history',
      goal: { of: 'ratio', max: 1.1 },
    },
  ];
};

/** The history itself: rows, collapse, index, and the log brought into the database at the end. */
function chunkRows(file: string): number {
  const history = openHere(file);
  const start = startOf(randomUUID());
  const { id: messageId } = start.assistantMessage;
  const before = bytesWritten();
  history.startReply(start);
  for (let flush = 0; flush < FLUSHES; flush += 1) history.appendChunk(messageId, piece(flush));
  history.endReply({ messageId, state: 'done', error: null, usage: null, endedAt: 1 });
  history.close();
  return (bytesWritten() - before) / ANSWER_BYTES;
}

function updatePerFlush(file: string): number {
  const database = new DatabaseSync(file);
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE IF NOT EXISTS m (id INTEGER PRIMARY KEY, text TEXT)',
  );
  const { lastInsertRowid: id } = database.prepare(`INSERT INTO m (text) VALUES ('')`).run();
  const update = database.prepare('UPDATE m SET text = text || ? WHERE id = ?');
  const before = bytesWritten();
  for (let flush = 0; flush < FLUSHES; flush += 1) update.run(piece(flush), id);
  database.close();
  return (bytesWritten() - before) / ANSWER_BYTES;
}

function jsonPerFlush(file: string): number {
  const conversation = { messages: [{ role: 'assistant', text: '' }] };
  const before = bytesWritten();
  for (let flush = 0; flush < FLUSHES; flush += 1) {
    const [message] = conversation.messages;
    if (message !== undefined) message.text += piece(flush);
    writeFileSync(file, JSON.stringify(conversation));
  }
  return (bytesWritten() - before) / ANSWER_BYTES;
}

function piece(flush: number): string {
  return `word${flush} `.repeat(FLUSH_BYTES).slice(0, FLUSH_BYTES);
}
