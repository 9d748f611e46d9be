import { randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Backup } from '../../../electron/contract/model/backup.ts';
import { backupName } from '../../../electron/core/history/files/backup-folder.ts';
import { createHistoryFiles } from '../../../electron/core/history/create-history-files.ts';
import { nodeFileSystem, type FileSystem } from '../../../electron/core/history/files/file-system.ts';
import type { HistoryDatabase } from '../../../electron/core/history/history-database.ts';
import { HistorySnapshot } from '../../../electron/core/history/transfer/history-snapshot.ts';
import { createTestCore } from '../../harness/create-test-core.ts';
import { systemClock } from '../../harness/fake-ports.ts';
import { proves } from '../../harness/proves.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';
import {
  backupsOf,
  damagePage,
  fillHistory,
  integrityOf,
  jobHere,
  makeOldDatabase,
  NOW,
  openHere,
  pagesOf,
  removeHistory,
  textsIn,
  toEnd,
} from './history-lab.ts';
import { entryOf, openTestHistory, startOf } from './open-test-history.ts';

const DAY_MS = 86_400_000;

let folder: ReturnType<typeof temporaryFolder>;
let file: string;

beforeEach(() => {
  folder = temporaryFolder();
  file = path.join(folder.path, 'history.sqlite');
});

afterEach(() => folder.remove());

function filled(conversations: number): { database: HistoryDatabase; texts: Map<string, string> } {
  const database = openHere(file);
  return { database, texts: fillHistory(database, conversations) };
}

function make(kind: 'daily' | 'manual' = 'manual', now = NOW): Backup {
  return jobHere(file, { kind: 'make-backup', backup: kind }, now) as Backup;
}

function list(): Backup[] {
  return jobHere(file, { kind: 'list-backups' }) as Backup[];
}

/** The files of the profile, whatever folder they are in, that hold a text. */
function filesWith(text: string): string[] {
  return readdirSync(folder.path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .filter((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1').includes(text))
    .map((entry) => entry.name);
}

describe('a backup', () => {
  it('is a whole copy of one moment, log included, for its owner alone, made while the history is in use', () => {
    const { database, texts } = filled(10);
    const running = startOf(randomUUID(), 'asked just now');
    database.startReply(running);
    database.appendChunk(running.assistantMessage.id, 'half');
    const backup = make();
    database.appendChunk(running.assistantMessage.id, ' and half');
    const copy = path.join(backupsOf(file), backup.name);
    expect(backup).toMatchObject({ kind: 'manual', madeAt: NOW, bytes: statSync(copy).size });
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect(statSync(backupsOf(file)).mode & 0o777).toBe(0o700);
    expect(integrityOf(copy)).toBe('ok');
    const opened = openHere(copy);
    const kept = textsIn(opened);
    opened.close();
    expect(kept.get(running.assistantMessage.id)).toBe('half');
    for (const [id, text] of texts) expect(kept.get(id)).toBe(text);
    database.close();
  });

  it('is made daily, and seven are kept', () => {
    filled(1).database.close();
    const daily = (now: number) => jobHere(file, { kind: 'make-daily-backup' }, now) as Backup | null;
    expect(daily(NOW)).toMatchObject({ kind: 'daily' });
    expect(daily(NOW + DAY_MS / 2)).toBeNull();
    for (let day = 1; day < 10; day += 1) expect(daily(NOW + day * DAY_MS)).not.toBeNull();
    expect(list().map(({ madeAt }) => (madeAt - NOW) / DAY_MS)).toEqual([9, 8, 7, 6, 5, 4, 3]);
    // A clock that was put back does not stop backups until it has caught up.
    expect(daily(NOW - 30 * DAY_MS)).not.toBeNull();
  });

  it('is made before a new version changes the database, and can be opened by the old one', () => {
    const { old, version } = makeOldDatabase(file, 'message_words');
    old.exec(
      `INSERT INTO conversations (id, title, created_at, updated_at) VALUES ('${randomUUID()}', 'old', 1, 1)`,
    );
    old.close();
    const database = openHere(file);
    expect(database.listConversations()).toHaveLength(1);
    database.close();
    const [backup] = list();
    expect(backup?.kind).toBe('upgrade');
    const copy = new DatabaseSync(path.join(backupsOf(file), backup?.name ?? ''), { readOnly: true });
    expect(copy.prepare('PRAGMA user_version').get()).toEqual({ user_version: version });
    expect(copy.prepare('SELECT title FROM conversations').all()).toEqual([{ title: 'old' }]);
    copy.close();
    openHere(file).close();
    expect(list()).toHaveLength(1);
  });

  it('is not all that an upgrade keeps: no title that a person may have given is a model’s to replace', () => {
    const { old } = makeOldDatabase(file, 'attachments');
    const id = randomUUID();
    old.exec(
      `INSERT INTO conversations (id, title, created_at, updated_at) VALUES ('${id}', 'my own', 1, 1)`,
    );
    old.close();
    const database = openHere(file);
    expect(database.isUntitled(id)).toBe(false);
    expect(database.nameConversation(id, 'a title of a model')).toBe(false);
    const fresh = startOf(randomUUID());
    database.startReply(fresh);
    expect(database.isUntitled(fresh.userMessage.conversationId)).toBe(true);
    database.close();
  });

  it('is not made where it would fill the disk, and an upgrade then waits', () => {
    filled(1).database.close();
    const fullDisk: FileSystem = { ...nodeFileSystem, freeBytes: () => 1_000_000 };
    const full = expect.objectContaining({ code: 'storage/full' });
    expect(() => jobHere(file, { kind: 'make-backup', backup: 'manual' }, NOW, fullDisk)).toThrow(full);
    removeHistory(file);
    const { old } = makeOldDatabase(file, 'backup_purges');
    old.exec(
      `INSERT INTO conversations (id, title, created_at, updated_at) VALUES ('${randomUUID()}', 'old', 1, 1)`,
    );
    old.close();
    expect(() => openHere(file, fullDisk)).toThrow(full);
    expect(readdirSync(backupsOf(file))).toEqual([]);
    const opened = openHere(file);
    expect(opened.listConversations()).toHaveLength(1);
    opened.close();
  });

  it('of a damaged history is refused, so that it cannot push out a whole one', () => {
    filled(30).database.close();
    const { page } = pagesOf(file).find(({ name, kind }) => name === 'messages' && kind === 'leaf') ?? {
      page: 0,
    };
    damagePage(file, page);
    expect(() => make()).toThrow(expect.objectContaining({ code: 'storage/corrupt' }));
    expect(readdirSync(backupsOf(file))).toEqual([]);
  });

  it('is only what its name says: whatever else lies in the folder is neither listed nor touched', () => {
    filled(1).database.close();
    mkdirSync(backupsOf(file));
    const strange = [
      'history.sqlite',
      'history-2026-01-01T00-00-00-000Z.evil.sqlite',
      'history-x.daily.sqlite',
      'notes.txt',
      'history-9999-99-99T99-99-99-999Z.daily.sqlite',
    ];
    for (const name of strange) writeFileSync(path.join(backupsOf(file), name), 'x');
    make('daily');
    expect(list()).toHaveLength(1);
    expect(readdirSync(backupsOf(file))).toEqual(expect.arrayContaining(strange));
    for (const name of [...strange, '../history.sqlite', backupName('daily', 5)]) {
      for (const kind of ['remove-backup', 'request-restore'] as const)
        expect(() => jobHere(file, { kind, name })).toThrow(
          expect.objectContaining({ code: 'storage/no-backup' }),
        );
    }
    expect(existsSync(file)).toBe(true);
  });
});

describe('restoring a backup', () => {
  it('brings it back at the next start, and makes what was there a backup itself', () => {
    const { database, texts } = filled(5);
    const { name } = make();
    fillHistory(database, 3);
    const later = textsIn(database);
    database.close();
    jobHere(file, { kind: 'request-restore', name });
    const restored = openHere(file, nodeFileSystem, NOW + 1);
    expect(textsIn(restored)).toEqual(texts);
    expect(restored.startReport()).toMatchObject({ repair: null, hasRestoreFailed: false });
    restored.close();
    expect(list().map(({ kind }) => kind)).toEqual(['replaced', 'manual']);
    jobHere(file, { kind: 'request-restore', name: list()[0]?.name ?? '' });
    const back = openHere(file, nodeFileSystem, NOW + 2);
    expect(textsIn(back)).toEqual(later);
    back.close();
  });

  it('leaves the ledger as it is: what was spent since stays spent', () => {
    const { database } = filled(1);
    const early = entryOf('2026-11-24', 1_000);
    const late = entryOf('2026-11-25', 2_000);
    database.ledger.openEntry(early);
    const { name } = make();
    database.ledger.closeEntry(early.id, { ...early, costMicroUsd: 1_500 });
    database.ledger.openEntry(late);
    database.ledger.closeEntry(late.id, late);
    database.close();
    const old = makeOldDatabase(path.join(backupsOf(file), backupName('upgrade', NOW)), 'ledger').old;
    old.close();
    for (const backup of [name, backupName('upgrade', NOW)]) {
      jobHere(file, { kind: 'request-restore', name: backup });
      const restored = openHere(file, nodeFileSystem, NOW + 1);
      expect(restored.startReport().hasRestoreFailed).toBe(false);
      expect(restored.ledger.listEntries().map(({ id, costMicroUsd }) => [id, costMicroUsd])).toEqual([
        [early.id, 1_500],
        [late.id, 2_000],
      ]);
      expect(restored.ledger.listOpenEntries()).toEqual([]);
      restored.close();
      expect(integrityOf(file)).toBe('ok');
    }
  });

  it('that cannot be read changes nothing and says so', () => {
    const { database, texts } = filled(20);
    const { name } = make();
    database.close();
    for (const { page } of pagesOf(path.join(backupsOf(file), name)))
      if (page > 1) damagePage(path.join(backupsOf(file), name), page);
    jobHere(file, { kind: 'request-restore', name });
    const opened = openHere(file);
    expect(opened.startReport()).toMatchObject({ repair: null, hasRestoreFailed: true });
    expect(textsIn(opened)).toEqual(texts);
    opened.close();
    const again = openHere(file);
    expect(again.startReport().hasRestoreFailed).toBe(false);
    again.close();
  });

  it('that is gone when it is looked for changes nothing', () => {
    filled(1).database.close();
    const { name } = make();
    jobHere(file, { kind: 'request-restore', name });
    renameSync(path.join(backupsOf(file), name), path.join(folder.path, 'elsewhere'));
    const opened = openHere(file);
    expect(opened.startReport().hasRestoreFailed).toBe(true);
    expect(opened.listConversations()).toHaveLength(1);
    opened.close();
  });
});

describe('deleted means deleted', () => {
  it(
    'from the database, its indexes, every backup of every version, and what was set aside',
    proves('deleted-means-deleted'),
    () => {
      const database = openHere(file);
      fillHistory(database, 10);
      const start = startOf(randomUUID(), 'unmistakable secret 珍しい');
      database.startReply(start);
      database.endReply({
        messageId: start.assistantMessage.id,
        state: 'done',
        error: null,
        usage: null,
        endedAt: 1,
      });
      const { conversationId } = start.userMessage;
      database.writeDraft(conversationId, 'unmistakable draft');
      make('daily');
      make('manual', NOW + 1);
      const damaged = path.join(backupsOf(file), backupName('damaged', NOW));
      const upgrade = path.join(backupsOf(file), backupName('upgrade', NOW));
      writeFileSync(damaged, readFileSync(path.join(backupsOf(file), backupName('daily', NOW))));
      const { old } = makeOldDatabase(upgrade, 'message_words');
      old
        .prepare('INSERT INTO conversations (id, title, created_at, updated_at) VALUES (?, ?, 1, 1)')
        .run(conversationId, 'unmistakable');
      old.close();
      expect(filesWith('mistakable')).toHaveLength(6);

      database.removeConversation(conversationId, 5_000);
      expect(toEnd(database.purgeRemoved(5_000))).toBe(1);
      expect(filesWith('mistakable')).toHaveLength(4);
      jobHere(file, { kind: 'purge-backups' });
      expect(filesWith('mistakable')).toEqual([]);
      expect(filesWith('73cd003057')).toEqual([]);
      database.close();
      expect(filesWith('mistakable')).toEqual([]);
      expect(list()).toHaveLength(4);
      for (const { name } of list().filter(({ kind }) => kind !== 'upgrade'))
        expect(integrityOf(path.join(backupsOf(file), name))).toBe('ok');
    },
  );

  it('also when the program was killed before the backups were reached', async () => {
    const { database } = filled(3);
    make();
    const [first] = database.listConversations();
    database.removeConversation(first?.id ?? '', 1);
    toEnd(database.purgeRemoved(1));
    database.close();
    jobHere(file, { kind: 'purge-backups' });
    const copy = openHere(path.join(backupsOf(file), list()[0]?.name ?? ''));
    expect(copy.listConversations().map(({ id }) => id)).not.toContain(first?.id);
    copy.close();
  });

  it('and a backup that cannot be cleaned is removed', () => {
    const { database } = filled(30);
    const { name } = make();
    const copy = path.join(backupsOf(file), name);
    for (const { page, name: table } of pagesOf(copy)) if (table === 'messages') damagePage(copy, page);
    database.removeConversation(database.listConversations()[0]?.id ?? '', 1);
    toEnd(database.purgeRemoved(1));
    jobHere(file, { kind: 'purge-backups' });
    expect(list()).toEqual([]);
    database.close();
  });

  it(
    'once nobody reads an older moment, and until then what is deleted stays noted and nothing waits',
    proves('deleted-means-deleted'),
    async () => {
      const { database } = filled(3);
      const secret = startOf(randomUUID(), 'unmistakable secret');
      database.startReply(secret);
      make();
      database.close();
      const workerUrl = new URL('../../../electron/core/history/history-worker.ts', import.meta.url);
      const files = createHistoryFiles({ databaseFile: file, workerUrl }, systemClock);
      const history = await files.open();
      const running = startOf(randomUUID());
      await history.startReply(running);
      const snapshot = new HistorySnapshot(file);
      await history.removeConversation(secret.userMessage.conversationId, 1);
      const progress = { isPurged: false };
      const purged = history
        .purgeRemoved(1)
        .then(() => files.purgeBackups())
        .finally(() => {
          progress.isPurged = true;
        });
      // A chunk that cannot be saved ends a reply.
      for (let n = 0; !progress.isPurged || n < 3; n += 1)
        await history.appendChunk(running.assistantMessage.id, 'a');
      await purged;
      expect(filesWith('mistakable')).toContain('history.sqlite-wal');
      snapshot.close();
      await files.purgeBackups();
      expect(filesWith('mistakable')).toEqual([]);
      await history.close();
    },
  );

  it('without touching the log of the history where nothing was deleted', () => {
    const { database } = filled(3);
    const log = readFileSync(`${file}-wal`);
    jobHere(file, { kind: 'purge-backups' });
    expect(readFileSync(`${file}-wal`).equals(log)).toBe(true);
    database.close();
  });

  it('from a backup that is restored, also while somebody reads', () => {
    const { database } = filled(3);
    const { name } = make();
    const [first] = database.listConversations();
    const snapshot = new HistorySnapshot(file);
    database.removeConversation(first?.id ?? '', 1);
    toEnd(database.purgeRemoved(1));
    jobHere(file, { kind: 'request-restore', name });
    snapshot.close();
    database.close();
    const restored = openHere(file);
    expect(restored.listConversations()).toHaveLength(2);
    restored.close();
  });

  it('takes its time in steps: a conversation of thousands of messages does not hold up a question', async () => {
    openHere(file).close();
    const database = new DatabaseSync(file);
    const id = randomUUID();
    database.exec(`INSERT INTO conversations (id, title, created_at, updated_at, removed_at) VALUES ('${id}', 'bulk', 1, 1, 1);
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
      INSERT INTO messages (id, conversation_id, parent_id, role, text, state, created_at)
        SELECT 'm' || i, '${id}', CASE WHEN i > 1 THEN 'm' || (i - 1) END, 'user', 'filler', 'done', 1 FROM n;
      UPDATE search_state SET backlog = 3000;`);
    database.close();
    const history = await openTestHistory(file);
    const order: string[] = [];
    await Promise.all([
      history.purgeRemoved(1).then(() => order.push('purged')),
      history.startReply(startOf(randomUUID())).then(() => order.push('asked')),
    ]);
    expect(order).toEqual(['asked', 'purged']);
    await expect(history.restoreConversation(id)).rejects.toMatchObject({ code: 'chat/not-found' });
    await history.close();
    expect(integrityOf(file)).toBe('ok');
  });
});

describe('in the running program', () => {
  it('backups are made, listed, restored by a restart, and removed', async () => {
    const first = await createTestCore({ folder: folder.path });
    const made = await first.get('backups.make', {});
    expect(await first.get('backups.list', {})).toEqual([made]);
    await first.get('backups.restore', { name: made.name });
    expect(first.desktop.restarts).toBe(1);
    await first.stop();
    const second = await createTestCore({ folder: folder.path });
    expect((await second.get('backups.list', {})).map(({ kind }) => kind)).toEqual(['replaced', 'manual']);
    await second.get('backups.remove', { name: made.name });
    expect(await second.get('backups.list', {})).toHaveLength(1);
    expect(await second.call('backups.remove', { name: made.name })).toMatchObject({
      ok: false,
      error: { code: 'storage/no-backup' },
    });
    expect(await second.call('backups.remove', { name: '../history.sqlite' })).toMatchObject({
      ok: false,
      error: { code: 'ipc/invalid-input' },
    });
    await second.stop();
  });

  it('a repair is told in words, with what was saved and where the damaged file is', async () => {
    filled(40).database.close();
    for (const { page, name, kind } of pagesOf(file))
      if (name === 'conversations' && kind === 'leaf') damagePage(file, page);
    const app = await createTestCore({ folder: folder.path });
    const { notices, blocked } = await app.get('app.info', {});
    expect(blocked).toBeNull();
    expect(notices.map(({ title, body }) => `${title}: ${body}`)).toEqual([
      expect.stringMatching(
        /^The history was damaged: .*80 messages in .*conversation.*backups\/history-.*\.damaged\.sqlite\.$/,
      ),
    ]);
    await app.stop();
  });

  it('a history that another program holds is opened without a restart once it is free', async () => {
    filled(2).database.close();
    const other = new DatabaseSync(file);
    other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    const app = await createTestCore({ folder: folder.path });
    expect((await app.get('app.info', {})).blocked).toMatchObject({ code: 'storage/locked' });
    expect(await app.call('conversations.list', {})).toMatchObject({
      ok: false,
      error: { code: 'storage/locked' },
    });
    expect(await app.call('ledger.report', { month: null })).toMatchObject({
      ok: false,
      error: { code: 'storage/locked' },
    });
    expect(await app.get('history.reopen', {})).toEqual({ isOpen: false });
    other.exec('ROLLBACK');
    other.close();
    expect(await app.get('history.reopen', {})).toEqual({ isOpen: true });
    expect((await app.get('app.info', {})).blocked).toBeNull();
    expect(await app.get('conversations.list', {})).toHaveLength(2);
    expect((await app.get('ledger.report', { month: null })).allTime.requestCount).toBe(0);
    expect(await app.get('history.reopen', {})).toEqual({ isOpen: true });
    await app.stop();
  });
});
