import { LLMock } from '@copilotkit/aimock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestCore, type TestCore } from '../../harness/create-test-core.ts';
import {
  EVENT_STREAM_HEAD,
  responseEvent,
  startRawServer,
  type RawServer,
} from '../../harness/raw-server.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';

const KEY = 'sk-test-canary-0123456789abcdef';
const ANSWER = 'The quick brown fox jumps over the lazy dog. '.repeat(12);
const DIALECTS = ['responses', 'chat-completions'] as const;

let folder: ReturnType<typeof temporaryFolder>;
let server: LLMock;
let app: TestCore;

beforeEach(async () => {
  folder = temporaryFolder();
  server = new LLMock({ port: 0 });
  await server.start();
  app = await createTestCore({ folder: folder.path });
});

afterEach(async () => {
  await app.stop();
  await server.stop();
  folder.remove();
});

async function connect(dialect: (typeof DIALECTS)[number] = 'responses'): Promise<string> {
  return app.addConnection({ baseUrl: `${server.url}/v1`, key: KEY, dialect });
}

/** Sends and waits for the end; returns the ids, the end event and the text the events carried. */
async function ask(connectionId: string, text: string, conversationId: string | null = null) {
  const started = await app.get('chat.send', { conversationId, connectionId, model: 'gpt-4o', text });
  const end = await app.events.next('chat.ended', ({ streamId }) => streamId === started.streamId);
  const deltas = app.events.of('chat.delta').filter(({ streamId }) => streamId === started.streamId);
  return { started, end, deltas, text: deltas.map((delta) => delta.text).join('') };
}

describe('a streamed answer', () => {
  it.each(DIALECTS)('arrives whole, in order, with one end and its usage (%s)', async (dialect) => {
    const usage = {
      prompt_tokens: 12,
      completion_tokens: 34,
      input_tokens: 12,
      output_tokens: 34,
      total_tokens: 46,
    };
    server.onMessage(/./, { content: ANSWER, usage }, { chunkSize: 7 });
    const { started, end, deltas, text } = await ask(await connect(dialect), 'Tell me');
    expect(text).toBe(ANSWER);
    expect([...deltas.map(({ seq }) => seq), end.seq]).toEqual(
      Array.from({ length: deltas.length + 1 }, (_, index) => index + 1),
    );
    expect(app.events.of('chat.ended')).toHaveLength(1);
    expect(end).toMatchObject({ state: 'done', error: null });
    expect(end.usage).toEqual({ inputTokens: 12, outputTokens: 34 });
    const { messages } = await app.get('conversations.open', { id: started.conversationId });
    expect(messages.map(({ role, text: stored, state }) => [role, stored, state])).toEqual([
      ['user', 'Tell me', 'done'],
      ['assistant', ANSWER, 'done'],
    ]);
  });

  it('is saved before its end is announced', async () => {
    server.onMessage(/./, { content: ANSWER });
    const connectionId = await connect();
    let storedAtEnd: string | undefined;
    const ended = new Promise<void>((resolve) => {
      app.events.subscribe((event) => {
        if (event.name !== 'chat.ended') return;
        void app.get('conversations.open', { id: event.payload.conversationId }).then(({ messages }) => {
          storedAtEnd = messages.at(-1)?.state;
          resolve();
        });
      });
    });
    await app.get('chat.send', { conversationId: null, connectionId, model: 'gpt-4o', text: 'hi' });
    await ended;
    expect(storedAtEnd).toBe('done');
  });

  it('carries the conversation so far to the server, and the key only in the header', async () => {
    server.onMessage(/./, { content: 'An answer.' });
    const connectionId = await connect('chat-completions');
    const first = await ask(connectionId, 'First question');
    await ask(connectionId, 'Second question', first.started.conversationId);
    const body = server.getLastRequest()?.body as { messages: { role: string; content: string }[] };
    expect(body.messages.map(({ role, content }) => [role, content])).toEqual([
      ['user', 'First question'],
      ['assistant', 'An answer.'],
      ['user', 'Second question'],
    ]);
    expect(JSON.stringify(body)).not.toContain(KEY);
  });

  it('titles the conversation after its first message and lists it', async () => {
    server.onMessage(/./, { content: 'ok' });
    await ask(await connect(), '## Plan a *trip* to Porto\nwith trains');
    expect((await app.get('conversations.list', {})).map(({ title }) => title)).toEqual([
      'Plan a trip to Porto',
    ]);
  });

  it('can be attached to in the middle without losing or doubling text', async () => {
    server.onMessage(/./, { content: ANSWER }, { chunkSize: 4, streamingProfile: { ttft: 5, tps: 200 } });
    const connectionId = await connect();
    const started = await app.get('chat.send', {
      conversationId: null,
      connectionId,
      model: 'gpt-4o',
      text: 'hi',
    });
    await app.events.next('chat.delta', ({ streamId, seq }) => streamId === started.streamId && seq >= 3);
    const live = await app.get('chat.attach', { conversationId: started.conversationId });
    expect(live?.streamId).toBe(started.streamId);
    await app.events.next('chat.ended', ({ streamId }) => streamId === started.streamId);
    const rest = app.events.of('chat.delta').filter(({ seq }) => seq > (live?.lastSeq ?? 0));
    expect((live?.text ?? '') + rest.map(({ text }) => text).join('')).toBe(ANSWER);
    expect(await app.get('chat.attach', { conversationId: started.conversationId })).toBeNull();
  });
});

describe('Stop', () => {
  it.each(DIALECTS)('keeps what arrived, marks it, and is idempotent (%s)', async (dialect) => {
    server.onMessage(/./, { content: ANSWER }, { chunkSize: 4, streamingProfile: { ttft: 5, tps: 100 } });
    const connectionId = await connect(dialect);
    const started = await app.get('chat.send', {
      conversationId: null,
      connectionId,
      model: 'gpt-4o',
      text: 'hi',
    });
    await app.events.next('chat.delta', ({ seq }) => seq >= 2);
    await app.get('chat.cancel', { streamId: started.streamId });
    await app.get('chat.cancel', { streamId: started.streamId });
    const end = await app.events.next('chat.ended', ({ streamId }) => streamId === started.streamId);
    await app.get('chat.cancel', { streamId: started.streamId });
    expect(end).toMatchObject({ state: 'cancelled', error: null });
    expect(app.events.of('chat.ended')).toHaveLength(1);
    const { messages } = await app.get('conversations.open', { id: started.conversationId });
    const kept = messages.at(-1);
    expect(kept?.state).toBe('cancelled');
    expect(kept?.text.length).toBeGreaterThan(0);
    expect(kept?.text.length).toBeLessThan(ANSWER.length);
    expect(ANSWER.startsWith(kept?.text ?? '?')).toBe(true);
  });

  it('leaves room for Continue, which grows the same answer', async () => {
    server.onMessage(/./, { content: ANSWER }, { chunkSize: 4, streamingProfile: { ttft: 5, tps: 100 } });
    const connectionId = await connect();
    const started = await app.get('chat.send', {
      conversationId: null,
      connectionId,
      model: 'gpt-4o',
      text: 'hi',
    });
    await app.events.next('chat.delta', ({ seq }) => seq >= 2);
    await app.get('chat.cancel', { streamId: started.streamId });
    await app.events.next('chat.ended', () => true);
    const partial =
      (await app.get('conversations.open', { id: started.conversationId })).messages.at(-1)?.text ?? '';
    server.clearFixtures();
    server.onMessage(/./, { content: ' And more.' });
    const again = await app.get('chat.continue', {
      messageId: started.assistantMessage.id,
      connectionId,
      model: 'gpt-4o',
    });
    expect(again.assistantMessage.id).toBe(started.assistantMessage.id);
    await app.events.next('chat.ended', ({ streamId }) => streamId === again.streamId);
    const { messages } = await app.get('conversations.open', { id: started.conversationId });
    expect(messages).toHaveLength(2);
    expect(messages.at(-1)).toMatchObject({ text: `${partial} And more.`, state: 'done' });
  });
});

describe('Regenerate', () => {
  it('adds a variant, keeps the old one, and can show either', async () => {
    server.onMessage(/./, { content: 'one' });
    const connectionId = await connect();
    const { started } = await ask(connectionId, 'hi');
    server.clearFixtures();
    server.onMessage(/./, { content: 'two' });
    const again = await app.get('chat.regenerate', {
      messageId: started.assistantMessage.id,
      connectionId,
      model: 'gpt-4o',
    });
    await app.events.next('chat.ended', ({ streamId }) => streamId === again.streamId);
    const shown = await app.get('conversations.open', { id: started.conversationId });
    expect(shown.messages.map(({ text }) => text)).toEqual(['hi', 'two']);
    expect(shown.messages.at(-1)?.variantIds).toEqual([
      started.assistantMessage.id,
      again.assistantMessage.id,
    ]);
    const former = await app.get('conversations.showVariant', {
      id: started.conversationId,
      messageId: started.assistantMessage.id,
    });
    expect(former.messages.at(-1)?.text).toBe('one');
  });
});

describe('what goes wrong', () => {
  it.each([
    [401, { message: `Incorrect API key provided: ${KEY}`, code: 'invalid_api_key' }, 'auth/rejected-key'],
    [403, { message: 'raw words of 403' }, 'auth/forbidden'],
    [404, { message: 'The model `x` does not exist', code: 'model_not_found' }, 'request/unknown-model'],
    [400, { message: 'raw words of 400', code: 'context_length_exceeded' }, 'request/context-too-long'],
    [429, { message: 'raw words of 429', code: 'rate_limit_exceeded' }, 'quota/rate-limited'],
    [429, { message: 'raw words of quota', code: 'insufficient_quota' }, 'quota/insufficient'],
    [500, { message: 'raw words of 5xx' }, 'provider/server-error'],
    [503, { message: 'raw words of 5xx' }, 'provider/server-error'],
  ])(
    'maps status %i to a code, asks once, and never passes the provider text on',
    async (status, error, code) => {
      server.onMessage(/./, { error, status });
      const connectionId = await connect();
      server.clearRequests();
      const { started, end } = await ask(connectionId, 'hi');
      expect(end).toMatchObject({ state: 'failed', error: { code } });
      expect(JSON.stringify(end)).not.toContain(error.message);
      expect(server.getRequests()).toHaveLength(1);
      const { messages } = await app.get('conversations.open', { id: started.conversationId });
      expect(messages.map(({ text, state }) => [text, state])).toEqual([
        ['hi', 'done'],
        ['', 'failed'],
      ]);
      expect(messages.at(-1)?.error?.code).toBe(code);
    },
  );

  it.each(DIALECTS)('keeps the text of an answer whose connection drops (%s)', async (dialect) => {
    server.onMessage(
      /./,
      { content: ANSWER },
      { chunkSize: 10, truncateAfterChunks: 20, streamingProfile: { ttft: 5, tps: 100 } },
    );
    const { started, end, text } = await ask(await connect(dialect), 'hi');
    expect(end).toMatchObject({ state: 'interrupted', error: { code: 'network/interrupted' } });
    expect(text.length).toBeGreaterThan(0);
    const { messages } = await app.get('conversations.open', { id: started.conversationId });
    expect(messages.at(-1)).toMatchObject({ text, state: 'interrupted' });
    expect(ANSWER.startsWith(text)).toBe(true);
  });

  it('says that nobody listens', async () => {
    const connectionId = await app.addConnection({ baseUrl: 'http://127.0.0.1:9/v1', key: KEY });
    expect((await ask(connectionId, 'hi')).end).toMatchObject({
      state: 'failed',
      error: { code: 'network/unreachable' },
    });
  });

  it('refuses an empty and a 2 MB message before anything is stored or sent', async () => {
    const connectionId = await connect();
    server.clearRequests();
    for (const [text, code] of [
      [' \n ', 'request/empty'],
      ['x'.repeat(2 * 1024 * 1024), 'request/too-large'],
    ] as const) {
      const result = await app.call('chat.send', {
        conversationId: null,
        connectionId,
        model: 'gpt-4o',
        text,
      });
      expect(result).toMatchObject({ ok: false, error: { code } });
    }
    expect(await app.get('conversations.list', {})).toEqual([]);
    expect(server.getRequests()).toHaveLength(0);
  });

  it('answers one question of a conversation at a time', async () => {
    server.onMessage(/./, { content: ANSWER }, { chunkSize: 4, streamingProfile: { ttft: 5, tps: 100 } });
    const connectionId = await connect();
    const started = await app.get('chat.send', {
      conversationId: null,
      connectionId,
      model: 'gpt-4o',
      text: 'hi',
    });
    const second = await app.call('chat.send', {
      conversationId: started.conversationId,
      connectionId,
      model: 'gpt-4o',
      text: 'and?',
    });
    expect(second).toMatchObject({ ok: false, error: { code: 'chat/busy' } });
    await app.get('chat.cancel', { streamId: started.streamId });
    await app.events.next('chat.ended', () => true);
  });
});

describe('servers that misbehave', () => {
  let raw: RawServer | undefined;
  afterEach(async () => {
    await raw?.stop();
    raw = undefined;
  });

  async function askRaw(
    answer: Parameters<typeof startRawServer>[0],
    options: { stallTimeoutMs?: number } = {},
  ) {
    raw = await startRawServer(answer);
    if (options.stallTimeoutMs !== undefined) {
      await app.stop();
      app = await createTestCore({ folder: folder.path, stallTimeoutMs: options.stallTimeoutMs });
    }
    return ask(await app.addConnection({ baseUrl: raw.baseUrl, key: KEY }), 'hi');
  }

  it('does not take an HTML page for an answer', async () => {
    const { end } = await askRaw((_request, socket) =>
      socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<h1>Sign in</h1>'),
    );
    expect(end).toMatchObject({ state: 'failed', error: { code: 'provider/unexpected-response' } });
  });

  it('does not take an empty answer for one', async () => {
    const { end } = await askRaw((_request, socket) => socket.end(EVENT_STREAM_HEAD));
    expect(end).toMatchObject({ state: 'failed', error: { code: 'network/interrupted' } });
  });

  it.each([301, 302, 303, 307, 308])('never follows a redirect (%i), so the key stays', async (status) => {
    const elsewhere = await startRawServer((_request, socket) => socket.end());
    const { end } = await askRaw((_request, socket) =>
      socket.end(
        `HTTP/1.1 ${status} X\r\nlocation: ${elsewhere.baseUrl}/responses\r\ncontent-length: 0\r\n\r\n`,
      ),
    );
    expect(end).toMatchObject({ state: 'failed', error: { code: 'provider/redirected' } });
    expect(elsewhere.requests).toHaveLength(0);
    await elsewhere.stop();
  });

  it('gives up on a stall and keeps the text', async () => {
    const { end, text } = await askRaw(
      (_request, socket) =>
        socket.write(
          EVENT_STREAM_HEAD + responseEvent({ type: 'response.output_text.delta', delta: 'Half' }),
        ),
      { stallTimeoutMs: 150 },
    );
    expect(end).toMatchObject({ state: 'interrupted', error: { code: 'network/timeout' } });
    expect(text).toBe('Half');
  });

  it('closes the socket on Stop', async () => {
    raw = await startRawServer((_request, socket) =>
      socket.write(EVENT_STREAM_HEAD + responseEvent({ type: 'response.output_text.delta', delta: 'Half' })),
    );
    const connectionId = await app.addConnection({ baseUrl: raw.baseUrl, key: KEY });
    const started = await app.get('chat.send', {
      conversationId: null,
      connectionId,
      model: 'm',
      text: 'hi',
    });
    await app.events.next('chat.delta', () => true);
    expect(raw.openSockets()).toBe(1);
    await app.get('chat.cancel', { streamId: started.streamId });
    await app.events.next('chat.ended', () => true);
    await expect.poll(() => raw?.openSockets()).toBe(0);
  });

  it.each([
    [
      'response.failed',
      { response: { error: { code: 'server_error', message: 'x' } } },
      'failed',
      'provider/server-error',
    ],
    [
      'response.incomplete',
      { response: { incomplete_details: { reason: 'max_output_tokens' } } },
      'interrupted',
      'provider/incomplete',
    ],
    [
      'response.incomplete',
      { response: { incomplete_details: { reason: 'content_filter' } } },
      'failed',
      'provider/content-filtered',
    ],
  ])('takes %s for the end it is', async (type, event, state, code) => {
    const { end } = await askRaw((_request, socket) =>
      socket.end(
        EVENT_STREAM_HEAD +
          responseEvent({ type: 'response.output_text.delta', delta: 'Half' }) +
          responseEvent({ type, ...event }),
      ),
    );
    expect(end).toMatchObject({ state, error: { code } });
  });

  it('reads an error event inside a stream', async () => {
    const { end } = await askRaw((_request, socket) =>
      socket.end(
        EVENT_STREAM_HEAD +
          responseEvent({ type: 'error', code: 'rate_limit_exceeded', message: `key ${KEY}` }),
      ),
    );
    expect(end).toMatchObject({ state: 'failed', error: { code: 'quota/rate-limited' } });
    expect(JSON.stringify(end)).not.toContain(KEY);
  });
});

describe('the network log', () => {
  it('tells a complete answer, a stopped one and a refused one apart, with the label of the key', async () => {
    server.onMessage(/complete/, { content: ANSWER });
    server.onMessage(
      /stopped/,
      { content: ANSWER },
      { chunkSize: 4, streamingProfile: { ttft: 5, tps: 100 } },
    );
    server.onMessage(/refused/, { error: { message: 'x' }, status: 401 });
    const connectionId = await connect();
    await ask(connectionId, 'complete');
    const started = await app.get('chat.send', {
      conversationId: null,
      connectionId,
      model: 'gpt-4o',
      text: 'stopped',
    });
    await app.events.next('chat.delta', ({ streamId }) => streamId === started.streamId);
    await app.get('chat.cancel', { streamId: started.streamId });
    await app.events.next('chat.ended', ({ streamId }) => streamId === started.streamId);
    await ask(connectionId, 'refused');
    await expect
      .poll(async () => (await app.get('network.list', {})).map(({ status, outcome }) => [status, outcome]))
      .toEqual([
        [401, 'done'],
        [200, 'cancelled'],
        [200, 'done'],
      ]);
    const [latest] = await app.get('network.list', {});
    expect(latest).toMatchObject({ origin: new URL(server.url).origin, keyLabel: 'work', purpose: 'answer' });
    expect(JSON.stringify(await app.get('network.list', {}))).not.toContain(KEY);
  });
});

describe('the local demo', () => {
  it('is added once and followed to its new port at the next start', async () => {
    server.onMessage(/./, { content: 'ok' });
    await app.stop();
    app = await createTestCore({ folder: folder.path, demoBaseUrl: 'http://127.0.0.1:9/v1' });
    const added = await app.get('connections.addDemo', {});
    expect(await app.get('connections.addDemo', {})).toEqual(added);
    await app.stop();
    app = await createTestCore({ folder: folder.path, demoBaseUrl: `${server.url}/v1` });
    expect((await ask(added.id, 'hi')).end.state).toBe('done');
    expect(await app.get('connections.list', {})).toHaveLength(1);
  });

  it('cannot be added when none was offered', async () => {
    expect(await app.call('connections.addDemo', {})).toMatchObject({
      ok: false,
      error: { code: 'connection/not-found' },
    });
  });
});

describe('quitting', () => {
  it('marks a running answer as interrupted and keeps its text for the next start', async () => {
    server.onMessage(/./, { content: ANSWER }, { chunkSize: 4, streamingProfile: { ttft: 5, tps: 100 } });
    const connectionId = await connect();
    const started = await app.get('chat.send', {
      conversationId: null,
      connectionId,
      model: 'gpt-4o',
      text: 'hi',
    });
    await app.events.next('chat.delta', ({ seq }) => seq >= 3);
    await app.stop();
    app = await createTestCore({ folder: folder.path });
    const { messages } = await app.get('conversations.open', { id: started.conversationId });
    expect(messages.at(-1)?.state).toBe('interrupted');
    expect(messages.at(-1)?.text.length).toBeGreaterThan(0);
  });
});
