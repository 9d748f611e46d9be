import { randomUUID } from 'node:crypto';
import { openTestHistory, startOf } from './open-test-history.ts';

// Started as a child process by removed-messages.test.ts, which kills it between the removal and the end of the deletion.

const [file = '', secret = '', moment = ''] = process.argv.slice(2);
const history = await openTestHistory(file);
const start = startOf(randomUUID(), 'what stays');
const { conversationId } = start.userMessage;
await history.startReply(start);
await history.endReply({
  messageId: start.assistantMessage.id,
  state: 'done',
  error: null,
  usage: null,
  endedAt: 1,
});
let parentId = start.assistantMessage.id;
let topId = '';
for (let index = 0; index < 400; index += 1) {
  const next = startOf(conversationId, `${secret} ${index}`);
  const userMessage = { ...next.userMessage, parentId };
  await history.startReply({ ...next, newConversation: null, userMessage });
  await history.endReply({
    messageId: next.assistantMessage.id,
    state: 'done',
    error: null,
    usage: null,
    endedAt: 1,
  });
  parentId = next.assistantMessage.id;
  if (index === 0) topId = userMessage.id;
}
await history.removeMessage(topId, 5_000);
if (moment === 'while purging') {
  // Not awaited: the process dies somewhere in the steps of it.
  void history.purgeRemoved(5_000);
  await history.listConversations();
}
process.stdout.write(`${conversationId} ${topId}\n`);
setInterval(() => undefined, 1_000);
