// What may import what. docs: CONTRIBUTING.md, "Layers". The program that reads this table is layers.mjs.

const only = (...names) => ({ has: (name) => names.includes(name) });
const allBut = (...names) => ({ has: (name) => !names.includes(name) });
const all = { has: () => true };

const uiPackages = [
  '@base-ui/react',
  '@tanstack/react-query',
  'lucide-react',
  'marked',
  'react',
  'react-dom',
  'tinykeys',
  'zustand',
];

/**
 * The layers. `layers`, `packages` and `builtins` (those of Node) say what a file of the layer may import; `typesOf` names
 * layers of which it may import types only. `isRestricted`: every specifier must be readable in the source.
 */
export const layers = {
  contract: {
    folder: 'electron/contract',
    layers: only('contract'),
    packages: only('zod'),
    builtins: false,
    isRestricted: true,
  },
  core: {
    folder: 'electron/core',
    layers: only('contract', 'core'),
    packages: only('@photostructure/sqlite', 'openai', 'socks', 'undici', 'yauzl', 'zod'),
    builtins: true,
    isRestricted: true,
  },
  main: {
    folder: 'electron/main',
    layers: only('contract', 'core', 'main'),
    packages: all,
    builtins: true,
    isRestricted: true,
  },
  preload: {
    folder: 'electron/preload',
    layers: only('contract', 'preload'),
    packages: only('electron'),
    builtins: false,
    isRestricted: true,
  },
  renderer: {
    folder: 'renderer',
    layers: only('renderer'),
    typesOf: only('contract'),
    packages: only(...uiPackages),
    builtins: false,
    isRestricted: true,
  },
  scripts: { folder: 'scripts', layers: allBut('tests'), packages: all, builtins: true, isRestricted: false },
  bench: { folder: 'bench', layers: all, packages: all, builtins: true, isRestricted: false },
  tests: { folder: 'tests', layers: all, packages: all, builtins: true, isRestricted: false },
};

/** What `name.test.ts` beside its source may import besides what its layer may; Node's builtins too. */
export const testPackages = only('vitest', 'fast-check');

/** Packages and builtins with one home. The last two load modules and run text: what they are given, nothing here could read. */
export const packageHomes = {
  // In a benchmark the bare SDK is what ours is measured against.
  openai: ['electron/core/providers/openai/', 'bench/'],
  '@photostructure/sqlite': ['electron/core/history/', 'tests/', 'bench/'],
  'electron-store': ['electron/main/platform/'],
  yauzl: ['electron/core/transfer/source/', 'tests/'],
  // One way out: whoever else opened a connection would go around the proxy, the certificates and the log.
  undici: ['electron/core/network/'],
  socks: ['electron/core/network/'],
  'node:module': ['scripts/', 'tests/', 'bench/'],
  'node:vm': ['scripts/', 'tests/', 'bench/'],
};

/**
 * Words with one home, wherever else they stand below `within`: as import, property, destructured name, JSX attribute or
 * whole string. This way no detour by a namespace, a default import or `import()` leads to what is behind them.
 */
export const wordHomes = {
  ipcMain: { within: ['electron/', 'renderer/'], homes: ['electron/main/ipc/'] },
  ipcRenderer: { within: ['electron/', 'renderer/'], homes: ['electron/preload/'] },
  contextBridge: { within: ['electron/', 'renderer/'], homes: ['electron/preload/'] },
  safeStorage: {
    within: ['electron/', 'renderer/'],
    homes: ['electron/main/platform/', 'electron/main/compose.ts'],
  },
  // A crash report may hold memory, and so a key: none is ever made for anybody to send.
  crashReporter: { within: ['electron/', 'renderer/'], homes: [] },
  openExternal: { within: ['electron/', 'renderer/'], homes: ['electron/main/platform/'] },
  latchkey: { within: ['renderer/'], homes: ['renderer/lib/ipc-client.ts', 'renderer/dev/'] },
  dangerouslySetInnerHTML: { within: ['electron/', 'renderer/'], homes: [] },
  innerHTML: { within: ['electron/', 'renderer/'], homes: [] },
  outerHTML: { within: ['electron/', 'renderer/'], homes: [] },
  insertAdjacentHTML: { within: ['electron/', 'renderer/'], homes: [] },
  executeJavaScript: { within: ['electron/', 'renderer/'], homes: [] },
  eval: { within: ['electron/', 'renderer/'], homes: [] },
  Function: { within: ['electron/', 'renderer/'], homes: [] },
  // The file a worker runs may be named in ways that cannot be read.
  Worker: {
    within: ['electron/'],
    // The second watches over a process whose only other thread blocks in the keyring.
    homes: [
      'electron/core/history/',
      'electron/core/transfer/run-transfer.ts',
      'electron/main/platform/answer-keystore-probe.ts',
    ],
  },
  // Source is ESM: nothing loads modules by hand.
  require: { within: ['electron/', 'renderer/'], homes: [] },
  createRequire: { within: ['electron/', 'renderer/'], homes: [] },
  getBuiltinModule: { within: ['electron/', 'renderer/'], homes: [] },
  _linkedBinding: { within: ['electron/', 'renderer/'], homes: [] },
};
