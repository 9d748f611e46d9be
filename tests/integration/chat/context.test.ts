import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChatWorld } from '../../harness/chat-world.ts';

/** A model of which nothing is known until its server says it. */
const MODEL = 'house-model';
/** About 150 tokens. */
const LONG = 'word '.repeat(120);

let world: ChatWorld;
let connectionId: string;

beforeEach(async () => {
  world = await new ChatWorld().open();
  connectionId = await world.connect('chat-completions');
});

afterEach(() => world.close());

function answerWith(content: string): void {
  world.server.clearFixtures();
  world.server.onMessage(/./, { content });
}

/** Refuses as a server does whose model holds 1,000 tokens: 600 may be sent. */
function refuseAsTooLong(
  message = "This model's maximum context length is 1000 tokens. Yours is longer.",
): void {
  world.server.clearFixtures();
  world.server.onMessage(/./, { error: { message, code: 'context_length_exceeded' }, status: 400 });
}

const ask = (text: string, conversationId: string | null, more: object = {}) =>
  world.app.call('chat.send', { conversationId, connectionId, model: MODEL, text, ...more });

async function talk(text: string, conversationId: string | null, more: object = {}) {
  const result = await ask(text, conversationId, more);
  if (!result.ok) throw new Error(result.error.code);
  const started = result.value;
  const end = await world.app.events.next('chat.ended', ({ streamId }) => streamId === started.streamId);
  return { started, end };
}

/** A conversation of so many exchanges of about 320 tokens each. */
async function converse(count: number): Promise<string> {
  answerWith(LONG);
  let id: string | null = null;
  for (let number = 1; number <= count; number += 1)
    id = (await talk(`q${number} ${LONG}`, id)).started.conversationId;
  if (id === null) throw new Error('there is no conversation');
  return id;
}

/** The messages of the last request, as the server saw them. */
function lastSent(): { readonly role: string; readonly content: string }[] {
  // `as`: the shape of a Chat Completions request.
  const body = world.server.getRequests().at(-1)?.body as { messages: { role: string; content: string }[] };
  return body.messages;
}

const lastMessage = async (id: string) => (await world.app.get('conversations.open', { id })).messages.at(-1);

const requestCount = () => world.server.getRequests().filter(({ method }) => method === 'POST').length;

describe('a conversation that is longer than the window', () => {
  it('is sent whole while nobody knows the window', async () => {
    const id = await converse(3);
    expect(lastSent()).toHaveLength(5);
    expect((await lastMessage(id))?.omittedCount).toBe(0);
  });

  it('loses its oldest exchanges once the server has said how much fits, and says how many', async () => {
    const id = await converse(3);
    refuseAsTooLong();
    const { end } = await talk('q4', id);
    expect(end).toMatchObject({
      state: 'failed',
      error: { code: 'request/context-too-long', details: { contextTokens: 1_000 } },
    });
    answerWith('Short.');
    const { started } = await talk('q5', id);
    // The failed answer said nothing and is no turn; q4 and q5 stay with the one exchange that fits.
    expect(lastSent().map(({ content }) => content.slice(0, 2))).toEqual(['q3', 'wo', 'q4', 'q5']);
    expect(started.assistantMessage.omittedCount).toBe(4);
    expect((await lastMessage(id))?.omittedCount).toBe(4);
  });

  it('is sent whole again after a restart: a number belonged to one load of a model', async () => {
    const id = await converse(3);
    refuseAsTooLong();
    await talk('q4', id);
    await world.restart();
    answerWith('Short.');
    expect((await talk('q5', id)).started.assistantMessage.omittedCount).toBe(0);
    expect(lastSent()).toHaveLength(8);
  });

  it('is not taken for too long because a request was too many bytes', async () => {
    const id = await converse(3);
    world.server.clearFixtures();
    world.server.onMessage(/./, { error: { message: 'Request entity too large' }, status: 413 });
    const { end } = await talk('q4', id);
    expect(end).toMatchObject({ error: { code: 'request/too-large', details: { isWholeRequest: true } } });
    answerWith('Short.');
    expect((await talk('q5', id)).started.assistantMessage.omittedCount).toBe(0);
  });

  it('learns for that connection and that model only', async () => {
    const id = await converse(3);
    refuseAsTooLong();
    await talk('q4', id);
    answerWith('Short.');
    await talk('q5', id, { model: 'another-model' });
    expect(lastSent()).toHaveLength(8);
    connectionId = await world.connect('chat-completions');
    await talk('q6', id);
    expect(lastSent().length).toBeGreaterThan(8);
  });

  it('is shortened for Continue, which keeps the question and what of its answer is there', async () => {
    const id = await converse(3);
    world.server.clearFixtures();
    world.server.onMessage(/./, { content: LONG }, { chunkSize: 5, streamingProfile: { ttft: 5, tps: 40 } });
    const cut = await world.app.get('chat.send', {
      conversationId: id,
      connectionId,
      model: MODEL,
      text: 'q4',
    });
    await world.app.events.next('chat.delta', ({ streamId }) => streamId === cut.streamId);
    await world.app.get('chat.cancel', { streamId: cut.streamId });
    await world.app.events.next('chat.ended', ({ streamId }) => streamId === cut.streamId);
    refuseAsTooLong();
    await talk('q5', id);
    answerWith('and more');
    const messageId = cut.assistantMessage.id;
    const more = await world.app.get('chat.continue', { messageId, connectionId, model: MODEL });
    await world.app.events.next('chat.ended', ({ streamId }) => streamId === more.streamId);
    expect(lastSent().map(({ content }) => content.slice(0, 2))).toEqual(['q3', 'wo', 'q4', 'wo', 'Yo']);
    const answer = (await world.app.get('conversations.open', { id })).messages.find(
      (each) => each.id === messageId,
    );
    expect(answer?.omittedCount).toBe(4);
  });

  it('is shortened by a word of the person although the server names no number', async () => {
    const id = await converse(3);
    refuseAsTooLong('Too long.');
    const { started } = await talk('q4', id);
    answerWith('Short.');
    const again = await world.app.get('chat.regenerate', {
      messageId: started.assistantMessage.id,
      connectionId,
      model: MODEL,
      isOmissionAccepted: true,
    });
    await world.app.events.next('chat.ended', ({ streamId }) => streamId === again.streamId);
    expect(again.assistantMessage.omittedCount).toBeGreaterThan(0);
    expect(lastSent().at(-1)?.content).toBe('q4');
    expect(lastSent().length).toBeLessThan(7);
  });

  it('is what an estimate tells before it is sent', async () => {
    const id = await converse(3);
    refuseAsTooLong();
    await talk('q4', id);
    const sent = requestCount();
    const estimate = await world.app.get('chat.estimate', {
      conversationId: id,
      connectionId,
      model: MODEL,
      text: 'q5',
    });
    expect(estimate).toMatchObject({ omittedCount: 4, isTooLong: false });
    expect(estimate.inputTokens).toBeLessThanOrEqual(600);
    const tooLong = await world.app.get('chat.estimate', {
      conversationId: id,
      connectionId,
      model: MODEL,
      text: LONG.repeat(6),
    });
    // The window is what the server said once: it is asked before anything is refused.
    expect(tooLong).toMatchObject({ omittedCount: 8, isTooLong: false });
    expect(requestCount()).toBe(sent);
  });

  it('is asked about first where the person wants that: nothing is stored or sent', async () => {
    await world.app.get('settings.change', { contextPolicy: 'ask' });
    const id = await converse(3);
    refuseAsTooLong();
    await talk('q4', id);
    answerWith('Short.');
    const sent = requestCount();
    expect(await ask('q5', id)).toMatchObject({
      ok: false,
      error: {
        code: 'request/context-too-long',
        details: { omittedCount: 4, limitTokens: 600, isUnsent: true },
      },
    });
    expect((await world.app.get('conversations.open', { id })).messages).toHaveLength(8);
    expect(requestCount()).toBe(sent);
    expect((await talk('q5', id, { isOmissionAccepted: true })).started.assistantMessage.omittedCount).toBe(
      4,
    );
  });
});

describe('a message that does not fit by itself', () => {
  it('is sent all the same where a server named the window: it may have a larger one by now', async () => {
    refuseAsTooLong();
    const { started } = await talk('hi', null);
    const sent = requestCount();
    answerWith('Short.');
    expect((await talk(LONG.repeat(6), started.conversationId)).end.state).toBe('done');
    expect(requestCount()).toBe(sent + 1);
    refuseAsTooLong();
    const { end } = await talk(LONG.repeat(6), null);
    expect(end).toMatchObject({ state: 'failed', error: { code: 'request/context-too-long' } });
    expect(requestCount()).toBe(sent + 2);
  });

  it('is refused with figures where the table knows the window, before anything is stored or sent', async () => {
    answerWith('Short.');
    const text = 'word '.repeat(120_000);
    const result = await ask(text, null, { model: 'gpt-4o' });
    expect(result).toMatchObject({
      ok: false,
      error: {
        code: 'request/context-too-long',
        details: { limitTokens: 100_608, omittedCount: 0, isUnsent: true },
      },
    });
    const { inputTokens } = result.ok ? {} : result.error.details;
    expect(inputTokens).toBeGreaterThan(100_608);
    expect(await world.app.get('conversations.list', {})).toEqual([]);
    const about = { conversationId: null, connectionId, model: 'gpt-4o', text };
    expect((await world.app.get('chat.estimate', about)).isTooLong).toBe(true);
    expect(requestCount()).toBe(0);
  });
});
