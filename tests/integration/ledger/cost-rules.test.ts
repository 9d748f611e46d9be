import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { jsonFile, RecordingLogger } from '../../harness/fake-ports.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';
import { NoticeBoard } from '../../../electron/core/notices/notice-board.ts';
import { CostRules } from '../../../electron/core/ledger/cost-rules.ts';

const folder = temporaryFolder();
afterEach(() => folder.remove());

describe('budgets in a file that was damaged', () => {
  it('hold at this start and at every later one', () => {
    const file = path.join(folder.path, 'costs.json');
    const open = (): CostRules =>
      new CostRules(
        jsonFile(file),
        new NoticeBoard({ emit: () => undefined }, { next: randomUUID }),
        new RecordingLogger(),
      );
    const connectionId = randomUUID();
    open().setBudget(connectionId, { dayMicroUsd: null, monthMicroUsd: 10_000 });
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, -3));
    for (const start of ['damaged', 'next', 'one more'])
      expect(open().budgetOf(connectionId), start).toEqual({ dayMicroUsd: null, monthMicroUsd: 10_000 });
  });
});
