import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { build, type Rolldown } from 'vite';
import { describe, expect, it } from 'vitest';

const repository = path.resolve(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(path.join(repository, file), 'utf8');

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(read('package.json')) as Manifest;
const versions = { ...manifest.dependencies, ...manifest.devDependencies };

describe('package.json', () => {
  it.each(['electron', 'electron-vite', 'react', 'openai', 'electron-store', 'playwright'])(
    'names %s',
    (name) => {
      expect(Object.keys(versions)).toContain(name);
    },
  );

  it('pins every version', () => {
    const loose = Object.entries(versions).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  it('has no package of a stranger that looks like one of ours', () => {
    const scope = ['@xulong', 'zhe'].join('');
    expect(read('package.json')).not.toContain(scope);
    expect(read('package-lock.json')).not.toContain(scope);
  });
});

describe('package-lock.json', () => {
  it('names no host: packages come from whatever registry npm is set to, and are known by their hash', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      packages: Record<
        string,
        { version?: string; resolved?: string; integrity?: string; inBundle?: boolean }
      >;
    };
    const installed = Object.entries(packages).filter(([folder]) => folder !== '');
    expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
    expect(installed.filter(([, { integrity, inBundle }]) => !inBundle && integrity === undefined)).toEqual(
      [],
    );
  });
});

describe('the repository', () => {
  const sources = globSync(
    ['*.md', '{bench,docs,electron,renderer,resources,scripts,tests}/**/*.{css,json,md,mjs,ts,tsx}'],
    { cwd: repository },
  );

  it('holds no mark of a merge that was left unfinished, formatted or not', () => {
    const mark = /^(?:<{7}|>{7}|(?:> ){6}>|\|? *<{7}) ?\S/m;
    expect(sources.filter((file) => mark.test(read(file)))).toEqual([]);
  });

  it('holds no declarations that a compiler left beside their source', () => {
    const declared = sources.filter((file) => file.endsWith('.d.ts'));
    expect(declared).toEqual([path.join('electron', 'main', 'globals.d.ts')]);
  });

  it('gives no module a second name, under which a layer could not be told', () => {
    const settings = globSync(['tsconfig*.json', '{electron,renderer,tests}/**/tsconfig*.json'], {
      cwd: repository,
    });
    expect(settings.length).toBeGreaterThan(5);
    expect(settings.filter((file) => /"(paths|baseUrl)"/.test(read(file)))).toEqual([]);
    expect(read('electron.vite.config.ts')).not.toMatch(/\balias\b/);
    expect(Object.keys(manifest)).not.toContain('imports');
    expect(Object.keys(manifest)).not.toContain('exports');
  });

  it.each([
    'electron/',
    'renderer/',
    'resources/',
    'package.json',
    'tsconfig.json',
    'electron-builder.yml',
    'README.md',
    'LICENSE',
  ])('has %s at its top', (name) => {
    expect(existsSync(path.join(repository, name))).toBe(true);
  });

  it('names no folder and no registry of the machine it was written on', () => {
    const folders = ['work', 'root', 'workspace'].map((name) => `(?<![\\w.~-])/${name}/`);
    const hosts = ['registry', 'npmmirror', 'verdaccio', 'artifactory'].map(
      (name) => `://[^/\\s'"]*${name}\\.`,
    );
    const ownHost = new URL(npm('config', 'get', 'registry')).host.replaceAll('.', '\\.');
    const pattern = new RegExp([...folders, ...hosts, ownHost].join('|'), 'i');
    const found = trackedTexts().filter(({ text }) => pattern.test(text));
    expect(found.map(({ file, text }) => `${file}: ${pattern.exec(text)?.[0] ?? ''}`)).toEqual([]);
  });
});

describe('the renderer', () => {
  it('imports types only of the contract', () => {
    const files = globSync('renderer/**/*.{ts,tsx}', { cwd: repository }).filter(
      (file) => !/\.test\.tsx?$/.test(file),
    );
    const imports = files.flatMap((file) =>
      [...read(file).matchAll(/^(import|export)\b[^;']*'[^']*electron\/contract[^']*'/gm)].map(
        ([statement]) => statement,
      ),
    );
    expect(imports.length).toBeGreaterThan(10);
    expect(imports.filter((statement) => !/^(import|export) type\b/.test(statement))).toEqual([]);
  });

  it('reaches no zod, no openai and no Electron, and nothing of ours outside itself', async () => {
    const modules = await modulesOfPages('index.html', 'key.html', 'image.html');
    const packages = new Set(
      modules.flatMap((id) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1] ?? []),
    );
    const ours = modules.filter((id) => id.startsWith(repository) && !id.includes('node_modules/'));

    expect([...packages]).toEqual(expect.arrayContaining(['react', 'react-dom', 'zustand']));
    for (const name of ['zod', 'openai', 'electron', 'electron-store', '@photostructure/sqlite'])
      expect([...packages]).not.toContain(name);
    expect(ours.length).toBeGreaterThan(10);
    expect(ours.filter((id) => !id.startsWith(path.join(repository, 'renderer')))).toEqual([]);
  });
});

/** What ends up in the bundles of these pages, as paths: found by bundling them, not by reading imports. */
async function modulesOfPages(...pages: readonly string[]): Promise<string[]> {
  const root = path.join(repository, 'renderer');
  const input = pages.map((page) => path.join(root, page));
  const built = await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, rolldownOptions: { input } },
  });
  const { output } = built as Rolldown.RolldownOutput;
  return output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
}

function npm(...args: string[]): string {
  return execFileSync('npm', args, {
    cwd: repository,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  }).trim();
}

function trackedTexts(): { readonly file: string; readonly text: string }[] {
  const list = execFileSync('git', ['-c', 'safe.directory=*', 'ls-files', '-z'], {
    cwd: repository,
    encoding: 'utf8',
  });
  return list
    .split('\0')
    .filter((file) => file !== '' && existsSync(path.join(repository, file)))
    .map((file) => ({ file, text: read(file) }))
    .filter(({ text }) => !text.includes('\0'));
}
