// Runs the demo server by itself: `npm run demo-server -- [--port N] [--tokens-per-second N]`.
import { parseArgs } from 'node:util';

import { runCommand } from '../setup/progress.mjs';
import { startDemoServer } from './demo-server.mjs';

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4010' },
      'tokens-per-second': { type: 'string', default: '90' },
    },
  });
  const server = await startDemoServer({
    port: Number(values.port),
    tokensPerSecond: Number(values['tokens-per-second']),
  });
  process.stdout.write(`Demo server: ${server.baseUrl} (any key or none; stop with Ctrl+C)\n`);
  process.stdout.write(`Use it with: npm start -- --connection-url ${server.baseUrl}\n`);
  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  await server.stop();
});
