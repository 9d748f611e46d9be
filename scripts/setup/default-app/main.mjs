// What `electron <folder>` runs on the development runtime: the part of Electron's own default app that loads a folder.
// It has to be an ES module whose top-level `await import()` keeps `ready` waiting: a later import would come too late for
// `protocol.registerSchemesAsPrivileged`.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { app } from 'electron';

const { entry, preloads } = parseArguments(process.argv.slice(1));
if (entry === undefined) {
  process.stderr.write('The development runtime needs the folder or file to run as its first argument.\n');
  process.exit(2);
}
const require = createRequire(import.meta.url);
for (const preload of preloads) require(path.resolve(preload));
await import(pathToFileURL(prepareApp(path.resolve(entry))).href);

/** Playwright passes `-r loader.js` before the app's folder; the first argument that is no switch is the app. */
function parseArguments(args) {
  const preloads = [];
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index];
    if (argument === '-r' || argument === '--require') preloads.push(args[(index += 1)]);
    else if (!argument.startsWith('-')) return { entry: argument, preloads };
  }
  return { entry: undefined, preloads };
}

function prepareApp(target) {
  if (statSync(target).isFile()) {
    app.setAppPath(path.dirname(target));
    return target;
  }
  const manifestPath = path.join(target, 'package.json');
  const manifest = existsSync(manifestPath) ? JSON.parse(readFileSync(manifestPath, 'utf8')) : {};
  const name = manifest.productName ?? manifest.name;
  app.setAppPath(target);
  if (name) app.setName(name);
  if (manifest.version) app.setVersion(manifest.version);
  if (name && !app.commandLine.hasSwitch('user-data-dir')) app.setPath('userData', path.join(app.getPath('appData'), name));
  return path.join(target, manifest.main ?? 'index.js');
}
