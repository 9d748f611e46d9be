import path from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { listBackups } from './backup-folder.ts';
import type { FileSystem } from './file-system.ts';
import type { HistoryPaths } from './history-paths.ts';

/** How long a statement waits for another connection. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * The hashes of the files that backups refer to, or null when a backup cannot be read: a file that only it refers to would be
 * taken for one that nothing does.
 */
export function listBackedUpHashes(files: FileSystem, paths: HistoryPaths): string[] | null {
  const hashes = new Set<string>();
  for (const { name, kind } of listBackups(files, paths.backups)) {
    const found = kind === 'damaged' ? null : hashesIn(path.join(paths.backups, name));
    if (found === null) return null;
    for (const hash of found) hashes.add(hash);
  }
  return [...hashes];
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
