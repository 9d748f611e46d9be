// What `electron <folder>` runs on the development runtime: the part of Electron's own default app that loads a folder.
// It has to be an ES module whose top-level `await import()` keeps `ready` waiting: a later import would come too late for
// `protocol.registerSchemesAsPrivileged`.
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { app } from 'electron';

const entry = findEntry(process.argv.slice(1));
if (entry === undefined) {
  process.stderr.write('The development runtime needs the folder or file to run as its first argument.\n');
  process.exit(2);
}
await import(pathToFileURL(prepareApp(path.resolve(entry))).href);

/**
 * The first argument that is no switch. `-r loader.js` is skipped: without an `executablePath` Playwright passes a loader that
 * way which forces `--password-store=basic`, and that would hide the real keyring from every test.
 */
function findEntry(args) {
  for (let index = 0; index < args.length; index += 1) {
    if (args[index] === '-r' || args[index] === '--require') index += 1;
    else if (!args[index].startsWith('-')) return args[index];
  }
  return undefined;
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
  if (name && !app.commandLine.hasSwitch('user-data-dir'))
    app.setPath('userData', path.join(app.getPath('appData'), name));
  return path.join(target, manifest.main ?? 'index.js');
}
