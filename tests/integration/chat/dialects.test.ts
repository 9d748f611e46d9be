import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RouteInput } from '../../../electron/contract/contract.ts';
import { createTestCore, type TestCore } from '../../harness/create-test-core.ts';
import { PLAIN_HEAD, sendHealthy, sendStatus } from '../../harness/faults/exchange.ts';
import { chatChoice, WHOLE_TEXT } from '../../harness/faults/wire.ts';
import { responseEvent, startRawServer, type RawRequest, type RawServer } from '../../harness/raw-server.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';

const KEY = 'sk-test-canary-0123456789abcdef';
const WISHES = {
  systemPrompt: 'Be brief.',
  effort: 'high',
  verbosity: 'low',
  usesWebSearch: true,
  makesImages: false,
} as const;

let folder: ReturnType<typeof temporaryFolder>;
let server: RawServer;
let app: TestCore;

type Answer = (body: Readonly<Record<string, unknown>>, socket: Socket, number: number) => void;

async function open(
  answer: Answer,
  dialect: 'responses' | 'chat-completions' = 'responses',
): Promise<string> {
  server = await startRawServer((request, socket) => answer(bodyOf(request), socket, server.requests.length));
  app = await createTestCore({ folder: folder.path });
  return app.addConnection({ baseUrl: server.baseUrl, key: KEY, dialect });
}

function bodyOf({ body }: RawRequest): Readonly<Record<string, unknown>> {
  return JSON.parse(body) as Record<string, unknown>;
}

function bodies() {
  return server.requests.map(bodyOf);
}

async function send(connectionId: string, more: Partial<RouteInput<'chat.send'>> = {}) {
  const input = { conversationId: null, connectionId, model: 'some-model', text: 'hi', generation: WISHES };
  const started = await app.get('chat.send', { ...input, ...more });
  return {
    ...started,
    ended: () => app.events.next('chat.ended', (end) => end.streamId === started.streamId),
  };
}

async function ask(connectionId: string, more: Partial<RouteInput<'chat.send'>> = {}) {
  const started = await send(connectionId, more);
  const end = await started.ended();
  const { messages } = await app.get('conversations.open', { id: started.conversationId });
  return { end, conversationId: started.conversationId, message: messages.at(-1) };
}

function refuse(socket: Socket, error: object, status = 400): void {
  sendStatus(socket, status, JSON.stringify({ error }));
}

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(async () => {
  await app.stop();
  await server.stop();
  folder.remove();
});

describe('a model that does not take all of a request', () => {
  const noEffort = {
    message: "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
    param: 'reasoning.effort',
    code: 'unsupported_parameter',
  };

  it('is asked again at once without what it refused, and never asked for it again', async () => {
    const connectionId = await open(({ reasoning }, socket) => {
      if (typeof reasoning === 'object' && reasoning !== null && 'effort' in reasoning)
        refuse(socket, noEffort);
      else sendHealthy({ socket, dialect: 'responses' });
    });
    const { end, message, conversationId } = await ask(connectionId);
    expect(end).toMatchObject({ state: 'done', error: null });
    expect(message?.text).toBe(WHOLE_TEXT);
    expect(server.requests).toHaveLength(2);
    expect(app.events.of('chat.waiting')).toEqual([]);
    expect(bodies()[0]).toMatchObject({ reasoning: { effort: 'high' }, text: { verbosity: 'low' } });
    expect(bodies()[1]).toMatchObject({ instructions: 'Be brief.', text: { verbosity: 'low' } });
    await ask(connectionId, { conversationId });
    expect(server.requests).toHaveLength(3);
    const capabilities = await app.get('models.capabilities', { connectionId, model: 'some-model' });
    expect(capabilities).toMatchObject({ efforts: [], webSearch: 'yes', source: null });
  });

  it('is remembered across a start, and forgotten with its connection', async () => {
    const connectionId = await open(({ reasoning }, socket) =>
      reasoning === undefined ? sendHealthy({ socket, dialect: 'responses' }) : refuse(socket, noEffort),
    );
    // The summary goes with the effort: there is nothing to sum up that nobody asked for.
    await ask(connectionId);
    await app.stop();
    app = await createTestCore({ folder: folder.path });
    const asked = { connectionId, model: 'some-model' };
    expect(await app.get('models.capabilities', asked)).toMatchObject({ efforts: [] });
    expect(await app.get('models.capabilities', { ...asked, model: 'other' })).toMatchObject({
      efforts: null,
    });
    await app.get('connections.remove', { id: connectionId });
    expect(await app.call('models.capabilities', asked)).toMatchObject({
      ok: false,
      error: { code: 'connection/not-found' },
    });
  });

  it('costs at most three requests, then says that it was refused', async () => {
    const params = ['reasoning.effort', 'text.verbosity', 'tools[0].type', 'reasoning.summary'];
    const connectionId = await open((_body, socket, number) =>
      refuse(socket, { message: 'no', param: params[number - 1], code: 'unknown_parameter' }),
    );
    const { end } = await ask(connectionId);
    expect(end).toMatchObject({ state: 'failed', error: { code: 'request/invalid', details: {} } });
    expect(server.requests).toHaveLength(3);
    expect(JSON.stringify(end)).not.toContain('unknown_parameter');
  });

  it.each([
    ['a rejected key', 401, noEffort, 'auth/rejected-key'],
    ['a forbidden model', 403, noEffort, 'auth/forbidden'],
    ['a used up quota', 429, { ...noEffort, code: 'insufficient_quota' }, 'quota/insufficient'],
    ['a refusal of what was not sent', 400, { ...noEffort, param: 'temperature' }, 'request/invalid'],
    [
      'a refusal of a whole question',
      400,
      { message: 'No.', param: 'input', code: 'invalid_prompt' },
      'request/invalid',
    ],
  ])('asks once after %s', async (_name, status, error, code) => {
    const connectionId = await open((_body, socket) => refuse(socket, error, status));
    const { end } = await ask(connectionId);
    expect(end).toMatchObject({ state: 'failed', error: { code } });
    expect(server.requests).toHaveLength(1);
  });

  it('may be a server of Chat Completions that knows no token counts in a stream', async () => {
    const connectionId = await open((body, socket) => {
      if ('stream_options' in body)
        sendStatus(
          socket,
          422,
          '{"detail":[{"loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}',
        );
      else sendHealthy({ socket, dialect: 'chat-completions' });
    }, 'chat-completions');
    const { end } = await ask(connectionId, { generation: { ...WISHES, usesWebSearch: false } });
    expect(end.state).toBe('done');
    expect(bodies()[1]).toEqual({
      model: 'some-model',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'hi' },
      ],
      reasoning_effort: 'high',
      verbosity: 'low',
      stream: true,
    });
    expect(server.requests).toHaveLength(2);
  });

  it('is never sent what the table says it does not take', async () => {
    const connectionId = await open((_body, socket) => sendHealthy({ socket, dialect: 'responses' }));
    await ask(connectionId, { model: 'gpt-3.5-turbo', generation: { ...WISHES, usesWebSearch: false } });
    expect(Object.keys(bodies()[0] ?? {}).toSorted()).toEqual([
      'input',
      'instructions',
      'model',
      'store',
      'stream',
    ]);
  });
});

const thought = (delta: string) => responseEvent({ type: 'response.reasoning_summary_text.delta', delta });
const said = (delta: string) =>
  responseEvent({ type: 'response.output_text.delta', delta, output_index: 1, content_index: 0 });
const completed = responseEvent({ type: 'response.completed', response: {} });

describe('what a model thinks', () => {
  it('is shown as it comes, given to a window that attaches, and kept when the app quits', async () => {
    const connectionId = await open((_body, socket) => {
      socket.write(PLAIN_HEAD + thought('First ') + thought('this.') + said('So'));
    });
    const { conversationId } = await send(connectionId);
    await app.events.next('chat.delta', ({ text }) => text === 'So');
    const events = app.events.of('chat.reasoning');
    expect(events.map(({ text }) => text).join('')).toBe('First this.');
    const live = await app.get('chat.attach', { conversationId });
    expect(live).toMatchObject({ text: 'So', reasoning: 'First this.' });
    const numbers = [...events, ...app.events.of('chat.delta')].map(({ seq }) => seq);
    expect(numbers.toSorted()).toEqual([...numbers.keys()].map((index) => index + 1));
    await app.stop();
    app = await createTestCore({ folder: folder.path });
    const { messages } = await app.get('conversations.open', { id: conversationId });
    expect(messages.at(-1)).toMatchObject({ state: 'interrupted', text: 'So', reasoning: 'First this.' });
  });

  it('is told apart from the answer where a compatible server streams it', async () => {
    const connectionId = await open((_body, socket) => {
      const chunks = [
        chatChoice({ reasoning_content: 'Hm.' }),
        chatChoice({ content: 'Yes.' }),
        chatChoice({}, 'stop'),
      ];
      socket.end(`${PLAIN_HEAD}${chunks.join('')}data: [DONE]\n\n`);
    }, 'chat-completions');
    const { message } = await ask(connectionId);
    expect(message).toMatchObject({ state: 'done', text: 'Yes.', reasoning: 'Hm.' });
  });

  it('fails as a whole when nothing is said, and is kept all the same', async () => {
    const connectionId = await open((_body, socket) => void socket.end(PLAIN_HEAD + thought('Hm.')));
    const { end, message } = await ask(connectionId);
    expect(end).toMatchObject({ state: 'failed', error: { code: 'network/interrupted' } });
    expect(message).toMatchObject({ text: '', reasoning: 'Hm.' });
    expect(server.requests).toHaveLength(1);
  });

  it('grows by a paragraph when an answer is continued', async () => {
    const connectionId = await open((_body, socket, number) => {
      const whole = PLAIN_HEAD + thought(number === 1 ? 'One.' : 'Two.') + said(number === 1 ? 'A' : 'B');
      socket.end(number === 1 ? whole : whole + completed);
    });
    const { message, conversationId } = await ask(connectionId);
    expect(message?.state).toBe('interrupted');
    const target = { connectionId, model: 'some-model', messageId: message?.id ?? '' };
    const { streamId } = await app.get('chat.continue', target);
    await app.events.next('chat.ended', (end) => end.streamId === streamId);
    const { messages } = await app.get('conversations.open', { id: conversationId });
    expect(messages.at(-1)).toMatchObject({ text: 'AB', reasoning: 'One.\n\nTwo.' });
  });
});

describe('the sources of an answer', () => {
  const cited = (url: string, start: number, end: number) =>
    responseEvent({
      type: 'response.output_text.annotation.added',
      output_index: 1,
      content_index: 0,
      annotation: { type: 'url_citation', url, title: `About ${url}`, start_index: start, end_index: end },
    });

  it('rest with the message, by their places in it', async () => {
    const connectionId = await open((_body, socket, number) => {
      const url = `https://one.example/${number}`;
      const whole =
        PLAIN_HEAD +
        said('1234') +
        cited(url, 1, 3) +
        cited('javascript:alert(1)', 0, 1) +
        cited(url, 2, 900);
      socket.end(number === 1 ? whole : whole + completed);
    });
    const { message, conversationId } = await ask(connectionId);
    const first = { url: 'https://one.example/1', title: 'About https://one.example/1' };
    expect(message?.citations).toEqual([
      { ...first, start: 1, end: 3 },
      { ...first, start: 2, end: 4 },
    ]);
    const target = { connectionId, model: 'some-model', messageId: message?.id ?? '' };
    const { streamId } = await app.get('chat.continue', target);
    await app.events.next('chat.ended', (end) => end.streamId === streamId);
    await app.stop();
    app = await createTestCore({ folder: folder.path });
    const { messages } = await app.get('conversations.open', { id: conversationId });
    const second = { url: 'https://one.example/2', title: 'About https://one.example/2' };
    expect(messages.at(-1)?.citations).toEqual([
      { ...first, start: 1, end: 3 },
      { ...first, start: 2, end: 4 },
      { ...second, start: 5, end: 7 },
      { ...second, start: 6, end: 8 },
    ]);
  });
});

describe('the pictures of an answer', () => {
  const PNG = Buffer.from('\x89PNG\r\n\x1a\nrest', 'latin1');
  const made = (result: string) =>
    responseEvent({
      type: 'response.output_item.done',
      output_index: 0,
      item: { type: 'image_generation_call', status: 'completed', result },
    });

  it('rest with its message, in the order in which they came', async () => {
    const connectionId = await open((_body, socket) => {
      const other = Buffer.concat([PNG, Buffer.from('!')]);
      const images = [PNG, Buffer.from('<svg onload="x">'), other].map((bytes) =>
        made(bytes.toString('base64')),
      );
      socket.end(PLAIN_HEAD + images.join('') + said('Two cats.') + completed);
    });
    const { message } = await ask(connectionId, { generation: { ...WISHES, makesImages: true } });
    expect(bodies()[0]?.['tools']).toMatchObject([{ type: 'web_search' }, { type: 'image_generation' }]);
    expect(message).toMatchObject({ state: 'done', text: 'Two cats.' });
    expect(message?.attachments).toMatchObject([
      { kind: 'image', name: 'picture-1.png', mediaType: 'image/png', byteCount: PNG.length },
      { kind: 'image', name: 'picture-2.png', mediaType: 'image/png', byteCount: PNG.length + 1 },
    ]);
    const [first] = message?.attachments ?? [];
    expect(PNG.equals(await app.core.attachments.read(first?.hash ?? ''))).toBe(true);
  });

  it('take nothing else along when one of them cannot be read', async () => {
    const connectionId = await open((_body, socket) => {
      socket.end(PLAIN_HEAD + said('Here: ') + made(PNG.toString('base64')) + said('done.') + completed);
    });
    app.imageWindow.mode = 'crashing';
    const { end, message } = await ask(connectionId, { generation: { ...WISHES, makesImages: true } });
    expect(end).toMatchObject({ state: 'failed', error: { code: 'provider/garbled' } });
    expect(message).toMatchObject({ text: 'Here: done.', attachments: [] });
  });

  it('come from an endpoint of their own where the model makes nothing else', async () => {
    const connectionId = await open((_body, socket) => {
      const event = { type: 'image_generation.completed', b64_json: PNG.toString('base64') };
      const usage = { input_tokens: 10, output_tokens: 4_000, total_tokens: 4_010 };
      socket.end(PLAIN_HEAD + responseEvent({ ...event, usage }));
    });
    const { message } = await ask(connectionId, { model: 'gpt-image-2', text: 'A cat.' });
    expect(server.requests[0]?.head).toMatch(/^POST \/v1\/images\/generations /);
    expect(bodies()[0]).toEqual({
      model: 'gpt-image-2',
      prompt: 'A cat.',
      output_format: 'webp',
      stream: true,
    });
    expect(message).toMatchObject({
      state: 'done',
      text: '',
      attachments: [{ name: 'picture-1.png' }],
      usage: { inputTokens: 10, outputTokens: 4_000 },
    });
  });

  it.each([
    ['no picture', { type: 'image_generation.completed', b64_json: 'PHN2Zz4=' }, 'provider/garbled'],
    ['an error', { type: 'error', error: { message: 'no' } }, 'provider/failed'],
    ['an end before it', { type: 'image_generation.partial_image', b64_json: 'x' }, 'network/interrupted'],
  ])('fail by their own endpoint after %s', async (_name, event, code) => {
    const connectionId = await open((_body, socket) => void socket.end(PLAIN_HEAD + responseEvent(event)));
    const { end, message } = await ask(connectionId, { model: 'gpt-image-2', text: 'A cat.' });
    expect(end).toMatchObject({ state: 'failed', error: { code } });
    expect(message?.attachments).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });
});
