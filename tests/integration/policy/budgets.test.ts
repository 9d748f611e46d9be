import { LLMock } from '@copilotkit/aimock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestCore, type TestCore } from '../../harness/create-test-core.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';
import { MANAGED_ID, managedConnection, testPolicy } from '../../harness/test-policy.ts';

const MODEL = 'gpt-4o';
const ONE_CENT = 10_000;

let folder: ReturnType<typeof temporaryFolder>;
let server: LLMock;
let app: TestCore;

beforeEach(async () => {
  folder = temporaryFolder();
  server = new LLMock({ port: 0 });
  await server.start();
  // $0.01 an answer, at the price set below.
  server.onMessage(/./, { content: 'An answer.', usage: { input_tokens: 600, output_tokens: 400 } });
});

afterEach(async () => {
  await app.stop();
  await server.stop();
  folder.remove();
});

async function startWith(budgets: readonly object[]): Promise<void> {
  const policy = testPolicy({
    connections: [managedConnection(`${server.url}/v1`, { provider: 'local' })],
    budgets,
  });
  app = await createTestCore({ folder: folder.path, policy });
  await setPrice(MANAGED_ID);
}

async function setPrice(connectionId: string): Promise<void> {
  const rates = {
    inputMicroUsd: 10_000_000,
    cachedInputMicroUsd: null,
    cacheWriteMicroUsd: null,
    outputMicroUsd: 10_000_000,
  };
  await app.get('ledger.setPrice', { connectionId, model: MODEL, rates });
}

const send = (connectionId: string, more: object = {}) =>
  app.call('chat.send', { conversationId: null, connectionId, model: MODEL, text: 'A question', ...more });

async function sendAndEnd(connectionId: string): Promise<void> {
  const result = await send(connectionId);
  if (!result.ok) throw new Error(result.error.code);
  await app.events.next('chat.ended', ({ streamId }) => streamId === result.value.streamId);
}

const answersAskedFor = () => server.getRequests().filter(({ method }) => method === 'POST').length;

describe("an organisation's budget", () => {
  it.each([
    ['of a connection', { connection: MANAGED_ID, monthMicroUsd: ONE_CENT }],
    ['of all connections', { dayMicroUsd: ONE_CENT }],
  ])('%s stops the next request, and no click lets one over it', async (_name, budget) => {
    await startWith([budget]);
    await sendAndEnd(MANAGED_ID);
    for (const more of [{}, { isOverBudgetAllowed: true, isCostAccepted: true }])
      expect(await send(MANAGED_ID, more)).toMatchObject({ ok: false, error: { code: 'budget/exceeded' } });
    expect(answersAskedFor()).toBe(1);
  });

  it('of all connections counts what another one has cost, one that was removed too', async () => {
    await startWith([{ monthMicroUsd: ONE_CENT }]);
    const own = await app.addConnection({ baseUrl: `${server.url}/v1`, key: 'sk-test-0123456789abcdef' });
    await setPrice(own);
    await sendAndEnd(own);
    await app.get('connections.remove', { id: own });
    expect(await send(MANAGED_ID)).toMatchObject({ ok: false, error: { code: 'budget/exceeded' } });
  });

  it("is not widened by a price of one's own that is lower than the known one", async () => {
    await startWith([{ connection: MANAGED_ID, monthMicroUsd: ONE_CENT }]);
    await sendAndEnd(MANAGED_ID);
    const nothing = { inputMicroUsd: 0, cachedInputMicroUsd: 0, cacheWriteMicroUsd: 0, outputMicroUsd: 0 };
    await app.get('ledger.setPrice', { connectionId: MANAGED_ID, model: 'gpt-5.2', rates: nothing });
    expect(await send(MANAGED_ID)).toMatchObject({ ok: false, error: { code: 'budget/exceeded' } });
  });

  it('harms no server of this computer that has no price: that one is free', async () => {
    await startWith([{ connection: MANAGED_ID, monthMicroUsd: ONE_CENT }]);
    await app.get('ledger.setPrice', { connectionId: MANAGED_ID, model: MODEL, rates: null });
    await sendAndEnd(MANAGED_ID);
    await sendAndEnd(MANAGED_ID);
    expect(answersAskedFor()).toBe(2);
  });
});
