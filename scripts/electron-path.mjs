// Prints the path of the Electron executable, and nothing else, on stdout.
import { resolveElectron } from './setup/electron-runtime.mjs';
import { reportProgressOnStderr, runCommand } from './setup/progress.mjs';

await runCommand(async () => {
  reportProgressOnStderr();
  process.stdout.write(`${(await resolveElectron()).executablePath}\n`);
});
