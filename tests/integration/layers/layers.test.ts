import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../harness/temporary-folder.ts';
import { basicPlants, furtherPlants, otherPlants, type Plant } from './plants.ts';

const repository = path.resolve(import.meta.dirname, '../../..');
const parts = [
  'electron',
  'renderer',
  'resources',
  'bench',
  'scripts',
  'tests',
  'bench',
  'package.json',
  'tsconfig.json',
  'tsconfig.base.json',
  '.oxlintrc.json',
  '.prettierrc.json',
  '.prettierignore',
  '.gitignore',
  'electron.vite.config.ts',
  'vitest.config.ts',
];

/** A copy of the tree, to plant in. */
function copyTree(): ReturnType<typeof temporaryFolder> {
  const folder = temporaryFolder();
  for (const part of parts)
    cpSync(path.join(repository, part), path.join(folder.path, part), { recursive: true });
  symlinkSync(path.join(repository, 'node_modules'), path.join(folder.path, 'node_modules'));
  return folder;
}

function plant(root: string, plants: readonly Plant[]): void {
  for (const { file, source } of plants) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), source);
  }
}

function run(folder: string, ...args: string[]): { readonly code: number | null; readonly lines: string[] } {
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  return { code: status, lines: stdout.split('\n') };
}

const checkLayers = (root: string) =>
  run(root, path.join(repository, 'scripts/lint/layers.mjs'), '--root', root);

function expectReported(lines: readonly string[], { file, rule }: Plant): void {
  const reported = lines.filter((line) => line.startsWith(`${file}:`));
  expect(reported, file).toContainEqual(expect.stringMatching(/^\S+:\d+:\d+ \S+ .+/));
  expect(
    reported.map((line) => line.split(' ')[1]),
    file,
  ).toContain(rule);
}

describe('the layers', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let unplanted: ReturnType<typeof run>;
  let planted: ReturnType<typeof run>;
  const plants = [...basicPlants, ...furtherPlants, ...otherPlants];

  beforeAll(() => {
    folder = copyTree();
    unplanted = checkLayers(folder.path);
    plant(folder.path, plants);
    planted = checkLayers(folder.path);
  });
  afterAll(() => folder.remove());

  it('are kept by the tree', () => {
    expect(unplanted).toEqual({ code: 0, lines: [''] });
  });

  it('turn the check red, and blame no file that was not planted', () => {
    expect(planted.code).toBe(1);
    const files = new Set(plants.map(({ file }) => file));
    expect(planted.lines.filter((line) => line !== '' && !files.has(line.split(':')[0] ?? ''))).toEqual([]);
  });

  it('see a symbolic link, and judge no file through it', () => {
    const tree = temporaryFolder();
    plant(tree.path, [
      { name: '', file: 'electron/main/a.ts', source: `import 'node:fs';\n`, rule: '' },
      { name: '', file: 'electron/core/b.ts', source: `import './host/a.ts';\n`, rule: '' },
    ]);
    symlinkSync('../main', path.join(tree.path, 'electron/core/host'));
    const { code, lines } = checkLayers(tree.path);
    tree.remove();

    expect(code).toBe(1);
    expect(lines.filter((line) => line.startsWith('electron/core/host:1:1 layer/link '))).toHaveLength(1);
  });

  it.each(plants.filter(({ rule }) => rule !== ''))('$name breaks $rule', (breach) => {
    expectReported(planted.lines, breach);
  });
});

describe('what a test beside its source may do', () => {
  it('imports vitest, fast-check, builtins and values of the contract', () => {
    const folder = temporaryFolder();
    const source = `import 'vitest';\nimport 'fast-check';\nimport 'node:fs';\nimport '../electron/contract/a.ts';\n`;
    plant(folder.path, [{ name: '', file: 'renderer/a.test.ts', source, rule: '' }]);
    expect(checkLayers(folder.path).code).toBe(0);
    folder.remove();
  });
});

describe('npm run check', () => {
  it('runs the tier that is tried here', () => {
    const { scripts } = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(scripts['check']).toMatch(/^node scripts\/test\.mjs --only check\b/);
  });

  it('turns red for every rule in every basic form, and says where', { timeout: 400_000 }, () => {
    const folder = copyTree();
    // The tier as `npm run check` runs it, without the set-up before it, which would touch the linked packages.
    const start = `const { runTiers } = await import('./scripts/testing/run-tiers.mjs');
      process.exitCode = await runTiers({ names: ['check'] });`;
    const before = run(folder.path, '--input-type=module', '--eval', start);
    plant(folder.path, basicPlants);
    const after = run(folder.path, '--input-type=module', '--eval', start);
    folder.remove();

    expect(before.lines.filter((line) => line.startsWith('  FAILED'))).toEqual([]);
    expect(before.code).toBe(0);
    expect(after.code).toBe(1);
    expect(after.lines).toContain('  FAILED layers');
    for (const breach of basicPlants) expectReported(after.lines, breach);
  });
});

describe('the editor', () => {
  it('is told by oxlint of what may be read off an import statement', { timeout: 60_000 }, () => {
    const folder = copyTree();
    const shown = basicPlants.filter(({ name, rule }) =>
      rule.startsWith('word/') ? false : /: (named|namespace|default|subpath)$/.test(name),
    );
    plant(folder.path, shown);
    const oxlint = path.join(repository, 'node_modules/oxlint/bin/oxlint');
    const { lines } = run(folder.path, oxlint, '--format=unix', ...shown.map(({ file }) => file));
    folder.remove();

    const warned = lines.filter((line) => line.includes('no-restricted-imports'));
    const missing = shown.filter(({ file }) => !warned.some((line) => line.includes(`${file}:`)));
    expect(shown.length).toBe(16);
    expect(missing.map(({ file }) => file)).toEqual([]);
  });
});
