import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImportReport } from '../../../electron/contract/model/transfer.ts';
import type { HistoryDatabase } from '../../../electron/core/history/history-database.ts';
import type { TransferContext } from '../../../electron/core/transfer/transfer-context.ts';
import {
  idOf,
  makeChatGPTConversation,
  makeChatGPTDocument,
  MESSAGES_PER_CONVERSATION,
  pictureIdOf,
} from '../../harness/make-chatgpt-export.ts';
import { makeZip, type ZipFile } from '../../harness/make-zip.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';
import { openTransferWorld } from '../../harness/transfer-world.ts';
import { openHere } from '../history/history-lab.ts';
import { importHere } from './import-here.ts';

let folder: ReturnType<typeof temporaryFolder>;
let database: HistoryDatabase;
let databaseFile: string;

beforeEach(() => {
  folder = temporaryFolder();
  databaseFile = path.join(folder.path, 'history.sqlite');
  database = openHere(databaseFile);
});

afterEach(() => {
  database.close();
  folder.remove();
});

function write(name: string, content: string | Uint8Array): string {
  const file = path.join(folder.path, name);
  writeFileSync(file, content);
  return file;
}

function importFile(file: string, more: Partial<TransferContext> = {}): Promise<ImportReport> {
  return importHere(database, databaseFile, [file], more);
}

function documentOf(from: number, to: number): string {
  return [...makeChatGPTDocument(from, to)].join('');
}

function openOf(number: number) {
  return database.openConversation(idOf(`conversation-${number}`));
}

/** Stands for the window in which pictures are prepared. */
const keepPicture: TransferContext['keepPicture'] = (bytes, name) =>
  Promise.resolve({
    kind: 'image',
    name: `${name}.png`,
    mediaType: 'image/png',
    byteCount: bytes.byteLength,
    hash: createHash('sha256').update(bytes).digest('hex'),
    width: 4,
    height: 4,
  });

describe("an import of ChatGPT's conversations.json", () => {
  it('brings in branches, tools, thoughts, citations and the path that was shown', async () => {
    const report = await importFile(write('conversations.json', documentOf(0, 4)));
    expect(report).toMatchObject({
      importedCount: 4,
      messageCount: 4 * MESSAGES_PER_CONVERSATION,
      failureCount: 0,
      leftOutMessageCount: 0,
      // The pictures of the first and the last: they are not in this file.
      leftOutFileCount: 2,
    });
    const { conversation, messages } = openOf(1);
    // ChatGPT's own name of a model is nothing to ask a connection for; it stays with what it answered.
    expect(conversation).toMatchObject({ title: 'Chat 1 “about” things', model: null });
    expect(messages.map(({ model }) => model)).toContain('gpt-5-thinking');
    expect(messages.map(({ role, toolName }) => toolName ?? role)).toEqual([
      'user',
      'python',
      'python',
      'assistant',
      'user',
      'assistant',
    ]);
    const answer = messages[3];
    expect(answer).toMatchObject({
      reasoning: '**Looking**\n\nI look at it.',
      citations: [{ url: 'https://example.org/page', title: 'A page', start: 20, end: 20 }],
    });
    expect(answer?.text).not.toMatch(/[\ue200-\ue202]/);
    // The rejected answer is a variant of the call that the thinking model made.
    expect(messages[1]?.variantIds).toHaveLength(2);
    expect(messages.map(({ text }) => text).join()).not.toContain('secret profile');
  });

  it('adds nothing the second time, even when the conversation went on here', async () => {
    const file = write('conversations.json', documentOf(0, 3));
    await importFile(file);
    database.renameConversation(idOf('conversation-1'), 'Renamed');
    expect(await importFile(file)).toMatchObject({ importedCount: 0, alreadyHereCount: 3 });
    expect(database.listConversations()).toHaveLength(3);
  });

  it('says which item failed and imports the rest, whatever is broken', async () => {
    const items = Array.from({ length: 9 }, (_, number) => JSON.stringify(makeChatGPTConversation(number)));
    items[1] = items[1]?.replace('"mapping":', '"mapping":[') ?? '';
    items[3] = '{"title":"No tree","create_time":1}';
    items[4] = '"just text"';
    items[6] = items[6]?.replace('Question 6', 'Question \u00016') ?? '';
    const bytes = Buffer.from(`[${items.join(',')}]`);
    // One byte that no UTF-8 has, inside the last but one.
    bytes[bytes.indexOf('Question 7')] = 0xff;
    const report = await importFile(write('conversations.json', bytes));
    expect(report.failures.map(({ number, title, problem }) => [number, title, problem])).toEqual([
      [2, 'Chat 1 “about” things', 'syntax'],
      [4, 'No tree', 'no-messages'],
      [5, null, 'wrong-shape'],
      [7, 'Chat 6 “about” things', 'syntax'],
      [8, 'Chat 7 “about” things', 'not-utf8'],
    ]);
    expect(report.importedCount).toBe(4);
    for (const number of [0, 2, 5, 8]) expect(openOf(number).messages.length).toBeGreaterThan(0);
  });

  it('takes several files of one export in their order, and names the one that has a fault', async () => {
    const first = write('conversations-000.json', documentOf(0, 2));
    const second = write('conversations-001.json', documentOf(2, 4).replace('"mapping":', '"mapped":'));
    const report = await importHere(database, databaseFile, [second, first]);
    expect(report).toMatchObject({ importedCount: 3, failureCount: 1 });
    expect(report.failures).toMatchObject([{ document: 'conversations-001.json', number: 1 }]);
  });

  it('goes on in this history: a reply can be asked for below what was imported', async () => {
    await importFile(write('conversations.json', documentOf(1, 2)));
    const head = openOf(1).messages.at(-1);
    expect(database.pathTo(head?.id ?? '').map(({ id }) => id)).toEqual(
      openOf(1).messages.map(({ id }) => id),
    );
  });

  it('is told of by growing progress in the app, while a conversation can be opened', async () => {
    const world = await openTransferWorld(path.join(folder.path, 'profile'));
    try {
      const file = write('conversations.json', documentOf(0, 300));
      const ended = world.importFiles(file);
      expect(await world.core.get('conversations.list', {})).toEqual([]);
      expect(await ended).toMatchObject({ kind: 'done', report: { importedCount: 300 } });
      expect(world.core.events.of('conversations.changed').at(-1)).toHaveLength(300);
      const seen = world.core.events
        .of('transfer.changed')
        .flatMap((each) =>
          each.kind === 'running' && each.progress.phase === 'reading' ? [each.progress] : [],
        );
      expect(seen.map(({ done }) => done)).toEqual(seen.map(({ done }) => done).toSorted((a, b) => a - b));
      expect(seen.at(-1)).toMatchObject({ unit: 'bytes', done: seen.at(-1)?.total });
    } finally {
      await world.core.stop();
    }
  });
});

describe("an import of ChatGPT's archive", () => {
  const picture = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(90, 'x')]);
  const conversations = (): ZipFile => ({ name: 'conversations.json', content: documentOf(0, 4) });

  it('finds the pictures of messages by their ids, wherever they lie, and each only once', async () => {
    const asked: string[] = [];
    const file = write(
      'export.zip',
      makeZip([
        { name: 'chat.html', content: '<html></html>' },
        { name: 'user.json', content: '{"email":"somebody@example.org"}' },
        { name: `${pictureIdOf(0)}-my holiday.png`, content: picture },
        { name: `dalle-generations/${pictureIdOf(3)}-1b2c.webp`, content: picture },
        conversations(),
      ]),
    );
    const report = await importFile(file, {
      keepPicture: (bytes, name) => {
        asked.push(name);
        return keepPicture(bytes, name);
      },
    });
    expect(report).toMatchObject({ importedCount: 4, leftOutFileCount: 0 });
    expect(openOf(0).messages[0]?.attachments).toMatchObject([
      { kind: 'image', name: 'Picture 1.png', width: 4 },
    ]);
    expect(openOf(3).messages[0]?.attachments).toHaveLength(1);
    expect(asked).toHaveLength(2);
    expect(await importFile(file, { keepPicture })).toMatchObject({ importedCount: 0, alreadyHereCount: 4 });
  });

  it('has its pictures prepared away from everything else in the app, and they come out and in again', async () => {
    const file = write(
      'export.zip',
      makeZip([conversations(), { name: `${pictureIdOf(0)}-a.png`, content: picture }]),
    );
    const first = await openTransferWorld(path.join(folder.path, 'first'));
    const second = await openTransferWorld(path.join(folder.path, 'second'));
    try {
      expect(await first.importWell(file)).toMatchObject({ importedCount: 4, leftOutFileCount: 1 });
      expect(first.core.imageWindow.openCount).toBe(1);
      await first.exportWell(path.join(folder.path, 'one.json'));
      await second.importWell(path.join(folder.path, 'one.json'));
      // Our own exports hold what was prepared before: it is decoded away from everything else, and its bytes stay as they are.
      expect(second.core.imageWindow.openCount).toBe(1);
      const { messages } = await second.core.get('conversations.open', { id: idOf('conversation-0') });
      expect(messages[0]?.attachments).toMatchObject([
        { name: 'Picture 1.png', mediaType: 'image/png', width: 8 },
      ]);
      await second.exportWell(path.join(folder.path, 'two.json'));
      expect(readFileSync(path.join(folder.path, 'two.json'))).toEqual(
        readFileSync(path.join(folder.path, 'one.json')),
      );
    } finally {
      await first.core.stop();
      await second.core.stop();
    }
  });

  it('leaves out a picture that is no picture, and says so', async () => {
    const file = write(
      'export.zip',
      makeZip([conversations(), { name: `${pictureIdOf(0)}.png`, content: 'no' }]),
    );
    expect(await importFile(file)).toMatchObject({ importedCount: 4, leftOutFileCount: 2 });
    expect(openOf(0).messages[0]?.attachments).toEqual([]);
  });

  it.each<[string, ZipFile[], string]>([
    ['a name that leads upwards', [{ name: '../evil.json', content: '' }], 'transfer/unsafe-archive'],
    [
      'a name that leads upwards from inside',
      [{ name: 'a/../../evil', content: '' }],
      'transfer/unsafe-archive',
    ],
    ['an absolute name', [{ name: '/etc/passwd', content: '' }], 'transfer/unsafe-archive'],
    ['a name of Windows', [{ name: 'C:\\evil', content: '' }], 'transfer/unsafe-archive'],
    ['a backslash', [{ name: 'a\\..\\..\\b', content: '' }], 'transfer/unsafe-archive'],
    ['a name with a NUL', [{ name: 'a\0b', content: '' }], 'transfer/unsafe-archive'],
  ])('refuses an archive with %s', async (_name, more, code) => {
    const file = write('export.zip', makeZip([conversations(), ...more]));
    await expect(importFile(file)).rejects.toMatchObject({ code });
    expect(database.listConversations()).toEqual([]);
  });

  it('refuses text that packs as no text does, and more than it says it is', async () => {
    const bomb = makeZip([{ name: 'conversations.json', content: Buffer.alloc(30_000_000, '[') }]);
    await expect(importFile(write('bomb.zip', bomb))).rejects.toMatchObject({
      code: 'transfer/unsafe-archive',
    });
    const liar = makeZip([{ ...conversations(), claimedBytes: 500 }]);
    await expect(importFile(write('liar.zip', liar))).rejects.toMatchObject({ code: 'transfer/unreadable' });
    expect(database.listConversations()).toEqual([]);
  });

  it('never reads a picture that unpacks to more than it should', async () => {
    const bomb = Buffer.concat([picture, Buffer.alloc(60_000_000)]);
    const file = write(
      'export.zip',
      makeZip([conversations(), { name: `${pictureIdOf(0)}.png`, content: bomb }]),
    );
    expect(await importFile(file, { keepPicture })).toMatchObject({ importedCount: 4, leftOutFileCount: 2 });
  });

  it('refuses an archive that is cut off, empty or something else', async () => {
    const whole = makeZip([conversations()]);
    await expect(importFile(write('cut.zip', whole.subarray(0, whole.length - 30)))).rejects.toMatchObject({
      code: 'transfer/unreadable',
    });
    await expect(importFile(write('empty.zip', makeZip([])))).rejects.toMatchObject({
      code: 'transfer/unknown-format',
    });
    await expect(
      importFile(write('other.zip', makeZip([{ name: 'a.txt', content: 'a' }]))),
    ).rejects.toMatchObject({ code: 'transfer/unknown-format' });
  });
});
