import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../harness/temporary-folder.ts';
import { DAMAGED_ITEMS, measureTransfers } from '../../transfer/measure-transfers.ts';
import { findProblems } from '../../transfer/render-figures.ts';

let folder: ReturnType<typeof temporaryFolder>;

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(() => folder.remove());

// In full: `npm run test:transfer`.
describe('moving a profile and an export of ChatGPT’s', () => {
  it('is exact, tells how far it is, takes little memory, and names what is damaged', async () => {
    const plan = { messages: 3_000, conversations: 150, chatgptConversations: 150 };
    const all = await measureTransfers(folder.path, plan);
    expect(findProblems(all)).toEqual([]);
    const reports = new Map(
      all.figures.map(({ what, result }) => [
        what,
        result.outcome.kind === 'done' ? result.outcome.report : null,
      ]),
    );
    expect(reports.get('import')).toMatchObject({ importedCount: 150, messageCount: 3_000 });
    expect(reports.get('ChatGPT')).toMatchObject({ importedCount: 150, failureCount: 0 });
    expect(reports.get('ChatGPT, again')).toMatchObject({ importedCount: 0, alreadyHereCount: 150 });
    expect(reports.get('ChatGPT, damaged')).toMatchObject({
      importedCount: 148,
      failures: DAMAGED_ITEMS.map((number) => ({ number })),
    });
  });
});
