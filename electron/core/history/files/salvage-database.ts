import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite';
import { filledColumns, toSalvaged } from './salvaged-row.ts';
import type { Row } from '../rows.ts';
import type { SqlValue } from '../sql-session.ts';

/** What is in a database that was put together from others. */
export interface SalvageCounts {
  readonly conversationCount: number;
  readonly messageCount: number;
}

/** Tables that are made anew rather than copied. */
const DERIVED = /^(?:sqlite_|message_words|message_grams|search_state$|search_ranges$)/;
/** A row of the history takes at least so many bytes, which bounds how many there can be. */
const MIN_ROW_BYTES = 24;
/** What only the running program may hold: an older copy of it would be taken for new. */
const NOT_FROM_BACKUPS: ReadonlySet<string> = new Set([
  'reply_chunks',
  'drafts',
  'draft_attachments',
  'new_chat',
  'backup_purges',
  'backup_message_purges',
]);
/** So many absent or unreadable row ids in a row are tried before a table counts as read. */
const MAX_PROBES = 2_000_000;

/**
 * Copies every row that can be read from `sourceFile` into `target`, a new database of the current schema; rows that are
 * there already win. A page that cannot be read costs the rows on it and no others. Never throws for what is in the source.
 */
export function copyReadableRows(
  sourceFile: string,
  target: DatabaseSyncInstance,
  origin: 'damaged' | 'backup',
): void {
  const source = openSource(sourceFile);
  if (source === null) return;
  try {
    for (const table of copiedTables(target)) {
      if (origin === 'damaged' || !NOT_FROM_BACKUPS.has(table)) copyTable(source, target, table);
    }
  } finally {
    source.close();
  }
}

/**
 * Copies the ledger of one database into another that stands for an earlier moment: what was billed since stays billed. Rows
 * that only the earlier one has are kept.
 */
export function carryLedger(sourceFile: string, target: DatabaseSyncInstance): void {
  const source = openSource(sourceFile);
  if (source === null) return;
  try {
    // Not the order of arrival: it would meet that of rows which are there already.
    const columns = columnsOf(source, 'ledger').filter((column) => column !== 'ordinal');
    if (columns.length === 0) return;
    const names = namesOf(columns);
    // `OR REPLACE`: of a row in both the present one tells how the request ended.
    const insert = target.prepare(
      `INSERT OR REPLACE INTO ledger (${names}) VALUES (${columns.map(() => '?').join(', ')})`,
    );
    target.exec('BEGIN');
    for (const row of readRows(source, 'ledger', names)) {
      const entry = toSalvaged('ledger', row);
      if (entry !== null) insertReadable(insert, entry, columns);
    }
    target.exec('COMMIT');
  } finally {
    source.close();
  }
}

/**
 * Makes a whole of rows that lost others they point to: no message is dropped for want of its conversation or its parent. What was
 * deleted for good and only a backup still had is deleted again; what hangs below a removed message is removed with it.
 */
export function mendReferences(target: DatabaseSyncInstance, now: number): void {
  target.exec(`
    DELETE FROM messages WHERE id IN (SELECT message_id FROM backup_message_purges)
      OR conversation_id IN (SELECT conversation_id FROM backup_purges);
    DELETE FROM conversations WHERE id IN (SELECT conversation_id FROM backup_purges);
    UPDATE conversations SET summary = NULL, summary_up_to = NULL
      WHERE summary_up_to IS NOT NULL AND summary_up_to NOT IN (SELECT id FROM messages);
    INSERT INTO conversations (id, title, created_at, updated_at)
      SELECT conversation_id, 'Recovered conversation', min(created_at), max(created_at) FROM messages
      WHERE conversation_id NOT IN (SELECT id FROM conversations) GROUP BY conversation_id;
    UPDATE messages SET parent_id = NULL WHERE parent_id IS NOT NULL AND parent_id NOT IN (SELECT id FROM messages);
    WITH RECURSIVE below (id, top) AS (
      SELECT id, id FROM messages WHERE removed_at IS NOT NULL
      UNION SELECT m.id, below.top FROM messages m JOIN below ON m.parent_id = below.id WHERE m.removed_at IS NULL
    ) UPDATE messages SET removed_at = 0, removed_with = (SELECT min(top) FROM below WHERE below.id = messages.id)
      WHERE removed_at IS NULL AND id IN (SELECT id FROM below);
    UPDATE messages SET removed_with = id WHERE removed_at IS NOT NULL AND (removed_with IS NULL
      OR removed_with NOT IN (SELECT id FROM messages WHERE removed_at IS NOT NULL AND removed_with = id));
    UPDATE conversations SET head_id = (
        SELECT m.id FROM messages m WHERE m.conversation_id = conversations.id AND m.removed_at IS NULL
        ORDER BY m.ordinal DESC LIMIT 1)
      WHERE head_id IS NULL OR head_id NOT IN (
        SELECT id FROM messages WHERE conversation_id = conversations.id AND removed_at IS NULL);
    DELETE FROM shown_variants WHERE conversation_id NOT IN (SELECT id FROM conversations);
    DELETE FROM reply_chunks WHERE message_id NOT IN (SELECT id FROM messages);
    DELETE FROM message_attachments WHERE message_id NOT IN (SELECT id FROM messages)
      OR attachment_id NOT IN (SELECT id FROM attachments);
    DELETE FROM draft_attachments WHERE attachment_id NOT IN (SELECT id FROM attachments);
    UPDATE search_state SET backlog = (SELECT coalesce(max(ordinal), 0) FROM messages);
  `);
  // A time from a damaged row must not put a conversation at the top for ever.
  target.prepare('UPDATE conversations SET updated_at = created_at WHERE updated_at > ?').run(now);
}

/** How much there is. */
export function countRows(target: DatabaseSyncInstance): SalvageCounts {
  const count = (sql: string): number => Number(target.prepare(sql).get()?.['count'] ?? 0);
  return {
    conversationCount: count('SELECT count(*) AS count FROM conversations WHERE removed_at IS NULL'),
    messageCount: count('SELECT count(*) AS count FROM messages'),
  };
}

/** Read-only, so that looking changes nothing; null when not even that is possible. */
function openSource(file: string): DatabaseSyncInstance | null {
  let source: DatabaseSyncInstance | null = null;
  try {
    source = new DatabaseSync(file, { readOnly: true });
    // A damaged schema must not run anything of its own.
    source.exec('PRAGMA trusted_schema = OFF');
    source.prepare('SELECT count(*) FROM sqlite_schema').get();
    return source;
  } catch {
    source?.close();
    return null;
  }
}

function copiedTables(target: DatabaseSyncInstance): string[] {
  const sql = `SELECT name FROM sqlite_schema WHERE type = 'table'`;
  return rowsOf(target, sql)
    .map((row) => row['name'] as string)
    .filter((name) => !DERIVED.test(name));
}

function copyTable(source: DatabaseSyncInstance, target: DatabaseSyncInstance, table: string): void {
  const known = new Set(columnsOf(source, table));
  const shared = columnsOf(target, table).filter((column) => known.has(column));
  if (shared.length === 0) return;
  const names = namesOf(shared);
  const filled = new Set([...known, ...filledColumns(table)]);
  const columns = columnsOf(target, table).filter((column) => filled.has(column));
  const insert = target.prepare(
    `INSERT OR IGNORE INTO "${table}" (${namesOf(columns)}) VALUES (${columns.map(() => '?').join(', ')})`,
  );
  const keep = (row: Row): void => {
    const salvaged = toSalvaged(table, row);
    if (salvaged !== null) insertReadable(insert, salvaged, columns);
  };
  target.exec('BEGIN');
  for (const row of readRows(source, table, names)) keep(row);
  target.exec('COMMIT');
}

function namesOf(columns: readonly string[]): string {
  return columns.map((column) => `"${column}"`).join(', ');
}

function insertReadable(insert: StatementSyncInstance, row: Row, columns: readonly string[]): void {
  try {
    insert.run(...columns.map((column) => row[column] as SqlValue));
  } catch {
    // A value of a type the table does not take: a damaged row that looked whole.
  }
}

/** All rows that can be read: in order as long as that goes, then one by one around the damage. */
function* readRows(source: DatabaseSyncInstance, table: string, names: string): Generator<Row> {
  const isWithoutRowid = !isReadable(source, `SELECT rowid FROM "${table}" LIMIT 0`);
  if (isWithoutRowid) {
    yield* readInOrder(source, `SELECT ${names} FROM "${table}"`);
    return;
  }
  let last = 0;
  const inOrder = readInOrder(
    source,
    `SELECT rowid AS salvaged_rowid, ${names} FROM "${table}" ORDER BY rowid`,
  );
  let step = inOrder.next();
  for (; step.done !== true; step = inOrder.next()) {
    last = Number(step.value['salvaged_rowid']);
    yield step.value;
  }
  if (step.value === 'complete') return;
  yield* readOneByOne(source, { table, names, after: last });
}

function* readInOrder(source: DatabaseSyncInstance, sql: string): Generator<Row, 'complete' | 'damaged'> {
  try {
    for (const row of source.prepare(sql).iterate()) yield row as Row;
    return 'complete';
  } catch {
    return 'damaged';
  }
}

interface Probe {
  readonly table: string;
  readonly names: string;
  readonly after: number;
}

function* readOneByOne(source: DatabaseSyncInstance, { table, names, after }: Probe): Generator<Row> {
  const one = source.prepare(`SELECT ${names} FROM "${table}" WHERE rowid = ?`);
  const last = lastRowid(source, table, after);
  for (let rowid = after + 1; rowid <= last; rowid += 1) {
    try {
      const row = one.get(rowid);
      if (row !== undefined) yield row as Row;
    } catch {
      // On a damaged page. The next one may be on another.
    }
  }
}

/** The end of the table if it can be read; otherwise as many rows as the file could hold. */
function lastRowid(source: DatabaseSyncInstance, table: string, after: number): number {
  try {
    return Number(source.prepare(`SELECT max(rowid) AS last FROM "${table}"`).get()?.['last'] ?? 0);
  } catch {
    const pages = Number(source.prepare('PRAGMA page_count').get()?.['page_count'] ?? 0);
    const size = Number(source.prepare('PRAGMA page_size').get()?.['page_size'] ?? 4_096);
    return after + Math.min(MAX_PROBES, Math.ceil((pages * size) / MIN_ROW_BYTES));
  }
}

function isReadable(source: DatabaseSyncInstance, sql: string): boolean {
  try {
    source.prepare(sql).all();
    return true;
  } catch {
    return false;
  }
}

function columnsOf(database: DatabaseSyncInstance, table: string): string[] {
  try {
    return rowsOf(database, `SELECT name FROM pragma_table_info('${table}')`).map(
      (row) => row['name'] as string,
    );
  } catch {
    return [];
  }
}

function rowsOf(database: DatabaseSyncInstance, sql: string): Row[] {
  return database.prepare(sql).all() as Row[];
}
