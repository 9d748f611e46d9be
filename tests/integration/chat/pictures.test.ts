import { copyFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReplyTiming } from '../../../electron/core/chat/reply-timing.ts';
import { PICTURE_TOKENS } from '../../../electron/core/ledger/estimate-tokens.ts';
import { createTestCore, type TestCore } from '../../harness/create-test-core.ts';
import { PLAIN_HEAD } from '../../harness/faults/exchange.ts';
import { responseEvent, startRawServer, type RawServer } from '../../harness/raw-server.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';

const PAINTER = 'gpt-image-2';
/** A token of output costs forty millionths, as one of a picture did at OpenAI. */
const RATES = {
  inputMicroUsd: 5_000_000,
  cachedInputMicroUsd: null,
  cacheWriteMicroUsd: null,
  outputMicroUsd: 40_000_000,
};
const PICTURE_MICRO_USD = PICTURE_TOKENS * 40;

const png = (ending: string): Buffer => Buffer.from(`\x89PNG\r\n\x1a\n${ending}`, 'latin1');
const call = { type: 'image_generation_call', status: 'completed' };
const begun = responseEvent({ type: 'response.output_item.added', output_index: 0, item: call });
const made = (ending: string): string =>
  responseEvent({
    type: 'response.output_item.done',
    output_index: 0,
    item: { ...call, result: png(ending).toString('base64') },
  });
const said = (delta: string): string =>
  responseEvent({ type: 'response.output_text.delta', output_index: 1, content_index: 0, delta });
const usage = { input_tokens: 10, output_tokens: 20, total_tokens: 30 };
const completed = responseEvent({ type: 'response.completed', response: { usage } });
const failed = responseEvent({ type: 'response.failed', response: { error: { code: 'server_error' } } });
const partial = responseEvent({ type: 'image_generation.partial_image', b64_json: 'x' });
const painted = responseEvent({
  type: 'image_generation.completed',
  b64_json: png('rest').toString('base64'),
});

let folder: ReturnType<typeof temporaryFolder>;
let server: RawServer;
let app: TestCore;
let connectionId: string;
/** What comes after the head of every answer. */
let body = '';
/** Whether the connection stays open after it. */
let staysOpen = false;

beforeEach(async () => {
  folder = temporaryFolder();
  staysOpen = false;
  server = await startRawServer((_request, socket: Socket) => {
    socket.write(PLAIN_HEAD + body);
    if (!staysOpen) socket.end();
  });
});

afterEach(async () => {
  await app.stop();
  await server.stop();
  folder.remove();
});

async function open(timing: Partial<ReplyTiming> = {}): Promise<void> {
  app = await createTestCore({ folder: folder.path, timing });
  const key = 'sk-test-canary-0123456789abcdef';
  connectionId = await app.addConnection({ baseUrl: server.baseUrl, key });
  for (const model of [PAINTER, 'some-model'])
    await app.get('ledger.setPrice', { connectionId, model, rates: RATES });
}

async function send(model = 'some-model') {
  const started = await app.get('chat.send', { conversationId: null, connectionId, model, text: 'A cat.' });
  return {
    ...started,
    ended: () => app.events.next('chat.ended', (end) => end.streamId === started.streamId),
  };
}

async function answerIn(conversationId: string) {
  return (await app.get('conversations.open', { id: conversationId })).messages.at(-1);
}

/** What is on the disk of the text while the answer runs. */
function storedChunks(): string {
  const database = new DatabaseSync(path.join(folder.path, 'history.sqlite'), { readOnly: true });
  try {
    const rows = database.prepare('SELECT text FROM reply_chunks ORDER BY rowid').all();
    return rows.map(({ text }) => String(text)).join('');
  } finally {
    database.close();
  }
}

/** Lets the window for pictures hand back those that `isReady`, and the rest once the test says so. */
function holdPictures(isReady: (number: number) => boolean = () => false): () => void {
  const { imageWindow } = app;
  const { call: callRoute } = imageWindow;
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let number = 0;
  imageWindow.call = async (route, input) => {
    if (route === 'imageWindow.finish') {
      number += 1;
      if (!isReady(number)) await released;
    }
    return callRoute(route, input);
  };
  return release;
}

describe('a picture that is still being prepared', () => {
  it('holds no text up: what came after it is on the disk', async () => {
    await open({ pictureGraceMs: 10 });
    holdPictures();
    body = made('a') + said('text after the picture');
    staysOpen = true;
    const { streamId, conversationId, ended } = await send();
    await expect.poll(storedChunks).toBe('text after the picture');
    await app.get('chat.cancel', { streamId });
    expect(await ended()).toMatchObject({ state: 'cancelled' });
    expect(await answerIn(conversationId)).toMatchObject({ text: 'text after the picture', attachments: [] });
  });

  it('is given up by Stop, while one that is ready is kept', async () => {
    await open({ pictureGraceMs: 10 });
    const release = holdPictures((number) => number === 1);
    body = made('a') + made('b') + said('Two cats.') + completed;
    const { streamId, conversationId, ended } = await send();
    await expect.poll(() => app.imageWindow.openCount).toBe(1);
    await expect.poll(async () => (await answerIn(conversationId))?.attachments.length).toBe(1);
    expect(app.events.of('chat.ended')).toEqual([]);
    await app.get('chat.cancel', { streamId });
    // The whole text is there; what is missing is said by the state.
    expect(await ended()).toMatchObject({ state: 'cancelled', usage: { outputTokens: 20 } });
    release();
    await expect.poll(() => app.timer.delaysMs).toEqual([20_000]);
    const message = await answerIn(conversationId);
    expect(message).toMatchObject({ text: 'Two cats.', attachments: [{ name: 'picture-1.png' }] });
  });

  it('is kept when the app quits, if its window is done soon', async () => {
    await open({ pictureGraceMs: 60_000 });
    const release = holdPictures();
    body = made('a') + said('A cat.') + completed;
    const { conversationId } = await send();
    await expect.poll(() => app.imageWindow.isOpen).toBe(true);
    await expect.poll(storedChunks).toBe('A cat.');
    const stopped = app.stop();
    release();
    await stopped;
    app = await createTestCore({ folder: folder.path });
    expect(await answerIn(conversationId)).toMatchObject({
      state: 'done',
      text: 'A cat.',
      attachments: [{ name: 'picture-1.png', byteCount: png('a').byteLength }],
    });
  });

  it('leaves an answer interrupted when the app quits and its window is not done', async () => {
    await open({ pictureGraceMs: 10 });
    app.imageWindow.mode = 'silent';
    body = made('a') + said('A cat.') + completed;
    const { conversationId } = await send();
    await expect.poll(storedChunks).toBe('A cat.');
    await app.stop();
    app = await createTestCore({ folder: folder.path });
    expect(await answerIn(conversationId)).toMatchObject({ state: 'interrupted', text: 'A cat.' });
  });

  it('is tried once more when its window dies', async () => {
    await open();
    app.imageWindow.mode = 'crashing once';
    body = made('a') + completed;
    const { conversationId, ended } = await send();
    expect(await ended()).toMatchObject({ state: 'done' });
    expect((await answerIn(conversationId))?.attachments).toHaveLength(1);
    expect(app.imageWindow.openCount).toBe(2);
  });

  it('is not tried again when it took too long', async () => {
    await open();
    app.imageWindow.mode = 'silent';
    body = made('a') + completed;
    const { ended } = await send();
    await expect.poll(() => app.timer.delaysMs).toEqual([30_000]);
    app.timer.elapse();
    expect(await ended()).toMatchObject({ state: 'failed', error: { code: 'provider/garbled' } });
    expect(app.imageWindow.openCount).toBe(1);
  });
});

it('is interrupted, not failed, when a picture is all that came before the connection broke', async () => {
  await open();
  body = made('a');
  const { conversationId, ended } = await send();
  expect(await ended()).toMatchObject({ state: 'interrupted', error: { code: 'network/interrupted' } });
  expect((await answerIn(conversationId))?.attachments).toHaveLength(1);
});

describe('what a picture costs that nobody counted', () => {
  async function total() {
    return (await app.get('ledger.report', { month: null })).total;
  }

  it.each([
    ['came from a model that makes nothing else', PAINTER, painted, 1],
    ['came before the server gave up', 'some-model', made('a') + failed, 1],
    ['came with another before the connection broke', 'some-model', begun + made('a') + begun, 2],
  ])('is estimated when it %s', async (_what, model, answer, count) => {
    await open();
    body = answer;
    await (await send(model)).ended();
    const { requestCount, estimatedCount, costMicroUsd, outputTokens, inputTokens } = await total();
    expect([requestCount, estimatedCount, outputTokens]).toEqual([1, 1, count * PICTURE_TOKENS]);
    expect(costMicroUsd).toBe(count * PICTURE_MICRO_USD + inputTokens * 5);
  });

  it('is estimated when it was stopped while a model that makes nothing else was at it', async () => {
    await open();
    body = partial;
    staysOpen = true;
    const { streamId, ended } = await send(PAINTER);
    await expect.poll(() => server.requests.length).toBe(1);
    await app.get('chat.cancel', { streamId });
    expect(await ended()).toMatchObject({ state: 'cancelled' });
    expect(await total()).toMatchObject({ estimatedCount: 1, outputTokens: PICTURE_TOKENS });
  });

  it('is estimated when it was stopped after the model had begun it', async () => {
    await open();
    body = begun + said('abcd');
    staysOpen = true;
    const { streamId, ended } = await send();
    // The text was read after it.
    await app.events.next('chat.delta', (delta) => delta.streamId === streamId);
    await app.get('chat.cancel', { streamId });
    await ended();
    expect(await total()).toMatchObject({ estimatedCount: 1, outputTokens: PICTURE_TOKENS + 1 });
  });

  it('is what the server counted, where it did', async () => {
    await open();
    body = made('a') + completed;
    await (await send()).ended();
    expect(await total()).toMatchObject({ estimatedCount: 0, outputTokens: 20 });
  });

  it('is nothing when the picture was refused', async () => {
    await open();
    body = begun + failed;
    await (await send()).ended();
    expect(await total()).toMatchObject({ requestCount: 0, costMicroUsd: 0 });
  });

  it('is estimated after a crash, whether or not the picture had come', async () => {
    await open();
    body = partial;
    staysOpen = true;
    const { streamId, ended } = await send(PAINTER);
    await expect.poll(() => server.requests.length).toBe(1);
    const left = temporaryFolder();
    for (const name of ['costs.json', 'connections.json', 'history.sqlite', 'history.sqlite-wal'])
      copyFileSync(path.join(folder.path, name), path.join(left.path, name));
    const survivor = await createTestCore({ folder: left.path });
    const { total: found } = await survivor.get('ledger.report', { month: null });
    await survivor.stop();
    left.remove();
    expect(found).toMatchObject({ requestCount: 1, estimatedCount: 1, outputTokens: PICTURE_TOKENS });
    await app.get('chat.cancel', { streamId });
    await ended();
  });

  it('counts against a budget, which stops the pictures after it', async () => {
    await open();
    const dayMicroUsd = Math.ceil(PICTURE_MICRO_USD * 1.5);
    await app.get('ledger.setBudget', { connectionId, budget: { dayMicroUsd, monthMicroUsd: null } });
    body = painted;
    for (let count = 0; count < 2; count += 1) await (await send(PAINTER)).ended();
    const third = await app.call('chat.send', {
      conversationId: null,
      connectionId,
      model: PAINTER,
      text: 'A cat.',
    });
    expect(third).toMatchObject({ ok: false, error: { code: 'budget/exceeded' } });
    expect(server.requests).toHaveLength(2);
  });
});
