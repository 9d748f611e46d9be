import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReplyTiming } from '../../../electron/core/chat/reply-timing.ts';
import { ANSWER, ChatWorld, DIALECTS, KEY } from '../../harness/chat-world.ts';
import {
  EVENT_STREAM_HEAD,
  responseEvent,
  startRawServer,
  type RawServer,
} from '../../harness/raw-server.ts';
import { proves } from '../../harness/proves.ts';

let world: ChatWorld;

beforeEach(async () => {
  world = await new ChatWorld().open({ timing: { retryBaseMs: 10 } });
});

afterEach(() => world.close());

describe('what goes wrong', () => {
  it.each([
    [401, { message: `Incorrect API key: ${KEY}`, code: 'invalid_api_key' }, 'auth/rejected-key', 1],
    [403, { message: 'raw words of 403' }, 'auth/forbidden', 1],
    [404, { message: 'The model `x` does not exist', code: 'model_not_found' }, 'request/unknown-model', 1],
    [400, { message: 'raw words of 400', code: 'context_length_exceeded' }, 'request/context-too-long', 1],
    [429, { message: 'raw words of 429', code: 'rate_limit_exceeded' }, 'quota/rate-limited', 3],
    [429, { message: 'raw words of quota', code: 'insufficient_quota' }, 'quota/insufficient', 1],
    [500, { message: 'raw words of 5xx' }, 'provider/server-error', 3],
    [503, { message: 'raw words of 5xx' }, 'provider/server-error', 3],
  ])(
    'maps status %i to a code, asks as often as makes sense, and never passes the provider text on',
    proves('nowhere-else'),
    async (status, error, code, requestCount) => {
      world.server.onMessage(/./, { error, status });
      const connectionId = await world.connect();
      world.server.clearRequests();
      const { started, end } = await world.ask(connectionId, 'hi');
      expect(end).toMatchObject({ state: 'failed', error: { code } });
      expect(JSON.stringify(end)).not.toContain(error.message);
      expect(world.server.getRequests()).toHaveLength(requestCount);
      const { messages } = await world.app.get('conversations.open', { id: started.conversationId });
      expect(messages.map(({ text, state }) => [text, state])).toEqual([
        ['hi', 'done'],
        ['', 'failed'],
      ]);
      expect(messages.at(-1)?.error?.code).toBe(code);
    },
  );

  it.each(DIALECTS)('keeps the text of an answer whose connection drops (%s)', async (dialect) => {
    world.server.onMessage(
      /./,
      { content: ANSWER },
      { chunkSize: 10, truncateAfterChunks: 20, streamingProfile: { ttft: 5, tps: 100 } },
    );
    const { started, end, text } = await world.ask(await world.connect(dialect), 'hi');
    expect(end).toMatchObject({ state: 'interrupted', error: { code: 'network/interrupted' } });
    expect(text.length).toBeGreaterThan(0);
    const { messages } = await world.app.get('conversations.open', { id: started.conversationId });
    expect(messages.at(-1)).toMatchObject({ text, state: 'interrupted' });
    expect(ANSWER.startsWith(text)).toBe(true);
  });

  it('says that nobody listens', async () => {
    const connectionId = await world.app.addConnection({ baseUrl: 'http://127.0.0.1:9/v1', key: KEY });
    expect((await world.ask(connectionId, 'hi')).end).toMatchObject({
      state: 'failed',
      error: { code: 'network/unreachable' },
    });
  });

  it('refuses an empty and a 2 MB message before anything is stored or sent', async () => {
    const connectionId = await world.connect();
    world.server.clearRequests();
    for (const [text, code] of [
      [' \n ', 'request/empty'],
      ['x'.repeat(2 * 1024 * 1024), 'request/too-large'],
    ] as const) {
      const result = await world.app.call('chat.send', {
        conversationId: null,
        connectionId,
        model: 'gpt-4o',
        text,
      });
      expect(result).toMatchObject({ ok: false, error: { code } });
    }
    expect(await world.app.get('conversations.list', {})).toEqual([]);
    expect(world.server.getRequests()).toHaveLength(0);
  });

  it('answers one question of a conversation at a time', async () => {
    world.server.onMessage(
      /./,
      { content: ANSWER },
      { chunkSize: 4, streamingProfile: { ttft: 5, tps: 100 } },
    );
    const connectionId = await world.connect();
    const started = await world.app.get('chat.send', {
      conversationId: null,
      connectionId,
      model: 'gpt-4o',
      text: 'hi',
    });
    const second = await world.app.call('chat.send', {
      conversationId: started.conversationId,
      connectionId,
      model: 'gpt-4o',
      text: 'and?',
    });
    expect(second).toMatchObject({ ok: false, error: { code: 'chat/busy' } });
    await world.app.get('chat.cancel', { streamId: started.streamId });
    await world.app.events.next('chat.ended', () => true);
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
    timing: Partial<ReplyTiming> = { retryBaseMs: 10 },
  ) {
    raw = await startRawServer(answer);
    await world.restart({ timing });
    return world.ask(await world.app.addConnection({ baseUrl: raw.baseUrl, key: KEY }), 'hi');
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

  it.each([301, 302, 303, 307, 308])(
    'never follows a redirect (%i), so the key stays',
    proves('bound-to-origin'),
    async (status) => {
      const elsewhere = await startRawServer((_request, socket) => socket.end());
      const { end } = await askRaw((_request, socket) =>
        socket.end(
          `HTTP/1.1 ${status} X\r\nlocation: ${elsewhere.baseUrl}/responses\r\ncontent-length: 0\r\n\r\n`,
        ),
      );
      expect(end).toMatchObject({ state: 'failed', error: { code: 'provider/redirected' } });
      expect(elsewhere.requests).toHaveLength(0);
      await elsewhere.stop();
    },
  );

  it('gives up on a stall and keeps the text', async () => {
    const { end, text } = await askRaw(
      (_request, socket) =>
        socket.write(
          EVENT_STREAM_HEAD + responseEvent({ type: 'response.output_text.delta', delta: 'Half' }),
        ),
      { silenceMs: 150 },
    );
    expect(end).toMatchObject({ state: 'interrupted', error: { code: 'network/timeout' } });
    expect(text).toBe('Half');
  });

  it('closes the socket on Stop', async () => {
    raw = await startRawServer((_request, socket) =>
      socket.write(EVENT_STREAM_HEAD + responseEvent({ type: 'response.output_text.delta', delta: 'Half' })),
    );
    const connectionId = await world.app.addConnection({ baseUrl: raw.baseUrl, key: KEY });
    const started = await world.app.get('chat.send', {
      conversationId: null,
      connectionId,
      model: 'm',
      text: 'hi',
    });
    await world.app.events.next('chat.delta', () => true);
    expect(raw.openSockets()).toBe(1);
    await world.app.get('chat.cancel', { streamId: started.streamId });
    await world.app.events.next('chat.ended', () => true);
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
