/** A file that breaks a rule, and the rule that has to say so. */
export interface Plant {
  readonly name: string;
  readonly file: string;
  readonly source: string;
  readonly rule: string;
}

interface Breach {
  readonly name: string;
  readonly folder: string;
  readonly rule: string;
  /** The module, one of its exports and one of its subpaths. */
  readonly module: string;
  readonly member: string;
  readonly subpath: string;
  /** True when the module may be imported there, and only the member may not be used. */
  readonly isMemberOnly?: boolean;
}

const breaches: readonly Breach[] = [
  {
    name: 'core imports electron',
    folder: 'electron/core/chat',
    rule: 'layer/core',
    module: 'electron',
    member: 'app',
    subpath: 'electron/main',
  },
  {
    name: 'the renderer imports a builtin of Node',
    folder: 'renderer/lib',
    rule: 'layer/renderer',
    module: 'node:fs',
    member: 'readFileSync',
    subpath: 'fs/promises',
  },
  {
    name: 'the renderer imports electron',
    folder: 'renderer/lib',
    rule: 'layer/renderer',
    module: 'electron',
    member: 'ipcRenderer',
    subpath: 'electron/renderer',
  },
  {
    name: 'openai is imported outside its provider',
    folder: 'electron/main/windows',
    rule: 'package/openai',
    module: 'openai',
    member: 'OpenAI',
    subpath: 'openai/resources/responses/responses',
  },
  {
    name: 'ipcMain is used outside main/ipc',
    folder: 'electron/main/windows',
    rule: 'word/ipcMain',
    module: 'electron',
    member: 'ipcMain',
    subpath: 'electron/main',
    isMemberOnly: true,
  },
];

type Form = (breach: Breach) => string;

const makeLoader = `import { createRequire } from 'node:module';\nconst load = createRequire(import.meta.url);\n`;

/** The forms of an import that a checked tree has to turn red for. */
const basicForms: Readonly<Record<string, Form>> = {
  named: ({ module, member }) =>
    `import { ${member} as found } from '${module}';\nexport const used = found;\n`,
  namespace: ({ module, member }) =>
    `import * as all from '${module}';\nexport const used = all.${member};\n`,
  default: ({ module, member }) => `import all from '${module}';\nexport const used = all.${member};\n`,
  dynamic: ({ module, member }) => `export const used = (await import('${module}')).${member};\n`,
  require: ({ module, member }) => `export const used = require('${module}').${member};\n`,
  createRequire: ({ module, member }) => `${makeLoader}export const used = load('${module}').${member};\n`,
  subpath: ({ subpath, member }) =>
    `import { ${member} } from '${subpath}';\nexport const used = ${member};\n`,
};

const furtherForms: Readonly<Record<string, Form>> = {
  're-export': ({ module, member }) => `export { ${member} } from '${module}';\n`,
  'type-only import': ({ module, member }) =>
    `import type { ${member} } from '${module}';\nexport type Used = typeof ${member};\n`,
  'import type': ({ module, member }) => `export type Used = typeof import('${module}')['${member}'];\n`,
  'import equals': ({ module, member }) =>
    `import all = require('${module}');\nexport const used = all.${member};\n`,
  'destructured dynamic': ({ module, member }) =>
    `const { ${member}: found } = await import(\`${module}\`);\nexport const used = found;\n`,
  'named in a string': ({ module, member }) =>
    `import * as all from '${module}';\nexport const used = all['${member.slice(0, 2)}' + '${member.slice(2)}'];\n`,
  'createRequire under another name': ({ module, member }) =>
    `import { createRequire as make } from 'module';\nconst load = make(import.meta.url);\nconst again = load;\nexport const used = again('${module}')['${member}'];\n`,
  'createRequire called at once': ({ module, member }) =>
    `import * as loading from 'node:module';\nexport const used = loading.createRequire(import.meta.url)('${module}').${member};\n`,
};

/** Forms that break a rule by naming the module alone. */
const moduleForms: Readonly<Record<string, Form>> = {
  'side effect': ({ module }) => `import '${module}';\n`,
  'whole re-export': ({ module }) => `export * from '${module}';\n`,
  'import.meta.resolve': ({ module }) => `export const used = import.meta.resolve('${module}');\n`,
  getBuiltinModule: ({ module }) => `export const used = process.getBuiltinModule('${module}');\n`,
};

/** Every rule in the forms in which it may be broken most often. */
export const basicPlants: readonly Plant[] = breaches.flatMap((breach) => plantsOf(breach, basicForms));

/** Every rule in every other form. */
export const furtherPlants: readonly Plant[] = breaches.flatMap((breach) =>
  plantsOf(breach, breach.isMemberOnly ? furtherForms : { ...furtherForms, ...moduleForms }),
);

function plantsOf(breach: Breach, forms: Readonly<Record<string, Form>>): Plant[] {
  return Object.entries(forms).map(([form, write]) => {
    const name = `${breach.name}: ${form}`;
    return {
      name,
      file: `${breach.folder}/planted-${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}.ts`,
      source: write(breach),
      rule: breach.rule,
    };
  });
}

/** One file for every other rule and for every detour; an empty rule is that of a file which another one needs. */
export const otherPlants: readonly Plant[] = Object.entries({
  'electron/contract/planted-npm.ts': ['layer/contract', `import 'react';\n`],
  'electron/contract/planted-builtin.ts': ['layer/contract', `import 'path';\n`],
  'electron/contract/planted-core.ts': ['layer/contract', `import '../core/ports.ts';\n`],
  'electron/core/planted-main.ts': ['layer/core', `import '../main/compose.ts';\n`],
  'electron/core/planted-preload.ts': ['layer/core', `import '../preload/chat.ts';\n`],
  'electron/core/planted-renderer.ts': ['layer/core', `import '../../renderer/lib/format.ts';\n`],
  'electron/core/planted-tests.ts': ['layer/core', `import '../../tests/harness/raw-server.ts';\n`],
  'electron/core/planted-path.ts': ['layer/core', `import '../../node_modules/electron/index.js';\n`],
  'electron/core/planted-variable.ts': [
    'import/unreadable',
    `const name = 'electron';\nexport const used = await import(name);\n`,
  ],
  'electron/core/planted-data.ts': ['import/unreadable', `import 'data:text/javascript,';\n`],
  'electron/core/planted-store.ts': ['package/electron-store', `import 'electron-store';\n`],
  'electron/core/planted-sqlite.ts': ['package/@photostructure/sqlite', `import '@photostructure/sqlite';\n`],
  'electron/core/planted.test.ts': ['layer/core', `import 'electron';\n`],
  'electron/core/planted-cycle-a.ts': ['cycle', `import './planted-cycle-b.ts';\n`],
  'electron/core/planted-cycle-b.ts': ['', `import './planted-cycle-a.ts';\n`],
  'electron/core/planted-alias.ts': ['layer/core', `import '@main/compose';\n`],
  'electron/core/planted-wrapper.ts': ['layer/core', `import '@electron/remote';\n`],
  'electron/core/planted-query.ts': ['layer/core', `import 'electron?worker';\n`],
  'electron/core/planted-escaped.ts': ['import/unreadable', `import '../m%61in/compose.ts';\n`],
  'electron/core/planted-host.ts': ['import/unreadable', `import 'file://elsewhere/compose.ts';\n`],
  'electron/core/planted-url.ts': [
    'layer/core',
    `export const used = new URL('../main/main.ts', import.meta.url);\n`,
  ],
  'electron/core/planted-worker.ts': [
    'word/Worker',
    `import { Worker } from 'node:worker_threads';\nexport const used = new Worker('');\n`,
  ],
  'electron/core/planted-load.ts': [
    'package/node:module',
    `import loading from 'module';\nexport const used = loading['_lo' + 'ad']('electron');\n`,
  ],
  'electron/core/planted-vm.ts': ['package/node:vm', `import 'vm';\n`],
  'electron/core/planted-binding.ts': [
    'word/_linkedBinding',
    `export const used = process._linkedBinding('electron_browser_app');\n`,
  ],
  'electron/core/planted-types.ts': ['layer/core', `/// <reference preserve="true" types="electron" />\n`],
  'electron/core/planted-lib.ts': ['layer/core', `/// <reference lib="dom" />\n`],
  'electron/core/planted-syntax.ts': ['syntax', `import {\n`],
  'electron/main/planted-renderer.ts': ['layer/main', `import '../../renderer/lib/format.ts';\n`],
  'electron/main/planted-tests.ts': ['layer/main', `import '../../tests/harness/raw-server.ts';\n`],
  'electron/main/planted-bridge.ts': ['word/contextBridge', `export { contextBridge } from 'electron';\n`],
  'electron/main/planted-all.ts': ['import/by-name', `export * from 'electron';\n`],
  'electron/main/planted-computed.ts': [
    'import/by-name',
    `import * as all from 'electron';\nexport const used = Reflect.get(all, ['ipc', 'Main'].join(''));\n`,
  ],
  'electron/main/planted-whole.ts': ['import/by-name', `export const used = await import('electron');\n`],
  'electron/main/planted-openai.ts': ['package/openai', `import 'openai?raw';\n`],
  'electron/main/planted-safe.ts': ['word/safeStorage', `import { safeStorage } from 'electron';\n`],
  'electron/main/planted-crash.ts': ['word/crashReporter', `export { crashReporter } from 'electron';\n`],
  'electron/main/planted-open.ts': [
    'word/openExternal',
    `import { shell } from 'electron';\nvoid shell.openExternal('');\n`,
  ],
  'electron/main/planted-script.ts': [
    'word/executeJavaScript',
    `export const run = (page: Electron.WebContents) => page.executeJavaScript('1');\n`,
  ],
  'electron/main/planted-eval.ts': ['word/eval', `globalThis.eval('1');\n`],
  'electron/main/planted-function.ts': ['word/Function', `export const made = new Function('1');\n`],
  'electron/preload/planted-core.ts': ['layer/preload', `import '../core/ports.ts';\n`],
  'electron/preload/planted-npm.ts': ['layer/preload', `import 'zod';\n`],
  'electron/other/planted.ts': ['layer/unknown', `import 'zod';\n`],
  'renderer/lib/planted-value.ts': ['layer/renderer', `import '../../electron/contract/contract.ts';\n`],
  'renderer/lib/planted-inline.ts': [
    'layer/renderer',
    `import { type Id } from '../../electron/contract/model/ids.ts';\nexport type Used = Id;\n`,
  ],
  'renderer/lib/planted-core.ts': [
    'layer/renderer',
    `import type { Clock } from '../../electron/core/ports.ts';\nexport type Used = Clock;\n`,
  ],
  'renderer/lib/planted-zod.ts': ['layer/renderer', `import 'zod';\n`],
  'renderer/lib/planted-directive.ts': ['layer/renderer', `/// <reference types="electron" />\n`],
  'renderer/lib/planted-node-types.ts': ['layer/renderer', `/// <reference types="node" />\n`],
  'renderer/lib/planted-pragma.tsx': [
    'layer/renderer',
    `/** @jsxImportSource electron */\nexport const used = <p />;\n`,
  ],
  'renderer/lib/planted-worker.ts': [
    'layer/renderer',
    `export const used = new Worker(new URL('../../electron/main/main.ts', import.meta.url));\n`,
  ],
  'renderer/lib/planted-detour.ts': ['import/test', `import './planted-detour.test.ts';\n`],
  'renderer/lib/planted-detour.test.ts': ['', `import 'node:fs';\n`],
  'renderer/lib/planted-glob.ts': [
    'import/unreadable',
    `export const all = import.meta.glob('../../electron/**');\n`,
  ],
  'renderer/lib/planted-bridge.ts': ['word/latchkey', `export const { latchkey } = window;\n`],
  'renderer/lib/planted-html.tsx': [
    'word/dangerouslySetInnerHTML',
    `export const raw = <div dangerouslySetInnerHTML={{ __html: '' }} />;\n`,
  ],
  'renderer/lib/planted-text.ts': ['word/innerHTML', `document.body['innerHTML'] = '';\n`],
  'renderer/features/composer/planted.ts': ['feature', `import '../settings/settings-dialog.tsx';\n`],
  'electron/planted.ts': ['layer/unknown', `export const used = 1;\n`],
  'library/planted.ts': ['layer/unknown', `export const used = 1;\n`],
  'scripts/planted-tests.cjs': ['layer/scripts', `require('../tests/harness/raw-server.ts');\n`],
} satisfies Record<string, readonly [rule: string, source: string]>).map(([file, [rule, source]]) => ({
  name: file,
  file,
  source,
  rule,
}));
