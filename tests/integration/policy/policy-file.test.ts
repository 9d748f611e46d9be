import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_POLICY_BYTES } from '../../../electron/contract/model/policy.ts';
import { OPEN_POLICY } from '../../../electron/core/policy/policy.ts';
import { openPolicy } from '../../../electron/main/platform/open-policy.ts';
import { findPolicyPlace, type PolicyPlace } from '../../../electron/main/platform/policy-file.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';

const RULES = '{ "version": 1, "allowsExport": false }';
const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

let folder: ReturnType<typeof temporaryFolder>;
let place: PolicyPlace;

beforeEach(() => {
  folder = temporaryFolder();
  const home = path.join(realpathSync(folder.path), 'latchkey');
  mkdirSync(home, { mode: 0o755 });
  place = findPolicyPlace(path.join(home, 'policy.json'), 'linux');
});

afterEach(() => {
  chmodSync(path.dirname(place.path), 0o755);
  folder.remove();
});

function write(text: string | Uint8Array = RULES, mode = 0o644): void {
  writeFileSync(place.path, text);
  chmodSync(place.path, mode);
}

const home = () => path.dirname(place.path);

describe('the place of the policy', () => {
  it.each([
    ['linux', '/etc/latchkey/policy.json', [0]],
    ['freebsd', '/etc/latchkey/policy.json', [0]],
    ['darwin', '/Library/Application Support/Latchkey/policy.json', [0]],
    ['win32', 'C:\\ProgramData\\Latchkey\\policy.json', null],
  ] as const)('on %s is machine-wide and only root is its owner', (platform, file, owners) => {
    expect(findPolicyPlace(null, platform)).toEqual({ path: file, owners, acceptsSticky: false });
  });

  it('does not move with the environment', () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      ProgramData: '/tmp',
      PROGRAMDATA: '/tmp',
      XDG_CONFIG_DIRS: '/tmp',
      HOME: '/tmp',
    });
    const places = (['linux', 'darwin', 'win32'] as const).map(
      (platform) => findPolicyPlace(null, platform).path,
    );
    process.env = before;
    expect(places.filter((found) => found.includes('tmp'))).toEqual([]);
  });
});

describe('a policy file', () => {
  it('is taken when it and the folders above it are trustworthy', () => {
    write();
    expect(openPolicy(place)).toMatchObject({
      allowsExport: false,
      inForce: { path: place.path, rules: { version: 1 } },
    });
  });

  it.each([0o400, 0o444, 0o600, 0o640, 0o755])('is taken with mode %o', (mode) => {
    write(RULES, mode);
    expect(openPolicy(place)).toMatchObject({ allowsExport: false });
  });

  it('may begin with the mark that Windows editors write', () => {
    write(`\uFEFF${RULES}`);
    expect(openPolicy(place)).toMatchObject({ allowsExport: false });
  });

  it('that is absent is no policy, and neither is an absent folder', () => {
    expect(openPolicy(place)).toBe(OPEN_POLICY);
    rmSync(home(), { recursive: true });
    expect(openPolicy(place)).toBe(OPEN_POLICY);
    mkdirSync(home());
  });

  it.each([
    ['the file', 0o666, 0o755, /The file can be written by others than its owner \(mode 0666\)/],
    ['the file, by its group', 0o664, 0o755, /The file can be written by others/],
    [
      'its folder',
      0o644,
      0o777,
      /The folder .*latchkey can be written by others than its owner \(mode 0777\)/,
    ],
    ['its folder, by its group', 0o644, 0o775, /The folder .* can be written by others/],
  ])('is refused when others can write %s', (_what, fileMode, folderMode, problem) => {
    write(RULES, fileMode);
    chmodSync(home(), folderMode);
    expect(openPolicy(place)).toEqual({
      code: 'policy/untrusted',
      message: expect.stringMatching(problem) as string,
      details: { path: place.path },
    });
  });

  it('is refused, present or absent, when a folder further up can be written by others', () => {
    const upper = path.join(home(), 'upper');
    const deep = { ...place, path: path.join(upper, 'lower', 'policy.json') };
    mkdirSync(path.dirname(deep.path), { recursive: true, mode: 0o755 });
    expect(openPolicy(deep)).toBe(OPEN_POLICY);
    chmodSync(upper, 0o777);
    expect(openPolicy(deep)).toMatchObject({ code: 'policy/untrusted' });
    writeFileSync(deep.path, RULES, { mode: 0o644 });
    expect(openPolicy(deep)).toMatchObject({ code: 'policy/untrusted' });
  });

  it('at its machine-wide place is not taken from a shared folder, sticky or not', () => {
    write();
    const strict: PolicyPlace = { ...place, acceptsSticky: false };
    chmodSync(home(), 0o1777);
    expect(openPolicy(strict)).toMatchObject({ code: 'policy/untrusted' });
  });

  it('of an ordinary user is refused where only root may own it', () => {
    write();
    const strict: PolicyPlace = { ...place, owners: [0] };
    if (isRoot) chownSync(place.path, NOBODY, NOBODY);
    expect(openPolicy(strict)).toMatchObject({
      code: 'policy/untrusted',
      message: expect.stringMatching(/belongs to user \d+; it has to belong to root/) as string,
    });
  });

  it('in a folder of an ordinary user is refused where only root may own it', () => {
    write();
    if (isRoot) chownSync(home(), NOBODY, NOBODY);
    expect(openPolicy({ ...place, owners: [0] })).toMatchObject({
      code: 'policy/untrusted',
      message: expect.stringMatching(/^The folder .* belongs to user \d+/) as string,
    });
  });

  it('is refused as a link, wherever the link leads', () => {
    write();
    renameSync(place.path, `${place.path}.real`);
    for (const target of [`${place.path}.real`, 'nowhere', '/dev/zero']) {
      rmSync(place.path, { force: true });
      symlinkSync(target, place.path);
      expect(openPolicy(place)).toMatchObject({
        code: 'policy/untrusted',
        message: 'The file is not a plain file; a link to one is not followed.',
      });
    }
  });

  it('is refused behind a linked folder', () => {
    write();
    const link = `${home()}-link`;
    symlinkSync(home(), link);
    expect(openPolicy({ ...place, path: path.join(link, 'policy.json') })).toMatchObject({
      code: 'policy/untrusted',
    });
  });

  it('may have a second name: its owner and mode are those of the file itself', () => {
    write();
    linkSync(place.path, `${place.path}.second`);
    expect(openPolicy(place)).toMatchObject({ allowsExport: false });
  });

  it('is refused as a folder, and as a pipe that nobody writes to, without waiting for one', () => {
    mkdirSync(place.path);
    expect(openPolicy(place)).toMatchObject({ code: 'policy/untrusted' });
    rmSync(place.path, { recursive: true });
    execFileSync('mkfifo', ['-m', '644', place.path]);
    expect(openPolicy(place)).toMatchObject({ code: 'policy/untrusted' });
  });

  it('below something that is no folder is refused', () => {
    write();
    expect(openPolicy({ ...place, path: path.join(place.path, 'policy.json') })).toMatchObject({
      code: 'policy/untrusted',
    });
  });

  it.each(Array.from({ length: RULES.length - 1 }, (_, length) => length))(
    'cut off after %i bytes is invalid',
    (length) => {
      write();
      truncateSync(place.path, length);
      expect(openPolicy(place)).toMatchObject({ code: 'policy/invalid', details: { path: place.path } });
    },
  );

  it('that is too large is invalid, and read no further than needed', () => {
    write(' '.repeat(MAX_POLICY_BYTES - RULES.length) + RULES);
    expect(openPolicy(place)).toMatchObject({ allowsExport: false });
    write(`${' '.repeat(MAX_POLICY_BYTES - RULES.length)}${RULES} `);
    expect(openPolicy(place)).toMatchObject({
      code: 'policy/invalid',
      message: 'It is larger than 256 KiB.',
    });
    write('');
    // Sparse: it takes no room on the disk.
    truncateSync(place.path, 2 ** 36);
    expect(openPolicy(place)).toMatchObject({
      code: 'policy/invalid',
      message: 'It is larger than 256 KiB.',
    });
  });

  it.each([
    ['UTF-16', Buffer.from(`\uFEFF${RULES}`, 'utf16le')],
    ['Latin-1', Buffer.from('{ "version": 1, "x": "\u00fc" }', 'latin1')],
    ['zeros', Buffer.alloc(64)],
    ['noise', Buffer.from(Array.from({ length: 999 }, (_, index) => (index * 73) % 256))],
  ])('in %s is invalid', (_what, bytes) => {
    write(bytes);
    expect(openPolicy(place)).toMatchObject({ code: 'policy/invalid' });
  });

  it('with an unknown field is invalid and says which', () => {
    write('{ "version": 1, "allowExport": false }');
    expect(openPolicy(place)).toEqual({
      code: 'policy/invalid',
      message: 'unknown field "allowExport".',
      details: { path: place.path },
    });
  });

  it('is never changed, whatever is wrong with it', () => {
    write('{', 0o666);
    openPolicy(place);
    chmodSync(place.path, 0o644);
    openPolicy(place);
    expect(execFileSync('cat', [place.path], { encoding: 'utf8' })).toBe('{');
  });
});

describe('a policy file that this user may not read', () => {
  it('is no reason to go on without one', () => {
    write();
    const script = `
      import { openPolicy } from ${JSON.stringify(new URL('../../../electron/main/platform/open-policy.ts', import.meta.url).href)};
      if (process.getuid() === 0) process.setuid(${NOBODY});
      console.log(JSON.stringify(openPolicy(${JSON.stringify({ ...place, owners: [0, process.getuid?.() ?? 0] })})));`;
    const ask = () =>
      JSON.parse(
        execFileSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
          encoding: 'utf8',
        }),
      ) as unknown;
    chmodSync(folder.path, 0o755);
    chmodSync(place.path, 0o000);
    expect(ask()).toMatchObject({ code: 'policy/unreadable', message: 'The system said EACCES.' });
    chmodSync(place.path, 0o644);
    chmodSync(home(), 0o600);
    expect(ask()).toMatchObject({ code: 'policy/unreadable', message: 'The system said EACCES.' });
  });
});
