import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { expect, it } from 'vitest';
import { MIGRATIONS } from '../../../electron/core/history/migrations.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';
import { openTestHistory } from '../history/open-test-history.ts';

const LEDGER_STEP = MIGRATIONS.findIndex((step) => step.includes('CREATE TABLE ledger'));

it('a history from before the ledger keeps its answers and begins a ledger', async () => {
  const folder = temporaryFolder();
  const file = path.join(folder.path, 'history.sqlite');
  const former = new DatabaseSync(file);
  for (const step of MIGRATIONS.slice(0, LEDGER_STEP)) former.exec(step);
  former.exec(`
    INSERT INTO conversations (id, title, head_id, created_at, updated_at) VALUES ('c', 'old', 'm', 1, 1);
    INSERT INTO messages (id, conversation_id, role, text, state, input_tokens, output_tokens, created_at)
      VALUES ('m', 'c', 'assistant', 'answer', 'done', 12, 34, 1);
    PRAGMA user_version = ${LEDGER_STEP};`);
  former.close();
  const history = await openTestHistory(file);
  expect((await history.findMessage('m'))?.usage).toEqual({ inputTokens: 12, outputTokens: 34 });
  expect(await history.ledger.listEntries()).toEqual([]);
  expect((await history.ledger.readReport(null, '2026-11-25')).months).toEqual(['2026-11']);
  await history.close();
  folder.remove();
});
