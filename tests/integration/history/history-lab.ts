import { randomUUID } from 'node:crypto';
import { closeSync, cpSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { nodeFileSystem, type FileSystem } from '../../../electron/core/history/files/file-system.ts';
import { runJob } from '../../../electron/core/history/files/run-job.ts';
import { HistoryDatabase } from '../../../electron/core/history/history-database.ts';
import { MIGRATIONS } from '../../../electron/core/history/migrations.ts';
import type { HistoryJob } from '../../../electron/core/history/worker-protocol.ts';
import { startOf } from './open-test-history.ts';

/** A moment after everything the tests write. */
export const NOW = 1_800_000_000_000;

const done = { state: 'done', error: null, usage: null, endedAt: 2_000 } as const;

/** The database behind the store, in this thread: thousands of openings would be slow in threads of their own. */
export function openHere(
  databaseFile: string,
  files: FileSystem = nodeFileSystem,
  now = NOW,
): HistoryDatabase {
  return new HistoryDatabase({ databaseFile, files, now });
}

/** Does a job in this thread. */
export function jobHere(
  databaseFile: string,
  job: HistoryJob,
  now = NOW,
  files: FileSystem = nodeFileSystem,
): unknown {
  return runJob(job, { databaseFile, files, now });
}

/** Runs a call that is done in steps to its end. */
export function toEnd<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Makes an empty database as it was before the step of the schema that makes a table. Whoever asks closes it. */
export function makeOldDatabase(
  file: string,
  before: string,
): { readonly old: DatabaseSyncInstance; readonly version: number } {
  const version = MIGRATIONS.findIndex((step) => new RegExp(`\\bTABLE ${before}\\b`).test(step));
  if (version < 0) throw new Error(`no step of the schema makes ${before}`);
  const old = new DatabaseSync(file);
  for (const step of MIGRATIONS.slice(0, version)) old.exec(step);
  old.exec(`PRAGMA user_version = ${version}`);
  return { old, version };
}

/** Writes questions and answers of many lengths; returns the texts by message id. */
export function fillHistory(database: HistoryDatabase, conversations: number): Map<string, string> {
  const texts = new Map<string, string>();
  for (let index = 0; index < conversations; index += 1) {
    const start = startOf(randomUUID(), `question ${index} ${'words '.repeat((index * 37) % 90)}`);
    const answer = `answer ${index} ${'a longer answer of many words '.repeat((index * 53) % 400)}漢字`;
    database.startReply(start);
    database.appendChunk(start.assistantMessage.id, answer);
    database.endReply({ messageId: start.assistantMessage.id, ...done });
    texts.set(start.userMessage.id, start.userMessage.text);
    texts.set(start.assistantMessage.id, answer);
  }
  return texts;
}

/** The texts of all messages in a file, by id; whole text of running replies included. */
export function textsIn(database: HistoryDatabase): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { id } of database.listConversations())
    for (const message of database.openConversation(id).messages) texts.set(message.id, message.text);
  return texts;
}

/** Verdict of SQLite's most thorough check, and of the full-text indexes' own. */
export function integrityOf(file: string): string {
  const database = new DatabaseSync(file);
  try {
    const verdict = String(database.prepare('PRAGMA integrity_check').get()?.['integrity_check']);
    database.exec(`INSERT INTO message_words (message_words) VALUES ('integrity-check')`);
    database.exec(`INSERT INTO message_grams (message_grams) VALUES ('integrity-check')`);
    return verdict;
  } catch (error) {
    return String(error);
  } finally {
    database.close();
  }
}

/** Removes a database and whatever stands beside it in its folder. */
export function removeHistory(file: string): void {
  rmSync(path.dirname(file), { recursive: true, force: true });
  mkdirSync(path.dirname(file), { recursive: true });
}

/** Copies a database with its log. */
export function copyHistory(from: string, to: string): void {
  for (const suffix of ['', '-wal']) {
    try {
      cpSync(from + suffix, to + suffix);
    } catch (error) {
      if ((error as { code?: string }).code !== 'ENOENT') throw error;
    }
  }
}

/** What each page of a database is for, from SQLite's own statistics. */
export function pagesOf(file: string): { page: number; name: string; kind: string; cells: number }[] {
  const database = new DatabaseSync(file, { readOnly: true });
  const rows = database.prepare('SELECT pageno, name, pagetype, ncell FROM dbstat ORDER BY pageno').all();
  database.close();
  return rows.map((row) => ({
    page: Number(row['pageno']),
    name: String(row['name']),
    kind: String(row['pagetype']),
    cells: Number(row['ncell']),
  }));
}

/** Overwrites one page, and touches nothing else of the file. */
export function damagePage(file: string, page: number, byte = 0xa5): void {
  const descriptor = openSync(file, 'r+');
  try {
    writeSync(descriptor, Buffer.alloc(4_096, byte), 0, 4_096, (page - 1) * 4_096);
  } finally {
    closeSync(descriptor);
  }
}

/** The folder of a profile's backups. */
export function backupsOf(file: string): string {
  return path.join(path.dirname(file), 'backups');
}
