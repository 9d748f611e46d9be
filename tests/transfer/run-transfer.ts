// `npm run test:transfer`: moves a large profile out and in again, and a large export of ChatGPT's in, and prints the figures.
import { parseArgs } from 'node:util';
import { temporaryFolder } from '../harness/temporary-folder.ts';
import { measureTransfers } from './measure-transfers.ts';
import { findProblems, renderFigures } from './render-figures.ts';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '100000' },
    conversations: { type: 'string', default: '5000' },
  },
});
const folder = temporaryFolder();
try {
  const figures = await measureTransfers(folder.path, {
    messages: Number(values.messages),
    conversations: Number(values.conversations),
    chatgptConversations: Number(values.conversations),
  });
  process.stdout.write(`\n${renderFigures(figures)}`);
  const problems = findProblems(figures);
  for (const problem of problems) process.stdout.write(`FAILED ${problem}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  folder.remove();
}
