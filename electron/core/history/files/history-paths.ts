import path from 'node:path';

/** Where everything of a history is. */
export interface HistoryPaths {
  readonly database: string;
  readonly backups: string;
  /** What is to be done at the next opening. */
  readonly state: string;
  /** A whole, checked database that only has to be put in place. */
  readonly ready: string;
  /** A database that is being built. */
  readonly partial: string;
}

/** The paths beside a database file. */
export function historyPaths(databaseFile: string): HistoryPaths {
  const folder = path.dirname(databaseFile);
  const name = path.basename(databaseFile, '.sqlite');
  return {
    database: databaseFile,
    backups: path.join(folder, 'backups'),
    state: path.join(folder, `${name}-state.json`),
    ready: path.join(folder, `${name}.ready.sqlite`),
    partial: path.join(folder, `${name}.partial.sqlite`),
  };
}
