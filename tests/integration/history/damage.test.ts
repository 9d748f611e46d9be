import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLAIN_GENERATION } from '../../../electron/contract/model/plain.ts';
import { searchRequestSchema } from '../../../electron/contract/model/search.ts';
import { nodeFileSystem } from '../../../electron/core/history/files/file-system.ts';
import { historyPaths } from '../../../electron/core/history/files/history-paths.ts';
import { writeState } from '../../../electron/core/history/files/history-state.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';
import {
  backupsOf,
  copyHistory,
  damagePage,
  fillHistory,
  integrityOf,
  jobHere,
  makeOldDatabase,
  openHere,
  pagesOf,
  textsIn,
  toEnd,
} from './history-lab.ts';
import { entryOf } from './open-test-history.ts';

let folder: ReturnType<typeof temporaryFolder>;
let sound: string;
let texts: Map<string, string>;

beforeAll(() => {
  folder = temporaryFolder();
  sound = path.join(folder.path, 'sound', 'history.sqlite');
  const database = openHere(sound);
  texts = fillHistory(database, 80);
  database.close();
});

afterAll(() => folder.remove());

let copies = 0;

/** A copy of the sound history in a profile of its own. */
function freshCopy(): string {
  copies += 1;
  const file = path.join(folder.path, `copy-${copies}`, 'history.sqlite');
  mkdirSync(path.dirname(file));
  copyHistory(sound, file);
  return file;
}

/** Lets columns hold anything, as damage does. */
function loosen(file: string): void {
  const database = new DatabaseSync(file, { defensive: false });
  database.exec(`PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', '')
    WHERE name IN ('messages', 'conversations');`);
  database.close();
}

function askForRepair(file: string): void {
  const pending = { kind: 'repair', keptAs: null } as const;
  writeState(nodeFileSystem, historyPaths(file), { checkedAt: null, pending });
}

/** Opens it, as the program would: once, then a check in the background, then again if that found something. */
function openUntilSound(file: string) {
  let database = openHere(file);
  let { repair } = database.startReport();
  if (repair === null) {
    database.close();
    jobHere(file, { kind: 'check' });
    database = openHere(file);
    repair = database.startReport().repair;
  }
  return { database, repair };
}

describe('a damaged history', () => {
  it('loses what stood on the damaged page and nothing else, whichever page it is', () => {
    const pages = pagesOf(sound);
    const ofMessages = pages.filter(({ name }) => name === 'messages');
    const chosen = [
      ...ofMessages.filter(({ kind }) => kind === 'leaf').filter((_page, index) => index % 5 === 0),
      ...ofMessages.filter(({ kind }) => kind === 'overflow').filter((_page, index) => index % 50 === 0),
      ...pages.filter(({ name, kind }) => name === 'conversations' && kind === 'leaf').slice(0, 1),
      ...pages
        .filter(({ name, page }) => name !== 'messages' && page > 1)
        .filter((_page, index) => index % 16 === 0),
    ];
    const kinds = new Set<string>();
    for (const { page, name, kind, cells } of chosen) {
      const file = freshCopy();
      damagePage(file, page, page % 2 === 0 ? 0xa5 : 0);
      const { database, repair } = openUntilSound(file);
      const kept = textsIn(database);
      database.close();
      const lost = [...texts].filter(([id, text]) => kept.get(id) !== text);
      const isRow = name === 'messages';
      const mayLose = !isRow ? 0 : kind === 'leaf' ? cells : 1;
      expect(lost.length, `${kind} page ${page} of ${name}`).toBeLessThanOrEqual(mayLose);
      expect(integrityOf(file)).toBe('ok');
      if (repair === null) continue;
      kinds.add(`${name} ${kind}`);
      expect(existsSync(path.join(backupsOf(file), repair.keptAs))).toBe(true);
      expect(repair.messageCount).toBe(kept.size);
    }
    expect([...kinds]).toEqual(expect.arrayContaining(['messages leaf', 'conversations leaf']));
  });

  it('is rebuilt from the newest backup where the damaged pages had the rest', () => {
    const file = freshCopy();
    jobHere(file, { kind: 'make-backup', backup: 'daily' });
    for (const { page, name } of pagesOf(file)) if (name === 'messages') damagePage(file, page);
    const { database, repair } = openUntilSound(file);
    expect(textsIn(database)).toEqual(texts);
    expect(repair).toMatchObject({ messageCount: texts.size, fromBackupCount: texts.size });
    database.close();
  });

  it.each([
    ['that is no database', (file: string) => writeFileSync(file, 'not a database at all, '.repeat(1_000))],
    ['that was cut short', (file: string) => truncateSync(file, 5_000)],
    ['whose first page is gone', (file: string) => damagePage(file, 1)],
  ])('%s opens empty, and the damaged file is kept byte for byte', (_name, damage) => {
    const file = freshCopy();
    damage(file);
    const before = readFileSync(file);
    const database = openHere(file);
    const { repair } = database.startReport();
    expect(database.listConversations()).toEqual([]);
    expect(readFileSync(path.join(backupsOf(file), repair?.keptAs ?? '')).equals(before)).toBe(true);
    fillHistory(database, 1);
    database.close();
    expect(integrityOf(file)).toBe('ok');
  });

  it('with a damaged header alone loses nothing', () => {
    const file = freshCopy();
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 0, 60);
    writeFileSync(file, bytes);
    const database = openHere(file);
    expect(textsIn(database)).toEqual(texts);
    expect(database.startReport().repair).toMatchObject({ messageCount: texts.size });
    database.close();
  });

  it('that a power cut left empty is filled from the newest backup', () => {
    const file = freshCopy();
    jobHere(file, { kind: 'make-backup', backup: 'daily' });
    truncateSync(file, 0);
    const database = openHere(file);
    expect(textsIn(database)).toEqual(texts);
    database.close();
  });

  it('never brings rows that make no sense into the new one', () => {
    const file = freshCopy();
    const database = new DatabaseSync(file);
    database.exec(`PRAGMA foreign_keys = OFF;
      UPDATE messages SET error = '{broken' WHERE ordinal % 5 = 0;
      UPDATE messages SET state = 'x' WHERE ordinal % 7 = 0;
      UPDATE messages SET role = 'system' WHERE ordinal = 3;
      UPDATE messages SET id = 'no uuid' WHERE ordinal = 9;
      UPDATE messages SET parent_id = 'nobody' WHERE ordinal = 12;
      DELETE FROM conversations WHERE id = (SELECT conversation_id FROM messages WHERE ordinal = 15);`);
    database.close();
    const { page } = pagesOf(file).findLast(({ name, kind }) => name === 'messages' && kind === 'leaf') ?? {
      page: 0,
    };
    damagePage(file, page);
    const { database: mended, repair } = openUntilSound(file);
    expect(repair?.messageCount).toBeGreaterThan(100);
    const titles = mended.listConversations().map(({ title }) => title);
    expect(titles).toContain('Recovered conversation');
    expect(textsIn(mended).size).toBeGreaterThan(100);
    mended.close();
  });

  it('keeps what is whole of a row: a value that its column does not take costs no message', () => {
    const file = freshCopy();
    loosen(file);
    const database = new DatabaseSync(file);
    database.exec(`UPDATE messages SET reasoning = x'ff', omitted_count = 'many', tool_name = x'00', created_at = x'01',
        output_tokens = 'none', key_id = x'02' WHERE ordinal % 2 = 0;
      UPDATE messages SET omitted_count = -1 WHERE ordinal % 3 = 0;
      UPDATE conversations SET system_prompt = x'ff', uses_web_search = 'yes', makes_images = 7, removed_at = 'never',
        title_source = x'00', summary = x'01', effort = x'03';`);
    database.close();
    askForRepair(file);
    const { database: mended, repair } = openUntilSound(file);
    expect(repair?.messageCount).toBe(texts.size);
    expect(textsIn(mended)).toEqual(texts);
    const [{ id, title } = { id: '', title: '' }] = mended.listConversations();
    expect(title).toMatch(/^question/);
    expect(mended.openConversation(id)).toMatchObject({ generation: PLAIN_GENERATION, summary: null });
    expect(mended.isUntitled(id)).toBe(false);
    mended.close();
  });

  it('of an older version keeps the titles that a person may have given', () => {
    const file = path.join(path.dirname(freshCopy()), 'old.sqlite');
    const { old } = makeOldDatabase(file, 'attachments');
    const id = randomUUID();
    old.exec(
      `INSERT INTO conversations (id, title, created_at, updated_at) VALUES ('${id}', 'my own', 1, 1);`,
    );
    old.close();
    askForRepair(file);
    const mended = openHere(file);
    expect(mended.startReport().repair?.conversationCount).toBe(1);
    expect(mended.nameConversation(id, 'a title of a model')).toBe(false);
    mended.close();
  });

  it('brings along what was billed, but for what makes no sense', () => {
    const file = freshCopy();
    const billed = openHere(file);
    const entries = [1, 2, 3, 4].map((cents) => entryOf('2026-11-25', cents * 10_000));
    for (const entry of entries) {
      billed.ledger.openEntry(entry);
      billed.ledger.closeEntry(entry.id, entry);
    }
    billed.close();
    const database = new DatabaseSync(file);
    database.exec(`UPDATE ledger SET price = '{broken' WHERE ordinal = 1;
      UPDATE ledger SET cost_micro_usd = -1 WHERE ordinal = 2;
      UPDATE ledger SET day = 'a day' WHERE ordinal = 3;`);
    database.close();
    const { page } = pagesOf(file).findLast(({ name, kind }) => name === 'messages' && kind === 'leaf') ?? {
      page: 0,
    };
    damagePage(file, page);
    const { database: mended } = openUntilSound(file);
    const kept = mended.ledger.listEntries().map(({ id, price }) => [id, price?.model ?? null]);
    expect(kept).toEqual([
      [entries[0]?.id, null],
      [entries[3]?.id, 'm'],
    ]);
    mended.close();
  });

  it('can be searched again after it was mended', () => {
    const file = freshCopy();
    damagePage(file, pagesOf(file).find(({ name }) => name.startsWith('message_words_data'))?.page ?? 0);
    jobHere(file, { kind: 'check' });
    writeFileSync(
      path.join(path.dirname(file), 'history-state.json'),
      '{"checkedAt":null,"pending":{"kind":"repair","keptAs":null}}',
    );
    const database = openHere(file);
    while (database.advanceIndex());
    const { total } = toEnd(database.search(searchRequestSchema.parse({ query: 'question' })));
    expect(total).toBe(80);
    database.close();
  });

  it('from the future is left alone, also when a repair was asked for', () => {
    const file = freshCopy();
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 999');
    database.close();
    writeFileSync(
      path.join(path.dirname(file), 'history-state.json'),
      '{"checkedAt":1,"pending":{"kind":"repair","keptAs":null}}',
    );
    const before = readFileSync(file);
    expect(() => openHere(file)).toThrow(expect.objectContaining({ code: 'storage/from-the-future' }));
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(existsSync(backupsOf(file))).toBe(false);
  });

  it('is not suspected without reason: a sound one is opened as it is', () => {
    const file = freshCopy();
    const database = openHere(file);
    expect(database.startReport().repair).toBeNull();
    database.close();
    expect(jobHere(file, { kind: 'check' })).toEqual({ isDamaged: false });
    const again = openHere(file);
    expect(again.startReport()).toEqual({ repair: null, hasRestoreFailed: false, isCheckDue: false });
    again.close();
    expect(readdirSync(path.dirname(file)).sort()).toEqual(['history-state.json', 'history.sqlite']);
  });

  it.each([
    '',
    'null',
    '{"pending":{"kind":"restore","name":"../../evil.sqlite"}}',
    '{"pending":5,"checkedAt":"x"}',
  ])('is not opened otherwise for what stands in its state file: %j', (content) => {
    const file = freshCopy();
    writeFileSync(path.join(path.dirname(file), 'history-state.json'), content);
    const database = openHere(file);
    expect(textsIn(database)).toEqual(texts);
    database.close();
  });
});
