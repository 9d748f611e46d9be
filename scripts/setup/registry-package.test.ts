import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const missing =
  'sha512-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==';

describe('buildFromRegistry', () => {
  let folder = '';
  let cache = '';
  let spec = '';
  let integrity = '';
  let buildFromRegistry: typeof import('./registry-package.mjs').buildFromRegistry;

  // `npm pack` takes a folder as it takes a name: the same path without a network.
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'latchkey-registry-'));
    vi.stubEnv('XDG_CACHE_HOME', folder);
    cache = path.join(folder, 'latchkey');
    spec = path.join(folder, 'some-package');
    await mkdir(spec);
    await writeFile(
      path.join(spec, 'package.json'),
      JSON.stringify({ name: 'some-package', version: '1.0.0' }),
    );
    await writeFile(path.join(spec, 'tool'), 'the tool');
    const { runNpm } = await import('./run-process.mjs');
    const packed = await runNpm(['pack', spec, '--json', '--silent', '--pack-destination', folder], {
      cwd: folder,
    });
    const listed = JSON.parse(packed.stdout);
    integrity = (Array.isArray(listed) ? listed[0] : listed['some-package']).integrity;
    ({ buildFromRegistry } = await import('./registry-package.mjs'));
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });

  const moveTool = (source: string, target: string) =>
    rename(path.join(source, 'tool'), path.join(target, 'tool'));
  const leftovers = async () => (await readdir(cache)).filter((name) => name.startsWith('incoming-'));

  it('puts what was built in its place when the checksum matches', async () => {
    const destination = path.join(cache, 'good');
    await buildFromRegistry({ spec, integrity, destination, subject: 'Test', build: moveTool });
    expect(await readFile(path.join(destination, 'tool'), 'utf8')).toBe('the tool');
    expect(await leftovers()).toEqual([]);
  });

  it('throws away a package that is not the pinned one, before anything of it runs', async () => {
    const destination = path.join(cache, 'swapped');
    const build = vi.fn(moveTool);
    await expect(
      buildFromRegistry({ spec, integrity: missing, destination, subject: 'Test', build }),
    ).rejects.toThrow('not what was pinned');
    expect(build).not.toHaveBeenCalled();
    expect(existsSync(destination)).toBe(false);
    expect(await leftovers()).toEqual([]);
  });

  it('leaves nothing that looks finished when building fails half-way', async () => {
    const destination = path.join(cache, 'half');
    const build = async (source: string, target: string) => {
      await moveTool(source, target);
      throw new Error('disk full');
    };
    await expect(buildFromRegistry({ spec, integrity, destination, subject: 'Test', build })).rejects.toThrow(
      'disk full',
    );
    expect(existsSync(destination)).toBe(false);
    expect(await leftovers()).toEqual([]);
  });

  it('says which package could not be downloaded', async () => {
    const broken = {
      spec: path.join(folder, 'no-such-package'),
      integrity,
      destination: path.join(cache, 'none'),
    };
    await expect(buildFromRegistry({ ...broken, subject: 'Test', build: moveTool })).rejects.toThrow(
      'Could not download',
    );
  });
});
