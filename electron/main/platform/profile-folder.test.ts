import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { discardTemporaryFolder, probeProfileFolder } from './profile-folder.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-profile-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe('probeProfileFolder', () => {
  it('makes the folder, private, and leaves nothing in it', () => {
    const path = join(temporaryFolder(), 'a', 'b');
    expect(probeProfileFolder(path)).toEqual({ path, workingPath: path, blocked: null });
    expect(readdirSync(path)).toEqual([]);
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  it('works in a private temporary folder when the profile cannot be written, and says why', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, 'kept');
    const profile = probeProfileFolder(join(file, 'profile'));
    expect(profile.blocked).toMatchObject({
      code: 'storage/unwritable',
      details: { path: join(file, 'profile'), reason: 'ENOTDIR' },
    });
    expect(statSync(profile.workingPath).mode & 0o777).toBe(0o700);
    discardTemporaryFolder(profile);
    expect(existsSync(profile.workingPath)).toBe(false);
  });

  it('never discards a real profile', () => {
    const path = temporaryFolder();
    discardTemporaryFolder(probeProfileFolder(path));
    expect(existsSync(path)).toBe(true);
  });
});
