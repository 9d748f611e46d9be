// `npm run test:transfer`: a profile of 100,000 messages out, in and out again, and an export of ChatGPT's in. `npm test` has the same in short.
import { parseArgs } from 'node:util';

import { runCommand } from './setup/progress.mjs';
import { setUp } from './setup/setup.mjs';

const help = `Usage: npm run test:transfer -- [options]

Exports a large profile, imports it into an empty one and exports that: both files must be the same to the byte. Imports an
export of ChatGPT's, whole and damaged. Prints sizes, times and memory over the idle process.

  --messages N        messages of the profile; 100000 unless told
  --conversations N   its conversations, and those of ChatGPT's export; 5000 unless told
  --help              print this
`;

const options = readOptions();
if (options?.help) process.stdout.write(help);
else if (options) {
  await runCommand(async () => {
    await setUp({ systemSets: [] });
    const { runTool } = await import('./testing/run-tool.mjs');
    const { inRepository } = await import('./setup/paths.mjs');
    const script = inRepository('tests/transfer/run-transfer.ts');
    const args = [`--messages=${options.messages}`, `--conversations=${options.conversations}`];
    const { code } = await runTool([script, ...args], { env: process.env });
    return code;
  });
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        messages: { type: 'string', default: '100000' },
        conversations: { type: 'string', default: '5000' },
        help: { type: 'boolean' },
      },
    });
    for (const count of [values.messages, values.conversations])
      if (!/^[1-9]\d{0,6}$/.test(count)) throw new TypeError(`${count} is no number of them.`);
    return values;
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${help}`);
    process.exitCode = 2;
    return undefined;
  }
}
