import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../../electron/contract/app-error.ts';
import { routes, type RouteName } from '../../../electron/contract/contract.ts';
import { createTestCore, type TestCore } from '../../harness/create-test-core.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';

let folder: ReturnType<typeof temporaryFolder>;
let app: TestCore;

beforeEach(async () => {
  folder = temporaryFolder();
  app = await createTestCore({ folder: folder.path });
});

afterEach(async () => {
  await app.stop();
  folder.remove();
});

describe('the router', () => {
  it('answers whatever a window sends with a result, and nothing is ever internal', async () => {
    const names = Object.keys(routes) as RouteName[];
    const route = fc.oneof(
      fc.constantFrom<string>(...names),
      fc.constantFrom('__proto__', 'toString', ''),
      fc.string(),
    );
    const input = fc.oneof(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true }),
      fc.record({ id: fc.uuid(), conversationId: fc.uuid(), messageId: fc.uuid(), text: fc.string() }),
      fc.record({ id: fc.uuid() }),
    );
    const kind = fc.constantFrom('chat' as const, 'key' as const);
    await fc.assert(
      fc.asyncProperty(route, input, kind, async (name, value, caller) => {
        const result = await app.core.router.dispatch({ kind: caller, id: 1 }, name, value);
        structuredClone(result);
        if (result.ok) return;
        expect(ERROR_CODES).toContain(result.error.code);
        expect(result.error.code).not.toBe('internal');
        expect(Object.keys(result.error).toSorted()).toEqual(['code', 'details', 'message']);
      }),
      { numRuns: 5_000 },
    );
  });
});
