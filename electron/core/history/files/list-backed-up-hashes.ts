import path from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { listBackups } from './backup-folder.ts';
import type { FileSystem } from './file-system.ts';
import type { HistoryPaths } from './history-paths.ts';

/** How long a statement waits for another connection. */
const BUSY_TIMEOUT_MS = 5_000;

/** What backups refer to. */
export interface BackedUpHashes {
  /** Of the files that the backups refer to which could be read. */
  readonly hashes: readonly string[];
  /** When the newest backup was made that could not be read; null: all could. It can refer to no file that was stored later. */
  readonly unreadAt: number | null;
}

/** The hashes of the files that backups refer to. */
export function listBackedUpHashes(files: FileSystem, paths: HistoryPaths): BackedUpHashes {
  const hashes = new Set<string>();
  let unreadAt: number | null = null;
  for (const { name, kind, madeAt } of listBackups(files, paths.backups)) {
    const found = kind === 'damaged' ? null : hashesIn(path.join(paths.backups, name));
    if (found === null) unreadAt = Math.max(unreadAt ?? madeAt, madeAt);
    for (const hash of found ?? []) hashes.add(hash);
  }
  return { hashes: [...hashes], unreadAt };
}

function hashesIn(file: string): string[] | null {
  let backup: DatabaseSyncInstance | null = null;
  try {
    backup = new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    const hasFiles = backup.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'attachments'`).get();
    if (hasFiles === undefined) return [];
    return backup
      .prepare('SELECT DISTINCT hash FROM attachments')
      .all()
      .map((row) => String(row['hash']));
  } catch {
    return null;
  } finally {
    backup?.close();
  }
}
