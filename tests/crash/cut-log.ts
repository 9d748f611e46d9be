import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import {
  copyHistory,
  integrityOf,
  NOW,
  openHere,
  removeHistory,
  toEnd,
} from '../integration/history/history-lab.ts';
import { startOf } from '../integration/history/open-test-history.ts';
import { temporaryFolder } from '../harness/temporary-folder.ts';

/** What opening a database came to whose log ends anywhere. */
export interface CutReport {
  readonly cuts: number;
  readonly frames: number;
  readonly corruptDatabases: number;
  readonly lostSteps: number;
}

const HEADER_BYTES = 32;
const FRAME_BYTES = 24 + 4_096;

/** Cuts the log of a scripted run at every frame and inside it (or at every n-th), as a power cut may, and opens what is left. */
export function cutLog(every = 1): CutReport {
  const folder = temporaryFolder();
  const original = path.join(folder.path, 'original', 'history.sqlite');
  const steps = record(original);
  const logBytes = statSync(`${original}-wal`).size;
  const frames = Math.floor((logBytes - HEADER_BYTES) / FRAME_BYTES);
  const report = { cuts: 0, frames, corruptDatabases: 0, lostSteps: 0 };
  const file = path.join(folder.path, 'cut', 'history.sqlite');
  mkdirSync(path.dirname(file));
  for (let frame = 0; frame <= frames; frame += every) {
    for (const inside of [0, 1, 24, 2_000, FRAME_BYTES - 1]) {
      const bytes = Math.min(HEADER_BYTES + frame * FRAME_BYTES + inside, logBytes);
      removeHistory(file);
      copyHistory(original, file);
      truncateSync(`${file}-wal`, bytes);
      report.cuts += 1;
      const database = openHere(file);
      if (database.startReport().repair !== null) report.corruptDatabases += 1;
      // A step is whole in the log once the log is as long as it was when the step returned.
      report.lostSteps += steps.filter((step) => step.logBytes <= bytes && !step.isThere(database)).length;
      database.close();
      if (integrityOf(file) !== 'ok') report.corruptDatabases += 1;
    }
  }
  folder.remove();
  return report;
}

interface Step {
  readonly logBytes: number;
  readonly isThere: (database: ReturnType<typeof openHere>) => boolean;
}

/** Questions, chunks, ends, a continued answer and a deletion, and how long the log was after each. Leaves the log as it is. */
function record(file: string): Step[] {
  openHere(file).close();
  // While somebody reads, the log is neither brought into the database nor begun anew.
  const reader = new DatabaseSync(file, { readOnly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM messages').get();
  const database = openHere(file);
  const steps: Step[] = [];
  const did = (isThere: Step['isThere']): void => {
    steps.push({ logBytes: readFileSync(`${file}-wal`).length, isThere });
  };
  for (let index = 0; index < 4; index += 1) {
    const start = startOf(randomUUID(), `question ${index} ${'words '.repeat(index * 300)}`);
    const { id } = start.assistantMessage;
    database.startReply(start);
    did((found) => found.findMessage(start.userMessage.id)?.text === start.userMessage.text);
    let text = '';
    for (let chunk = 0; chunk < 6; chunk += 1) {
      const piece = `chunk ${chunk} ${'x'.repeat(chunk * 400)} `;
      text += piece;
      const soFar = text;
      database.appendChunk(id, piece);
      did((found) => (found.findMessage(id)?.text ?? '').startsWith(soFar));
    }
    const whole = text;
    database.endReply({ messageId: id, state: 'done', error: null, usage: null, endedAt: NOW });
    did((found) => found.findMessage(id)?.text === whole);
  }
  return steps;
}

/** For a reader who wonders whether anything could be lost at all: the same run without its log. */
export function cutWholeLog(): number {
  const folder = temporaryFolder();
  const file = path.join(folder.path, 'original', 'history.sqlite');
  const steps = record(file);
  const copy = path.join(folder.path, 'history.sqlite');
  copyHistory(file, copy);
  truncateSync(`${copy}-wal`, 0);
  const database = openHere(copy);
  const lost = steps.filter((step) => !step.isThere(database)).length;
  toEnd(database.purgeRemoved(0));
  database.close();
  folder.remove();
  return lost;
}
