import path from 'node:path';
import { AppError } from '../../../contract/app-error.ts';
import {
  BACKUP_NAME,
  backupKindSchema,
  type Backup,
  type BackupKind,
} from '../../../contract/model/backup.ts';
import { removeDatabase, type FileSystem } from './file-system.ts';

/** How many of a kind are kept; the oldest go first. What was replaced or damaged is a person's to remove. */
const KEPT: Readonly<Partial<Record<BackupKind, number>>> = { daily: 7, upgrade: 3, manual: 5 };
/** All backups together take no more than this, but the newest is always kept. */
const MAX_TOTAL_BYTES = 2 * 1_024 ** 3;

/** The backups in a folder, newest first. Whatever else is in it is not looked at. */
export function listBackups(files: FileSystem, folder: string): Backup[] {
  return files
    .list(folder)
    .flatMap((name) => readName(files, folder, name))
    .sort((a, b) => b.madeAt - a.madeAt);
}

/** The path of a listed backup. Throws `storage/no-backup` for any other name. */
export function findBackup(
  files: FileSystem,
  folder: string,
  name: string,
): Backup & { readonly file: string } {
  const backup = listBackups(files, folder).find((each) => each.name === name);
  if (backup === undefined) throw new AppError('storage/no-backup', 'This backup is no longer there.');
  return { ...backup, file: path.join(folder, name) };
}

/** The name of a backup made at a time. */
export function backupName(kind: BackupKind, madeAt: number): string {
  return `history-${new Date(madeAt).toISOString().replaceAll(/[:.]/g, '-')}.${kind}.sqlite`;
}

/** A name that no file has yet: the clock may have been put back. */
export function freeBackupName(files: FileSystem, folder: string, kind: BackupKind, at: number): string {
  for (let madeAt = at; ; madeAt += 1) {
    const name = backupName(kind, madeAt);
    if (!files.exists(path.join(folder, name))) return name;
  }
}

/** Removes what is too old or too much, never the one that was just made: by a clock that was put back it may look oldest. */
export function pruneBackups(files: FileSystem, folder: string, justMade: string): void {
  const backups = listBackups(files, folder);
  const first = backups.filter(({ name }) => name === justMade);
  const others = backups.filter(({ name }) => name !== justMade);
  for (const { name } of surplusOf([...first, ...others], MAX_TOTAL_BYTES))
    removeDatabase(files, path.join(folder, name));
}

/** Which of the backups, newest first, are to go. */
export function surplusOf(backups: readonly Backup[], maxTotalBytes: number): Backup[] {
  const counts = new Map<BackupKind, number>();
  let totalBytes = 0;
  return backups.filter((backup, index) => {
    const count = (counts.get(backup.kind) ?? 0) + 1;
    const kept = KEPT[backup.kind];
    if (kept === undefined) return false;
    if (count > kept || (index > 0 && totalBytes + backup.bytes > maxTotalBytes)) return true;
    counts.set(backup.kind, count);
    totalBytes += backup.bytes;
    return false;
  });
}

function readName(files: FileSystem, folder: string, name: string): Backup[] {
  const match = BACKUP_NAME.exec(name);
  const kind = backupKindSchema.safeParse(match?.[6]);
  if (match === null || !kind.success) return [];
  const madeAt = Date.parse(`${match[1]}T${match[2]}:${match[3]}:${match[4]}.${match[5]}Z`);
  if (!Number.isFinite(madeAt) || madeAt < 0) return [];
  return [{ name, kind: kind.data, madeAt, bytes: files.size(path.join(folder, name)) }];
}
