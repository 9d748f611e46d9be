import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CostSum } from '../../../electron/contract/model/ledger.ts';
import { createTestCore, type TestCore } from '../../harness/create-test-core.ts';
import { sendHealthy, sendStatus } from '../../harness/faults/exchange.ts';
import { startRawServer, type RawServer } from '../../harness/raw-server.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';
import { MODEL, TEN_DOLLARS } from './ledger-world.ts';

const KEY = 'sk-test-canary-0123456789abcdef';
const OTHER_KEY = 'sk-test-canary-fedcba9876543210';
/** One answer fits while it is expected to cost $0.02; two do not. */
const BUDGET = { dayMicroUsd: null, monthMicroUsd: 30_000 };

let folder: ReturnType<typeof temporaryFolder>;
let server: RawServer;
let app: TestCore;
let connectionId: string;

/** Refuses the first request with a pause of an hour; what comes after costs 33 tokens. */
beforeEach(async () => {
  folder = temporaryFolder();
  server = await startRawServer((_request, socket) => {
    if (server.requests.length > 1) return sendHealthy({ socket, dialect: 'responses' });
    sendStatus(socket, 429, '{"error":{"message":"slower"}}', { 'retry-after': '3600' });
  });
  app = await createTestCore({ folder: folder.path });
  connectionId = await app.addConnection({ baseUrl: server.baseUrl, key: KEY });
  await app.get('ledger.setPrice', { connectionId, model: MODEL, rates: TEN_DOLLARS });
  await app.get('ledger.setBudget', { connectionId, budget: BUDGET });
});

afterEach(async () => {
  await app.stop();
  await server.stop();
  folder.remove();
});

const message = (text: string) => ({ conversationId: null, connectionId, model: MODEL, text });

/** Sends, and comes back once the reply waits. */
async function sendAndWait() {
  const started = await app.get('chat.send', message('hi'));
  await app.events.next('chat.waiting', () => true);
  return started;
}

function end() {
  return app.events.next('chat.ended', () => true);
}

async function total(): Promise<CostSum> {
  return (await app.get('ledger.report', { month: null })).total;
}

describe('a request that is made again', () => {
  it('is billed once', async () => {
    const { streamId } = await sendAndWait();
    await app.get('chat.retryNow', { streamId });
    expect(await end()).toMatchObject({ state: 'done' });
    expect(server.requests).toHaveLength(2);
    expect(await total()).toMatchObject({
      requestCount: 1,
      estimatedCount: 0,
      inputTokens: 11,
      outputTokens: 22,
      costMicroUsd: 330,
    });
  });

  it('holds its part of the budget while it waits, also against Try now, and gives back what is left at its end', async () => {
    const { streamId } = await sendAndWait();
    const refused = { ok: false, error: { code: 'budget/exceeded' } };
    expect(await app.call('chat.send', message('another'))).toMatchObject(refused);
    const release = app.events.next('chat.waiting', ({ waiting }) => waiting === null);
    await app.get('chat.retryNow', { streamId });
    await release;
    expect(await end()).toMatchObject({ state: 'done' });
    expect(server.requests).toHaveLength(2);
    expect(await app.call('chat.send', message('another'))).toMatchObject({ ok: true });
  });

  it('costs nothing when it is stopped while it waits, since it was refused', async () => {
    const { streamId } = await sendAndWait();
    await app.get('chat.cancel', { streamId });
    expect(await end()).toMatchObject({ state: 'cancelled' });
    expect(await total()).toMatchObject({ requestCount: 0, costMicroUsd: 0 });
    expect(await app.call('chat.send', message('another'))).toMatchObject({ ok: true });
  });

  it('is not asked about again when the budget shrinks meanwhile: it was let through once', async () => {
    const { streamId } = await sendAndWait();
    await app.get('ledger.setBudget', { connectionId, budget: { dayMicroUsd: 0, monthMicroUsd: 0 } });
    await app.get('chat.retryNow', { streamId });
    expect(await end()).toMatchObject({ state: 'done' });
    expect(await app.call('chat.send', message('another'))).toMatchObject({ ok: false });
    expect(server.requests).toHaveLength(2);
  });

  it('is written down under the key that took the place of the first', async () => {
    const { streamId } = await sendAndWait();
    await app.get('keys.remove', { connectionId, keyId: await app.keyIdOf(connectionId) });
    await app.get('keys.openWindow', { connectionId, keyId: null });
    await app.get(
      'keyWindow.save',
      {
        provider: 'compatible',
        label: 'new',
        baseUrl: server.baseUrl,
        dialect: 'responses',
        key: { source: 'typed', text: OTHER_KEY },
      },
      'key',
    );
    await app.get('chat.retryNow', { streamId });
    expect(await end()).toMatchObject({ state: 'done' });
    const { breakdowns } = await app.get('ledger.report', { month: null });
    expect(breakdowns.find(({ by }) => by === 'key')?.rows).toMatchObject([
      { id: await app.keyIdOf(connectionId), label: 'new', requestCount: 1 },
    ]);
  });
});
