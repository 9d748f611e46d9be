import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const packageJson = JSON.parse(readFileSync(resolve(import.meta.dirname, 'package.json'), 'utf8')) as {
  version: string;
  devDependencies: { electron: string };
};

const fromRoot = (path: string): string => resolve(import.meta.dirname, path);

/** Facts of package.json that the program needs at run time. */
const define = {
  __APP_VERSION__: JSON.stringify(packageJson.version),
  __PINNED_ELECTRON_MAJOR__: JSON.stringify(Number.parseInt(packageJson.devDependencies.electron, 10)),
};

export default defineConfig({
  main: {
    define,
    build: {
      target: 'node20.18',
      outDir: 'out/main',
      // Everything is bundled, so that the package carries no node_modules but the one native binding.
      externalizeDeps: false,
      rolldownOptions: {
        external: ['electron', /^electron\/.+/, '@photostructure/sqlite'],
        input: {
          main: fromRoot('electron/main/main.ts'),
          'probe-guard': fromRoot('electron/main/platform/probe-guard.ts'),
          'history-worker': fromRoot('electron/core/history/history-worker.ts'),
          'transfer-worker': fromRoot('electron/core/transfer/transfer-worker.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      target: 'node20.18',
      outDir: 'out/preload',
      externalizeDeps: false,
      // A sandboxed preload can load no second file: shared code must not become a chunk.
      isolatedEntries: true,
      rolldownOptions: {
        input: {
          chat: fromRoot('electron/preload/chat.ts'),
          key: fromRoot('electron/preload/key.ts'),
          image: fromRoot('electron/preload/image.ts'),
        },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: fromRoot('renderer'),
    plugins: [react(), tailwindcss()],
    server: { host: '127.0.0.1' },
    build: {
      target: 'chrome130',
      minify: true,
      outDir: fromRoot('out/renderer'),
      // The CSP has neither `data:` scripts nor fonts, and `connect-src 'none'` refuses what the polyfill would fetch.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      sourcemap: false,
      rolldownOptions: {
        input: {
          index: fromRoot('renderer/index.html'),
          key: fromRoot('renderer/key.html'),
          image: fromRoot('renderer/image.html'),
        },
      },
    },
  },
});
