import { randomUUID } from 'node:crypto';
import { openTestHistory, startOf } from './open-test-history.ts';

// Started as a child process by history.test.ts, which kills it in the middle.

const history = await openTestHistory(process.argv[2] ?? '');
const start = startOf(randomUUID());
await history.startReply(start);
process.stdout.write(`${start.assistantMessage.conversationId}\n`);
for (let index = 0; ; index += 1) {
  await history.appendChunk(start.assistantMessage.id, `w${index} `);
  process.stdout.write(`chunk ${index}\n`);
}
