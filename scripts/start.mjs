// `npm start`: from a fresh clone to the open app. Only node: builtins may be imported before the set-up has run.
import { runCommand } from './setup/progress.mjs';
import { setUp } from './setup/setup.mjs';
import { parseStartOptions, startHelp } from './start-options.mjs';

const options = readOptions();
if (options?.help) process.stdout.write(startHelp);
else if (options) await runCommand(() => start(options));

async function start(startOptions) {
  if (startOptions.retryDownload) process.env.LATCHKEY_ELECTRON_DOWNLOAD = 'retry';
  const electron = await setUp();
  const { buildApp } = await import('./build-app.mjs');
  await buildApp();
  const { startApp } = await import('./run/start-app.mjs');
  return startApp({ electron, options: startOptions });
}

function readOptions() {
  try {
    return parseStartOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${startHelp}`);
    process.exitCode = 2;
    return undefined;
  }
}
