import { describe, expect, it } from 'vitest';
import type { Backup, BackupKind } from '../../../contract/model/backup.ts';
import { backupName, surplusOf } from './backup-folder.ts';

const DAY_MS = 86_400_000;

function backups(...kinds: readonly BackupKind[]): Backup[] {
  return kinds.map((kind, index) => {
    const madeAt = 1_000 * DAY_MS - index * DAY_MS;
    return { kind, madeAt, name: backupName(kind, madeAt), bytes: 10 };
  });
}

function removed(list: readonly Backup[], maxTotalBytes = 1_000): number[] {
  const surplus = surplusOf(list, maxTotalBytes);
  return list.flatMap((backup, index) => (surplus.includes(backup) ? [index] : []));
}

describe('backups', () => {
  it('are kept for seven days and three upgrades, each counted by itself', () => {
    expect(removed(backups(...Array<BackupKind>(9).fill('daily')))).toEqual([7, 8]);
    expect(removed(backups('upgrade', 'daily', 'upgrade', 'upgrade', 'upgrade'))).toEqual([4]);
  });

  it('that hold what nothing else may hold are left to the person', () => {
    expect(removed(backups(...Array<BackupKind>(9).fill('damaged')))).toEqual([]);
    expect(removed(backups(...Array<BackupKind>(9).fill('replaced')))).toEqual([]);
  });

  it('stay within a size, but the newest is kept whatever its size', () => {
    expect(removed(backups('daily', 'daily', 'daily', 'daily'), 25)).toEqual([2, 3]);
    expect(removed(backups('daily', 'daily'), 5)).toEqual([1]);
  });
});
