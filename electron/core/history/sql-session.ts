import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { mapSqliteError } from './map-sqlite-error.ts';
import type { Row } from './rows.ts';

/** What a statement can be given. */
export type SqlValue = string | number | null;

/** Prepared statements on one connection; whatever SQLite throws leaves as an `AppError` with `storage/*`. */
export class SqlSession {
  readonly #database: DatabaseSyncInstance;
  readonly #file: string;
  readonly #statements = new Map<string, StatementSyncInstance>();

  constructor(database: DatabaseSyncInstance, file: string) {
    this.#database = database;
    this.#file = file;
  }

  exec(sql: string): void {
    this.guarded(() => this.#database.exec(sql));
  }

  /** Returns how many rows were changed. */
  run(sql: string, ...values: readonly SqlValue[]): number {
    return this.guarded(() => Number(this.#prepare(sql).run(...values).changes));
  }

  get(sql: string, ...values: readonly SqlValue[]): Row | undefined {
    return this.guarded(() => this.#prepare(sql).get(...values) as Row | undefined);
  }

  all(sql: string, ...values: readonly SqlValue[]): Row[] {
    return this.guarded(() => this.#prepare(sql).all(...values) as Row[]);
  }

  transaction(action: () => void): void {
    this.exec('BEGIN IMMEDIATE');
    try {
      action();
      this.exec('COMMIT');
    } catch (error) {
      // After some errors (a full disk, say) SQLite has rolled back by itself and ROLLBACK would hide why.
      if (this.#database.isTransaction) this.exec('ROLLBACK');
      throw error;
    }
  }

  /** `synchronous` cannot change inside a transaction, so it is switched around whole statements. */
  withSynchronous(level: 'NORMAL', action: () => void): void {
    this.exec(`PRAGMA synchronous = ${level}`);
    try {
      action();
    } finally {
      this.exec('PRAGMA synchronous = FULL');
    }
  }

  guarded<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw mapSqliteError(error, this.#file);
    }
  }

  #prepare(sql: string): StatementSyncInstance {
    const prepared = this.#statements.get(sql);
    if (prepared !== undefined) return prepared;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
