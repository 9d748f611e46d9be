// Runs the app with hot reload; further arguments go to the app: `npm run dev -- --user-data-dir=/tmp/profile`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { startDemoServer } from './demo-server/demo-server.mjs';
import { hasDisplay } from './run/display.mjs';
import { sandboxArguments } from './run/sandbox.mjs';
import { resolveElectron, describeElectron } from './setup/electron-runtime.mjs';
import { inRepository } from './setup/paths.mjs';
import { progress, runCommand, SetupError } from './setup/progress.mjs';

await runCommand(async () => {
  if (!hasDisplay())
    throw new SetupError('There is no display: `npm run dev` needs one (`npm start` brings its own).');
  const electron = await resolveElectron();
  progress('Electron', describeElectron(electron));
  const demoServer = await startDemoServer();
  const appArguments = [
    ...sandboxArguments(),
    `--demo-server=${demoServer.baseUrl}`,
    ...process.argv.slice(2),
  ];
  const command = inRepository('node_modules/electron-vite/bin/electron-vite.js');
  const child = spawn(process.execPath, [command, 'dev', '--', ...appArguments], {
    cwd: inRepository(),
    stdio: 'inherit',
    env: { ...process.env, ELECTRON_EXEC_PATH: electron.executablePath },
  });
  const [code] = await once(child, 'exit');
  await demoServer.stop();
  return code ?? 1;
});
