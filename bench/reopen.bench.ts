import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { temporaryFolder } from '../tests/harness/temporary-folder.ts';
import { openHere } from '../tests/integration/history/history-lab.ts';
import { startOf } from '../tests/integration/history/open-test-history.ts';
import { makeLargeHistory } from './large-history.ts';
import { cpuMs, interleave, type Bench } from './measure.ts';

/** Opening a history of 100,000 messages until its first conversation is read: after a clean end, and after kill -9. */
export const bench: Bench = async ({ rounds, say }) => {
  const folder = temporaryFolder();
  const file = path.join(folder.path, 'history.sqlite');
  makeLargeHistory(file, 100_000, say);
  const killed = path.join(folder.path, 'killed', 'history.sqlite');
  leaveKilled(file, killed);
  const reopened = path.join(folder.path, 'reopened.sqlite');
  const empty = path.join(folder.path, 'empty', 'history.sqlite');
  openHere(empty).close();
  say('reopen');
  const measured = await interleave(Math.max(rounds, 9), {
    clean: () => firstRows(file),
    killed: () => {
      // Both files: an older log over a database that went on would be damage.
      copyFileSync(killed, reopened);
      copyFileSync(`${killed}-wal`, `${reopened}-wal`);
      rmSync(`${reopened}-shm`, { force: true });
      return firstRows(reopened);
    },
    empty: () => firstRows(empty),
    check: () => quickCheck(file),
  });
  folder.remove();
  return [
    {
      what: 'reopen 100,000 messages after kill -9, to the first 50 rows',
      unit: 'ms',
      ours: measured.killed,
      baseline: measured.clean,
      against: 'reopen after a clean end',
      goal: { of: 'ratio', max: 2 },
    },
    {
      what: 'reopen 100,000 messages',
      unit: 'ms',
      ours: measured.clean,
      baseline: measured.empty,
      against: 'an empty history',
      goal: null,
    },
    {
      what: 'reopen 100,000 messages',
      unit: 'ms',
      ours: measured.clean,
      baseline: measured.check,
      against: 'reading it whole first (quick_check)',
      goal: null,
    },
  ];
};

async function firstRows(file: string): Promise<number> {
  let history: ReturnType<typeof openHere> | null = null;
  const taken = await cpuMs(() => {
    history = openHere(file);
    history.interruptUnfinished();
    const [first] = history.listConversations().slice(0, 50);
    if (first !== undefined) history.openConversation(first.id);
  });
  (history as ReturnType<typeof openHere> | null)?.close();
  return taken;
}

/** What a run leaves that is killed in the middle of an answer: the database and its log. */
function leaveKilled(file: string, to: string): void {
  mkdirSync(path.dirname(to));
  const history = openHere(file);
  const start = startOf(randomUUID());
  history.startReply(start);
  for (let chunk = 0; chunk < 200; chunk += 1)
    history.appendChunk(start.assistantMessage.id, `chunk ${chunk} `);
  copyFileSync(file, to);
  copyFileSync(`${file}-wal`, `${to}-wal`);
  history.close();
}

function quickCheck(file: string): Promise<number> {
  const database = new DatabaseSync(file, { readOnly: true });
  return cpuMs(() => database.prepare('PRAGMA quick_check(1)').get()).finally(() => database.close());
}
