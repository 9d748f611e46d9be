import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSource } from '../../../electron/core/transfer/source/open-source.ts';
import { ImportStage } from '../../../electron/core/history/transfer/import-stage.ts';
import { FileImport } from '../../../electron/core/transfer/import-files.ts';
import { writeMarkdown } from '../../../electron/core/transfer/markdown/write-markdown.ts';
import { writeExport } from '../../../electron/core/transfer/own/write-export.ts';
import { TransferCancelled } from '../../../electron/core/transfer/transfer-context.ts';
import { createTestCore } from '../../harness/create-test-core.ts';
import { idOf, makeChatGPTConversation } from '../../harness/make-chatgpt-export.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';
import { testPolicy } from '../../harness/test-policy.ts';
import { integrityOf, NOW, openHere, toEnd } from '../history/history-lab.ts';
import { startOf } from '../history/open-test-history.ts';
import { contextOf, countRows, importHere } from './import-here.ts';

let folder: ReturnType<typeof temporaryFolder>;
let databaseFile: string;

beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(path.join(folder.path, 'profile'));
  databaseFile = path.join(folder.path, 'profile', 'history.sqlite');
});

afterEach(() => folder.remove());

function at(name: string): string {
  return path.join(folder.path, name);
}

/** Conversations of ChatGPT's in a file. */
function writeConversations(count: number, titles: readonly string[] = []): string {
  const items = Array.from({ length: count }, (_, number) => ({
    ...makeChatGPTConversation(number),
    ...(titles[number] === undefined ? {} : { title: titles[number] }),
  }));
  writeFileSync(at('conversations.json'), JSON.stringify(items));
  return at('conversations.json');
}

/** Throws at the `n`-th time that somebody asks whether to go on. */
function cancelAt(n: number): { assertGoesOn: () => void; readonly hasCancelled: () => boolean } {
  let asked = 0;
  return {
    assertGoesOn() {
      asked += 1;
      if (asked === n) throw new TransferCancelled();
    },
    hasCancelled: () => asked >= n,
  };
}

describe('an export as Markdown', () => {
  it('of all conversations is a folder with a file each, under names that no system minds', async () => {
    const database = openHere(databaseFile);
    await importHere(database, databaseFile, [writeConversations(4, ['Same', 'same', '../../x', 'a/b: c?'])]);
    const report = await writeMarkdown(contextOf(databaseFile), at('notes'), null);
    expect(report).toMatchObject({ conversationCount: 4, messageCount: 4 * 6, name: 'notes' });
    const day = new Date(1_700_000_000_500).toISOString().slice(0, 10);
    expect(readdirSync(at('notes')).sort()).toEqual(
      [`${day} ..-..-x.md`, `${day} Same.md`, `${day} a-b_ c_.md`, `${day} same (2).md`].sort(),
    );
    expect(readFileSync(path.join(at('notes'), `${day} Same.md`), 'utf8')).toContain('## Tool: python');
    database.close();
  });

  it('never writes into a folder that is there, and leaves nothing when it is cancelled', async () => {
    const database = openHere(databaseFile);
    await importHere(database, databaseFile, [writeConversations(5)]);
    mkdirSync(at('notes'));
    await expect(writeMarkdown(contextOf(databaseFile), at('notes'), null)).rejects.toMatchObject({
      code: 'transfer/unwritable',
    });
    const context = contextOf(databaseFile, cancelAt(3));
    await expect(writeMarkdown(context, at('more'), null)).rejects.toBeInstanceOf(TransferCancelled);
    expect(readdirSync(folder.path).sort()).toEqual(['conversations.json', 'notes', 'profile']);
    database.close();
  });
});

describe('an export beside files of the person', () => {
  it.each([
    ['of all conversations', null, 'notes'],
    ['of one conversation', idOf('conversation-1'), 'notes.md'],
    ['as JSON', undefined, 'notes.json'],
  ])('%s touches nothing but its target, whether it succeeds or not', async (_name, id, target) => {
    const database = openHere(databaseFile);
    await importHere(database, databaseFile, [writeConversations(3)]);
    mkdirSync(at(`${target}.partial`));
    writeFileSync(at(`${target}.partial/thesis.txt`), 'precious');
    const before = readdirSync(folder.path, { recursive: true });
    const write = (context: ReturnType<typeof contextOf>) =>
      id === undefined ? writeExport(context, at(target)) : writeMarkdown(context, at(target), id);
    const full = {
      report: () => {
        throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      },
    };
    await expect(write(contextOf(databaseFile, full))).rejects.toMatchObject({ code: 'storage/full' });
    expect(readdirSync(folder.path, { recursive: true })).toEqual(before);
    await write(contextOf(databaseFile));
    expect(readFileSync(at(`${target}.partial/thesis.txt`), 'utf8')).toBe('precious');
    expect(readdirSync(folder.path)).toHaveLength(4);
    database.close();
  });
});

describe('a transfer in trouble', () => {
  it('leaves the former file and nothing half when the disk is full', async () => {
    const database = openHere(databaseFile);
    await importHere(database, databaseFile, [writeConversations(5)]);
    writeFileSync(at('one.json'), 'former');
    const before = readdirSync(folder.path);
    const report = ({ done }: { readonly done: number }) => {
      if (done === 3) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    };
    await expect(writeExport(contextOf(databaseFile, { report }), at('one.json'))).rejects.toMatchObject({
      code: 'storage/full',
    });
    expect(readFileSync(at('one.json'), 'utf8')).toBe('former');
    expect(readdirSync(folder.path)).toEqual(before);
    database.close();
  });

  it('leaves nothing wherever an import or an export is cancelled', async () => {
    const database = openHere(databaseFile);
    const source = writeConversations(3);
    for (let n = 1; ; n += 1) {
      const context = cancelAt(n);
      const outcome = await importHere(database, databaseFile, [source], context).catch(
        (error: unknown) => error,
      );
      if (!context.hasCancelled()) break;
      expect(outcome).toBeInstanceOf(TransferCancelled);
      expect(database.listConversations()).toEqual([]);
      expect(readdirSync(path.dirname(databaseFile)).filter((name) => name.includes('stage'))).toEqual([]);
    }
    expect(database.listConversations()).toHaveLength(3);
    for (let n = 1; ; n += 1) {
      const context = cancelAt(n);
      await writeExport(contextOf(databaseFile, context), at('one.json')).catch((error: unknown) => error);
      if (!context.hasCancelled()) break;
      expect(readdirSync(folder.path).sort()).toEqual(['conversations.json', 'profile']);
    }
    database.close();
  });

  it('merges all of an import or nothing', async () => {
    const database = openHere(databaseFile);
    const source = await openSource([writeConversations(4)]);
    const stage = new ImportStage(at('stage'), databaseFile);
    await new FileImport(contextOf(databaseFile), { source, stage, now: NOW }).run();
    stage.finish();
    stage.close();
    // Between staging and merging a message with an id of the third conversation appears.
    const start = startOf(idOf('another'));
    database.startReply({
      ...start,
      userMessage: { ...start.userMessage, id: idOf('2-question') },
      assistantMessage: { ...start.assistantMessage, parentId: idOf('2-question') },
    });
    expect(() => toEnd(database.mergeImport(at('stage')))).toThrow(
      expect.objectContaining({ code: 'storage/failed' }),
    );
    expect(database.listConversations().map(({ id }) => id)).toEqual([idOf('another')]);
    toEnd(database.purgeRemoved(0));
    expect(countRows(databaseFile)).toEqual({ conversations: 1, messages: 2, attachments: 0 });
    database.close();
    expect(integrityOf(databaseFile)).toBe('ok');
  });

  it('indexes and forgets imported messages exactly once, also when they are deleted before their turn', async () => {
    const database = openHere(databaseFile);
    const start = startOf(idOf('own'), 'a question of my own');
    database.startReply(start);
    await importHere(database, databaseFile, [writeConversations(30)]);
    database.endReply({
      messageId: start.assistantMessage.id,
      state: 'done',
      error: null,
      usage: null,
      endedAt: 5,
    });
    database.removeConversation(idOf('conversation-3'), NOW);
    expect(toEnd(database.purgeRemoved(NOW))).toBe(1);
    while (database.advanceIndex());
    const ask = (query: string) =>
      toEnd(
        database.search({
          query,
          role: null,
          model: null,
          conversationId: null,
          from: null,
          to: null,
          offset: 0,
          limit: 50,
        }),
      );
    expect(ask('picture')).toMatchObject({ total: 9, isIndexComplete: true });
    expect(ask('question of my own').total).toBe(1);
    database.removeConversation(idOf('conversation-6'), NOW);
    toEnd(database.purgeRemoved(NOW));
    expect(ask('picture').total).toBe(8);
    database.close();
    expect(integrityOf(databaseFile)).toBe('ok');
  });
});

describe('a policy that forbids exports', () => {
  it('refuses every export before a dialog opens', async () => {
    const core = await createTestCore({ folder: at('managed'), policy: testPolicy({ allowsExport: false }) });
    for (const form of ['json', 'markdown'] as const)
      expect(await core.call('transfer.export', { form, conversationId: null })).toMatchObject({
        ok: false,
        error: { code: 'policy/export' },
      });
    expect(core.desktop.exportNames).toEqual([]);
    await core.stop();
  });
});
