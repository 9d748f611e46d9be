import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { temporaryFolder } from '../../harness/temporary-folder.ts';
import { openTestHistory, startOf } from './open-test-history.ts';

// Started as a child process by history.test.ts: a thread that is ended in the middle of a native call takes the process along.

const folder = temporaryFolder();
let refused = 0;
for (let round = 0; round < 100; round += 1) {
  const history = await openTestHistory(path.join(folder.path, `${round}.sqlite`));
  await history.startReply(startOf(randomUUID()));
  const closing = history.close();
  for (let call = 0; call < 30; call += 1) {
    history.listConversations().catch(() => {
      refused += 1;
    });
  }
  await closing;
}
folder.remove();
process.stdout.write(`refused ${refused}\n`);
