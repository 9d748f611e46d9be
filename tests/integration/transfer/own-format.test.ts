import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeExport } from '../../../electron/core/transfer/own/write-export.ts';
import { fillProfile } from '../../harness/fill-profile.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';
import { openTransferWorld, type TransferWorld } from '../../harness/transfer-world.ts';
import { openHere } from '../history/history-lab.ts';
import { contextOf, importHere } from './import-here.ts';

let folder: ReturnType<typeof temporaryFolder>;
const worlds: TransferWorld[] = [];

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.core.stop();
  folder.remove();
});

async function open(name: string): Promise<TransferWorld> {
  const profile = path.join(folder.path, name);
  mkdirSync(profile, { recursive: true });
  const world = await openTransferWorld(profile);
  worlds.push(world);
  return world;
}

/** A profile with conversations. */
async function openFilled(name: string, messages = 300, seed = 1): Promise<TransferWorld> {
  const world = await open(name);
  await world.core.stop();
  worlds.splice(worlds.indexOf(world), 1);
  fillProfile(world.databaseFile, { conversations: 12, messages, seed });
  return open(name);
}

function at(name: string): string {
  return path.join(folder.path, name);
}

/** The files of messages in a profile. */
function hashesIn(world: TransferWorld): string[] {
  const folderOfFiles = path.join(path.dirname(world.databaseFile), 'attachments');
  if (!existsSync(folderOfFiles)) return [];
  const names = readdirSync(folderOfFiles, { recursive: true }).map((name) => path.basename(String(name)));
  return names.filter((name) => name.length === 64).sort();
}

/** What is in a profile beside what is always there. */
function leftovers(world: TransferWorld): string[] {
  return readdirSync(path.dirname(world.databaseFile)).filter((name) => /import|partial/.test(name));
}

describe('an export in our own format', () => {
  it('is the same to the byte after a round trip through an empty profile', async () => {
    const first = await openFilled('first');
    expect(await first.exportWell(at('one.json'))).toMatchObject({
      conversationCount: 12,
      messageCount: 300,
      missingFileCount: 0,
      name: 'one.json',
    });
    const second = await open('second');
    expect(await second.importWell(at('one.json'))).toMatchObject({
      importedCount: 12,
      messageCount: 300,
      alreadyHereCount: 0,
      failureCount: 0,
    });
    await second.exportWell(at('two.json'));
    expect(readFileSync(at('two.json'), 'utf8')).toBe(readFileSync(at('one.json'), 'utf8'));
    expect(leftovers(second)).toEqual([]);
    expect(hashesIn(second)).toEqual(hashesIn(first));
  });

  it('has one conversation a line and nothing of connections, keys, prices or the moment it was made', async () => {
    const world = await openFilled('first', 40);
    await world.exportWell(at('one.json'));
    const text = readFileSync(at('one.json'), 'utf8');
    expect(text.split('\n')).toHaveLength(12 + 3);
    const document = JSON.parse(text) as { conversations: { messages: Record<string, unknown>[] }[] };
    expect(text.split('\n').filter((line) => line.startsWith('{"id"'))).toHaveLength(12);
    expect(Object.keys(document)).toEqual(['format', 'version', 'files', 'conversations']);
    expect(text).not.toMatch(/connection|keyId|key_id|Raw\.|ledger/);
    await world.exportWell(at('again.json'));
    expect(readFileSync(at('again.json'), 'utf8')).toBe(text);
  });

  it('of an empty profile is empty, and can be imported', async () => {
    const world = await open('first');
    await world.exportWell(at('one.json'));
    expect(readFileSync(at('one.json'), 'utf8')).toBe(
      '{"format":"latchkey-conversations","version":1,"files":[],"conversations":[]}\n',
    );
    expect(await world.importWell(at('one.json'))).toMatchObject({ importedCount: 0, failureCount: 0 });
  });

  it('holds any tree of messages whatever is in their texts', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(documents, async (document) => {
        run += 1;
        const [first, second] = [at(`${run}-a.sqlite`), at(`${run}-b.sqlite`)];
        const one = await passThrough(first, JSON.stringify(document));
        expect(JSON.parse(one)).toMatchObject({ conversations: { length: document.conversations.length } });
        expect(await passThrough(second, one)).toBe(one);
      }),
      { numRuns: 40 },
    );
  });
});

/** Imports a document into a new database and exports it. */
async function passThrough(databaseFile: string, document: string): Promise<string> {
  writeFileSync(`${databaseFile}.in.json`, document);
  const database = openHere(databaseFile);
  const report = await importHere(database, databaseFile, [`${databaseFile}.in.json`]);
  expect(report.failures).toEqual([]);
  await writeExport(contextOf(databaseFile), `${databaseFile}.out.json`);
  database.close();
  return readFileSync(`${databaseFile}.out.json`, 'utf8');
}

const time = fc.integer({ min: 0, max: 4_000_000_000_000 });
const words = fc.string({ unit: 'grapheme', maxLength: 60 });
const documents = fc
  .array(
    fc.record({
      id: fc.uuid(),
      title: words,
      createdAt: time,
      messages: fc.uniqueArray(
        fc.record({ id: fc.uuid(), above: fc.nat(), text: fc.oneof(words, fc.string()), createdAt: time }),
        { selector: ({ id }) => id, maxLength: 12 },
      ),
    }),
    { maxLength: 5 },
  )
  .map((conversations) => ({
    format: 'latchkey-conversations',
    version: 1,
    files: [],
    conversations: conversations.map(({ id, title, createdAt, messages }) => ({
      id,
      title,
      titleSource: 'person',
      model: null,
      createdAt,
      updatedAt: createdAt,
      generation: {
        systemPrompt: '',
        effort: null,
        verbosity: null,
        usesWebSearch: false,
        makesImages: false,
      },
      summary: null,
      headId: messages.at(-1)?.id ?? null,
      shownVariants: messages.slice(0, 1).map(({ id: messageId }) => ({ parentId: null, messageId })),
      messages: messages.map((message, index) => ({
        id: message.id,
        parentId: index === 0 ? null : (messages[message.above % index]?.id ?? null),
        role: index % 2 === 0 ? 'user' : 'assistant',
        text: message.text,
        state: 'done',
        error: null,
        model: null,
        usage: null,
        createdAt: message.createdAt,
        reasoning: '',
        citations: [],
        toolName: null,
        omittedCount: 0,
        attachments: [],
      })),
    })),
  }));

describe('an import of our own format', () => {
  it('adds nothing the second time, and says that all of it is here', async () => {
    const world = await openFilled('first');
    await world.exportWell(at('one.json'));
    expect(await world.importWell(at('one.json'))).toMatchObject({ importedCount: 0, alreadyHereCount: 12 });
    await world.exportWell(at('two.json'));
    expect(readFileSync(at('two.json'), 'utf8')).toBe(readFileSync(at('one.json'), 'utf8'));
  });

  it('brings in a conversation whose id is taken by another under new ids, once', async () => {
    const world = await openFilled('first');
    await world.exportWell(at('one.json'));
    const changed = readFileSync(at('one.json'), 'utf8').replace('"text":"', '"text":"changed: ');
    writeFileSync(at('changed.json'), changed);
    expect(await world.importWell(at('changed.json'))).toMatchObject({
      importedCount: 1,
      alreadyHereCount: 11,
    });
    expect(await world.importWell(at('changed.json'))).toMatchObject({
      importedCount: 0,
      alreadyHereCount: 12,
    });
    expect(await world.core.get('conversations.list', {})).toHaveLength(13);
  });

  it('names what is damaged and takes in the rest', async () => {
    const first = await openFilled('first');
    await first.exportWell(at('one.json'));
    const lines = readFileSync(at('one.json'), 'utf8')
      .replace(/"files":\[[^]*\],"conv/, '"files":[],"conv')
      .split('\n');
    lines[2] = (lines[2] ?? '').replace('"messages":[', '"messages":[}');
    lines[4] = (lines[4] ?? '').replace('"createdAt":', '"createdAt":-');
    lines[6] = (lines[6] ?? '').replaceAll('"role":"user"', '"role":"root"');
    writeFileSync(at('damaged.json'), lines.join('\n'));
    const second = await open('second');
    const report = await second.importWell(at('damaged.json'));
    expect(report.failures).toEqual([
      { kind: 'conversation', number: 2, document: '', title: titleIn(lines[2] ?? ''), problem: 'syntax' },
      {
        kind: 'conversation',
        number: 4,
        document: '',
        title: titleIn(lines[4] ?? ''),
        problem: 'wrong-shape',
      },
      {
        kind: 'conversation',
        number: 6,
        document: '',
        title: titleIn(lines[6] ?? ''),
        problem: 'wrong-shape',
      },
    ]);
    expect(report).toMatchObject({ importedCount: 9, failureCount: 3 });
    expect(await second.core.get('conversations.list', {})).toHaveLength(9);
  });

  it('takes in what came before the end of a file that was cut off, and says so', async () => {
    const first = await openFilled('first');
    await first.exportWell(at('one.json'));
    const bytes = readFileSync(at('one.json'));
    writeFileSync(at('cut.json'), bytes.subarray(0, bytes.length / 2));
    const second = await open('second');
    const report = await second.importWell(at('cut.json'));
    expect(report.importedCount).toBeGreaterThan(0);
    expect(report.failures.at(-1)?.problem).toBe('ended-early');
  });

  it.each([
    ['another JSON document', '{"name":"x","list":[]}', 'transfer/unknown-format'],
    ['a picture', '\u0089PNG....', 'transfer/unknown-format'],
    ['an empty file', '', 'transfer/unknown-format'],
    ['lists without a format', '{"conversations":[{}]}', 'transfer/unknown-format'],
    [
      'a document from a later version',
      '{"format":"latchkey-conversations","version":2,"files":[],"conversations":[]}',
      'transfer/newer-version',
    ],
  ])('refuses %s and changes nothing', async (_name, content, code) => {
    writeFileSync(at('in.json'), content);
    const world = await open('first');
    expect(await world.importFiles(at('in.json'))).toMatchObject({ kind: 'failed', error: { code } });
    expect(await world.core.get('conversations.list', {})).toEqual([]);
    expect(leftovers(world)).toEqual([]);
  });

  it('is found by search once the index has caught up', async () => {
    const first = await openFilled('first', 200);
    await first.exportWell(at('one.json'));
    const second = await open('second');
    await second.importWell(at('one.json'));
    const ask = () =>
      second.core.get('search.messages', {
        query: 'answer depends',
        role: null,
        model: null,
        conversationId: null,
        from: null,
        to: null,
        offset: 0,
        limit: 20,
      });
    expect((await ask()).isIndexComplete).toBe(false);
    await expect.poll(async () => (await ask()).isIndexComplete, { timeout: 20_000 }).toBe(true);
    expect((await ask()).total).toBeGreaterThan(0);
    const database = new DatabaseSync(second.databaseFile);
    database.exec(`INSERT INTO message_words (message_words) VALUES ('integrity-check')`);
    database.close();
  });

  it('is told of by progress that only grows', async () => {
    const first = await openFilled('first', 2_000);
    await first.exportWell(at('one.json'));
    const second = await open('second');
    await second.importWell(at('one.json'));
    for (const world of [first, second]) {
      const seen = world.core.events
        .of('transfer.changed')
        .flatMap((each) => (each.kind === 'running' ? [each.progress] : []));
      const counted = seen.filter(({ phase }) => phase !== 'saving').map(({ done }) => done);
      expect(counted).toEqual(counted.toSorted((a, b) => a - b));
      expect(seen.length).toBeGreaterThan(1);
    }
  });
});

describe('a transfer that is ended', () => {
  it('leaves nothing of an import that is cancelled, and of an export no file', async () => {
    const first = await openFilled('first', 3_000);
    first.core.desktop.exportTarget = at('one.json');
    await first.core.get('transfer.export', { form: 'json', conversationId: null });
    await first.core.get('transfer.cancel', {});
    expect(await first.ended()).toEqual({ kind: 'cancelled' });
    expect(readdirSync(folder.path)).toEqual(['first']);

    await first.exportWell(at('one.json'));
    const second = await open('second');
    second.core.desktop.importFiles = [at('one.json')];
    await second.core.get('transfer.import', {});
    await second.core.get('transfer.cancel', {});
    expect(await second.ended()).toEqual({ kind: 'cancelled' });
    expect(await second.core.get('conversations.list', {})).toEqual([]);
    expect(leftovers(second)).toEqual([]);
  });

  it('leaves none of the files of an import that was cancelled behind them', async () => {
    const first = await openFilled('first', 3_000);
    await first.exportWell(at('one.json'));
    const second = await open('second');
    second.core.desktop.importFiles = [at('one.json')];
    await second.core.get('transfer.import', {});
    await expect.poll(() => hashesIn(second).length, { interval: 1 }).toBeGreaterThan(0);
    await second.core.get('transfer.cancel', {});
    expect(await second.ended()).toEqual({ kind: 'cancelled' });
    expect(hashesIn(second)).toEqual([]);
  });

  it('keeps the file that was there when the place cannot be written', async () => {
    const world = await openFilled('first', 40);
    mkdirSync(at('taken.json'));
    expect(await world.exportTo(at('taken.json'))).toMatchObject({
      kind: 'failed',
      error: { code: 'transfer/unwritable' },
    });
    expect(readdirSync(folder.path).sort()).toEqual(['first', 'taken.json']);
    expect(await world.exportTo(at('nowhere/one.json'))).toMatchObject({
      kind: 'failed',
      error: { code: 'transfer/unwritable' },
    });
  });

  it.skipIf(process.platform === 'win32')('refuses a pipe rather than wait for its other end', async () => {
    const world = await open('first');
    execFileSync('mkfifo', [at('pipe')]);
    expect(await world.importFiles(at('pipe'))).toMatchObject({
      kind: 'failed',
      error: { code: 'transfer/unreadable' },
    });
  });

  it('takes all conversations as JSON, or one as Markdown, and nothing between', async () => {
    const world = await open('first');
    const conversationId = '00000000-0000-4000-8000-000000000001';
    const input = { form: 'json', conversationId } as const;
    // `as`: a window could send it, whatever the types say.
    expect(await world.core.call('transfer.export', input as never)).toMatchObject({
      ok: false,
      error: { code: 'ipc/invalid-input' },
    });
    expect(world.core.desktop.exportNames).toEqual([]);
  });

  it('refuses a second one while the first runs', async () => {
    const world = await openFilled('first', 3_000);
    world.core.desktop.exportTarget = at('one.json');
    await world.core.get('transfer.export', { form: 'json', conversationId: null });
    const second = await world.core.call('transfer.import', {});
    expect(second).toMatchObject({ ok: false, error: { code: 'transfer/busy' } });
    await world.ended();
  });

  it('ends with the app, leaving nothing', async () => {
    const first = await openFilled('first', 3_000);
    await first.exportWell(at('one.json'));
    const second = await open('second');
    second.core.desktop.importFiles = [at('one.json')];
    await second.core.get('transfer.import', {});
    await second.core.stop();
    expect(leftovers(second)).toEqual([]);
  });

  it('removes at the next start what a crash left of an import', async () => {
    const world = await open('first');
    await world.core.stop();
    const stage = path.join(path.dirname(world.databaseFile), 'history.import.sqlite');
    writeFileSync(stage, 'half');
    await open('first');
    expect(existsSync(stage)).toBe(false);
  });
});

function titleIn(line: string): string {
  return JSON.parse(/"title":("(?:[^"\\]|\\.)*")/.exec(line)?.[1] ?? '""') as string;
}
