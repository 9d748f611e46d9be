// Builds the app for production into out/.
import { buildApp } from './build-app.mjs';
import { runCommand } from './setup/progress.mjs';

await runCommand(() => buildApp({ force: true }));
