import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { searchRequestSchema } from '../../../electron/contract/model/search.ts';
import type { HistoryDatabase } from '../../../electron/core/history/history-database.ts';
import { ImportStage } from '../../../electron/core/history/transfer/import-stage.ts';
import { FileImport } from '../../../electron/core/transfer/import-files.ts';
import { writeExport } from '../../../electron/core/transfer/own/write-export.ts';
import { openSource } from '../../../electron/core/transfer/source/open-source.ts';
import { fillProfile } from '../../harness/fill-profile.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';
import { openTransferWorld } from '../../harness/transfer-world.ts';
import { integrityOf, jobHere, NOW, openHere, toEnd } from '../history/history-lab.ts';
import { openTestHistory, startOf } from '../history/open-test-history.ts';
import { contextOf, countRows } from './import-here.ts';

const PLAN = { conversations: 6, messages: 350, seed: 3 };

let folder: ReturnType<typeof temporaryFolder>;
let databaseFile: string;
let source: string;

beforeEach(async () => {
  folder = temporaryFolder();
  mkdirSync(path.join(folder.path, 'profile'));
  databaseFile = path.join(folder.path, 'profile', 'history.sqlite');
  openHere(at('filled.sqlite')).close();
  fillProfile(at('filled.sqlite'), PLAN);
  source = at('source.json');
  await writeExport(contextOf(at('filled.sqlite')), source);
  openHere(databaseFile).close();
});

afterEach(() => folder.remove());

function at(name: string): string {
  return path.join(folder.path, name);
}

/** Reads the source into a stage, ready to be merged. */
async function stage(): Promise<string> {
  const file = at('stage.sqlite');
  rmSync(file, { force: true });
  const opened = await openSource([source]);
  const filled = new ImportStage(file, databaseFile);
  // The pictures of the source have no bytes: what is told of them comes along.
  await new FileImport(contextOf(databaseFile), { source: opened, stage: filled, now: NOW }).run();
  filled.finish();
  filled.close();
  await opened.close();
  return file;
}

async function exported(): Promise<string> {
  await writeExport(contextOf(databaseFile), at('again.json'));
  return readFileSync(at('again.json'), 'utf8');
}

function countHits(database: HistoryDatabase, query: string): number {
  const request = searchRequestSchema.parse({ query });
  return toEnd(database.search(request)).total;
}

const NOTHING = { conversations: 0, messages: 0, attachments: 0 };

/** What is seen of a merge that ends after some of its steps, and of what is left of it. */
interface Cut {
  readonly end: 'stop' | 'crash';
  readonly isWhole: boolean;
  readonly hiddenCount: number;
  readonly shownCount: number;
  readonly hitCount: number;
  /** Of an export after the next start. */
  readonly content: string;
  readonly purgedCount: number;
  readonly left: Readonly<Record<string, number>>;
}

/** Ends a merge after `n` steps, starts again, and deletes all of it. */
async function cutAfter(n: number, end: Cut['end']): Promise<Cut> {
  const database = openHere(databaseFile);
  const merge = database.mergeImport(await stage());
  let isWhole = false;
  for (let taken = 0; taken < n && !isWhole; taken += 1) isWhole = merge.next().done === true;
  const hiddenCount = countRows(databaseFile)['conversations'] ?? 0;
  const shownCount = database.listConversations().length;
  if (!isWhole) while (database.advanceIndex());
  const hitCount = countHits(database, 'index');
  if (end === 'stop') database.stopImport();
  if (end === 'stop' && !isWhole && toEnd(merge) !== null) throw new Error('it went on');
  database.close();
  const reopened = openHere(databaseFile);
  reopened.interruptUnfinished();
  const content = await exported();
  for (const { id } of reopened.listConversations()) reopened.removeConversation(id, 1);
  const purgedCount = toEnd(reopened.purgeRemoved(1));
  reopened.attachments.purge([]);
  reopened.close();
  jobHere(databaseFile, { kind: 'purge-backups' });
  return {
    end,
    isWhole,
    hiddenCount,
    shownCount,
    hitCount,
    content,
    purgedCount,
    left: countRows(databaseFile),
  };
}

describe('an import that is being merged', () => {
  it('shows nothing before its last step, and leaves nothing when it is stopped or the program ends before', async () => {
    const cut: Cut[] = [];
    for (const end of ['stop', 'crash'] as const) {
      for (let n = 1; cut.at(-1)?.isWhole !== true || cut.at(-1)?.end !== end; n += end === 'stop' ? 1 : 3)
        cut.push(await cutAfter(n, end));
    }
    const whole = cut.filter(({ isWhole }) => isWhole);
    expect(whole.map(({ content }) => content)).toEqual(Array(2).fill(readFileSync(source, 'utf8')));
    const cutShort = cut.filter(({ isWhole }) => !isWhole);
    expect(cutShort.length).toBeGreaterThan(6);
    for (const each of cutShort) {
      expect(each).toMatchObject({ hiddenCount: PLAN.conversations, shownCount: 0, hitCount: 0 });
      expect(JSON.parse(each.content)).toMatchObject({ conversations: [] });
    }
    for (const each of cut) expect(each).toMatchObject({ purgedCount: PLAN.conversations, left: NOTHING });
    expect(integrityOf(databaseFile)).toBe('ok');
  });

  it('cannot be shown in part, not by Undo either', async () => {
    const database = openHere(databaseFile);
    const merge = database.mergeImport(await stage());
    merge.next();
    merge.next();
    const { conversations } = JSON.parse(readFileSync(source, 'utf8')) as { conversations: { id: string }[] };
    for (const { id } of conversations)
      expect(() => database.restoreConversation(id)).toThrow(
        expect.objectContaining({ code: 'chat/not-found' }),
      );
    expect(toEnd(database.purgeRemoved(NOW))).toBe(0);
    expect(toEnd(merge)).toEqual({ conversationCount: PLAN.conversations, messageCount: PLAN.messages });
    expect(database.listConversations()).toHaveLength(PLAN.conversations);
    database.close();
  });

  it('lets others write in between, and all of it is found once the index has caught up', async () => {
    const database = openHere(databaseFile);
    const merge = database.mergeImport(await stage());
    const own: string[] = [];
    for (let step = merge.next(); step.done !== true; step = merge.next()) {
      const start = startOf(randomUUID(), 'interjected');
      database.startReply(start);
      database.endReply({
        messageId: start.assistantMessage.id,
        state: 'done',
        error: null,
        usage: null,
        endedAt: 5,
      });
      own.push(start.userMessage.conversationId);
      database.advanceIndex();
    }
    expect(countHits(database, 'interjected')).toBe(own.length);
    while (database.advanceIndex());
    expect(countHits(database, 'interjected')).toBe(own.length);
    const found = countHits(database, 'index');
    expect(found).toBeGreaterThan(PLAN.messages / 4);
    for (const { id } of database.listConversations()) database.removeConversation(id, 1);
    toEnd(database.purgeRemoved(1));
    expect(countHits(database, 'index') + countHits(database, 'interjected')).toBe(0);
    database.close();
    expect(integrityOf(databaseFile)).toBe('ok');
  });

  it('is answered after what was asked meanwhile, and its messages are indexed by the worker', async () => {
    const history = await openTestHistory(databaseFile);
    const order: string[] = [];
    await Promise.all([
      history.mergeImport(await stage()).then(() => order.push('merged')),
      history.writeDraft(null, 'a draft').then(() => order.push('saved')),
    ]);
    expect(order).toEqual(['saved', 'merged']);
    expect(await history.listConversations()).toHaveLength(PLAN.conversations);
    await expect
      .poll(
        async () => (await history.search(searchRequestSchema.parse({ query: 'index' }))).isIndexComplete,
        {
          timeout: 20_000,
        },
      )
      .toBe(true);
    await history.close();
  });

  it('is cancelled while it is saved, like before, and can come again', async () => {
    rmSync(at('filled.sqlite'));
    openHere(at('filled.sqlite')).close();
    fillProfile(at('filled.sqlite'), { ...PLAN, messages: 4_000 });
    await writeExport(contextOf(at('filled.sqlite')), source);
    const { core, importFiles, importWell } = await openTransferWorld(path.dirname(databaseFile));
    const stop = core.events.subscribe(({ name, payload }) => {
      if (name !== 'transfer.changed' || payload.kind !== 'running' || payload.progress.phase !== 'saving')
        return;
      stop();
      // The merge has been asked for by then.
      setImmediate(() => void core.call('transfer.cancel', {}));
    });
    expect(await importFiles(source)).toEqual({ kind: 'cancelled' });
    expect(await core.get('conversations.list', {})).toEqual([]);
    await expect.poll(() => countRows(databaseFile), { timeout: 20_000 }).toMatchObject({ messages: 0 });
    expect(await importWell(source)).toMatchObject({
      importedCount: PLAN.conversations,
      messageCount: 4_000,
    });
    expect(await core.get('conversations.list', {})).toHaveLength(PLAN.conversations);
    await core.stop();
  });

  it('that the program’s end cuts short is gone after the next start', async () => {
    const history = await openTestHistory(databaseFile);
    const merged = Promise.allSettled([history.mergeImport(await stage())]);
    await history.close();
    expect(await merged).toMatchObject([{ status: 'rejected', reason: { code: 'storage/failed' } }]);
    const { core } = await openTransferWorld(path.dirname(databaseFile));
    expect(await core.get('conversations.list', {})).toEqual([]);
    await expect.poll(() => countRows(databaseFile)).toMatchObject({ conversations: 0, messages: 0 });
    await core.stop();
  });
});
