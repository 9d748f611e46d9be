import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestCore, type TestCore, type TestCoreOptions } from '../../harness/create-test-core.ts';
import { sendHealthy, sendStatus } from '../../harness/faults/exchange.ts';
import { WHOLE_TEXT } from '../../harness/faults/wire.ts';
import { startRawServer, type RawServer } from '../../harness/raw-server.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';

const KEY = 'sk-test-canary-0123456789abcdef';
const OTHER_KEY = 'sk-test-canary-fedcba9876543210';
const HOUR_MS = 3_600_000;

let folder: ReturnType<typeof temporaryFolder>;
let server: RawServer;
let app: TestCore;
let clockOffsetMs: number;

/** Refuses the first request with a pause of an hour; a closed connection when `failure` is `network`. */
async function open(failure: 'busy' | 'network', options: Omit<TestCoreOptions, 'folder'> = {}) {
  let requestCount = 0;
  server = await startRawServer((_request, socket) => {
    requestCount += 1;
    if (requestCount > 1) return sendHealthy({ socket, dialect: 'responses' });
    if (failure === 'network') return void socket.resetAndDestroy();
    sendStatus(socket, 429, '{"error":{"message":"slower"}}', { 'retry-after': '3600' });
  });
  clockOffsetMs = 0;
  const clock = { now: () => Date.now() + clockOffsetMs };
  app = await createTestCore({ folder: folder.path, clock, ...options });
  return app.addConnection({ baseUrl: server.baseUrl, key: KEY });
}

/** Sends, and comes back once the reply waits. */
async function sendAndWait(connectionId: string) {
  const started = await app.get('chat.send', { conversationId: null, connectionId, model: 'm', text: 'hi' });
  const { waiting } = await app.events.next('chat.waiting', () => true);
  return { ...started, waiting };
}

function end() {
  return app.events.next('chat.ended', () => true);
}

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(async () => {
  await app.stop();
  await server.stop();
  folder.remove();
});

describe('a reply that waits before it asks again', () => {
  it('says when, why and which request it will be, and so does attaching', async () => {
    const connectionId = await open('busy');
    const sentAt = Date.now();
    const { conversationId, streamId, waiting } = await sendAndWait(connectionId);
    expect(waiting).toMatchObject({ attempt: 2, maxAttempts: 3, reason: 'quota/rate-limited' });
    expect(waiting?.retryAt).toBeGreaterThanOrEqual(sentAt + HOUR_MS);
    const live = await app.get('chat.attach', { conversationId });
    expect(live).toMatchObject({ streamId, text: '', waiting, lastSeq: 1 });
    await app.get('chat.cancel', { streamId });
    expect(await end()).toMatchObject({ state: 'cancelled', error: null });
    expect(server.requests).toHaveLength(1);
    expect(app.signals.listenerCount()).toBe(0);
  });

  it('asks at once when a person says so, and only once however often they do', async () => {
    const connectionId = await open('busy');
    const { streamId, conversationId } = await sendAndWait(connectionId);
    await Promise.all([1, 2, 3].map(() => app.get('chat.retryNow', { streamId })));
    expect(await end()).toMatchObject({ state: 'done' });
    await app.get('chat.retryNow', { streamId });
    expect(server.requests).toHaveLength(2);
    const { messages } = await app.get('conversations.open', { id: conversationId });
    expect(messages.at(-1)).toMatchObject({ text: WHOLE_TEXT, state: 'done' });
  });

  it('asks at once after a sleep that was longer than the wait', async () => {
    const { conversationId, waiting } = await sendAndWait(await open('busy'));
    app.signals.send('resumed');
    app.signals.send('online');
    expect(await app.get('chat.attach', { conversationId })).toMatchObject({ waiting });
    expect(app.signals.listenerCount()).toBe(1);
    clockOffsetMs = 2 * HOUR_MS;
    app.signals.send('resumed');
    expect(await end()).toMatchObject({ state: 'done' });
    expect(server.requests).toHaveLength(2);
  });

  it('asks at once when there is a network again, if it was the network that failed', async () => {
    const connectionId = await open('network', { timing: { retryBaseMs: HOUR_MS } });
    await sendAndWait(connectionId);
    app.signals.send('online');
    expect(await end()).toMatchObject({ state: 'done' });
    expect(server.requests).toHaveLength(2);
  });

  it('is interrupted by quitting, and nothing is asked any more', async () => {
    const { conversationId } = await sendAndWait(await open('busy'));
    await app.stop();
    app = await createTestCore({ folder: folder.path });
    const { messages } = await app.get('conversations.open', { id: conversationId });
    expect(messages.at(-1)).toMatchObject({ text: '', state: 'interrupted' });
    expect(server.requests).toHaveLength(1);
  });

  it('does not send a key that was removed meanwhile', async () => {
    const connectionId = await open('busy');
    const { streamId } = await sendAndWait(connectionId);
    await app.get('keys.remove', { connectionId, keyId: await app.keyIdOf(connectionId) });
    await app.get('chat.retryNow', { streamId });
    expect(await end()).toMatchObject({ state: 'failed', error: { code: 'auth/missing-key' } });
    expect(server.requests).toHaveLength(1);
  });

  it('sends the key that replaced it, and remembers the answer under that one', async () => {
    const connectionId = await open('busy');
    const { streamId, conversationId } = await sendAndWait(connectionId);
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
    expect(server.requests.at(-1)?.head).toContain(OTHER_KEY);
    const exposure = await app.get('keys.exposure', { connectionId, keyId: await app.keyIdOf(connectionId) });
    expect(JSON.stringify(exposure)).toContain(conversationId);
  });

  it('gives way when its conversation is deleted', async () => {
    const { conversationId } = await sendAndWait(await open('busy'));
    await app.get('conversations.remove', { id: conversationId });
    expect(await end()).toMatchObject({ state: 'cancelled' });
    expect(server.requests).toHaveLength(1);
  });
});
