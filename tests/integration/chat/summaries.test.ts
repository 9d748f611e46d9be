import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LedgerWorld, MODEL } from '../ledger/ledger-world.ts';

const SUMMING_UP = /^Summarise the conversation below/;
const SUMMARY = 'They spoke of leases and decided on a lock.';

let world: LedgerWorld;
let id: string;

beforeEach(async () => {
  world = await new LedgerWorld().open();
  world.connectionId = await world.connect('chat-completions');
  answerWith(SUMMARY);
  id = '';
  for (const text of ['first', 'second', 'third', 'fourth'])
    id = (await world.ask(world.connectionId, text, id === '' ? null : id)).started.conversationId;
});

afterEach(() => world.close());

function answerWith(summary: string, options: object = {}): void {
  world.server.clearFixtures();
  const usage = { input_tokens: 600, output_tokens: 400, prompt_tokens: 600, completion_tokens: 400 };
  world.server.onMessage(SUMMING_UP, { content: summary, usage }, options);
  world.server.onMessage(/./, { content: 'An answer.', usage });
}

const summarise = (more: object = {}) =>
  world.app.call('conversations.summarise', { id, connectionId: world.connectionId, model: MODEL, ...more });

const ended = () => world.app.events.next('summary.ended', ({ conversationId }) => conversationId === id);

const open = () => world.app.get('conversations.open', { id });

function lastSent(): readonly { readonly role: string; readonly content: string }[] {
  // `as`: the shape of a Chat Completions request.
  const body = world.server.getRequests().at(-1)?.body as { messages: { role: string; content: string }[] };
  return body.messages;
}

describe('a summary', () => {
  it('arrives in pieces, is kept, and stands for what it was made of from then on', async () => {
    const started = await summarise();
    const { messages } = await open();
    expect(started).toEqual({ ok: true, value: { upToMessageId: messages[3]?.id } });
    expect(await ended()).toMatchObject({ state: 'done', error: null });
    const grown = world.app.events.of('summary.grown');
    expect(grown.map(({ text }) => text).join('')).toBe(SUMMARY);
    expect(grown[0]?.at).toBe(0);
    expect(lastSent()).toHaveLength(1);
    expect(lastSent()[0]?.content).toContain('User: second\n\nAssistant: An answer.');
    expect(lastSent()[0]?.content).not.toContain('third');
    expect((await open()).summary).toEqual({ text: SUMMARY, upToMessageId: messages[3]?.id });
    expect((await world.app.get('network.list', {}))[0]).toMatchObject({ purpose: 'summary' });

    await world.ask(world.connectionId, 'fifth', id);
    expect(lastSent().map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user']);
    expect(lastSent()[0]?.content).toMatch(
      /^\[Summary of .*\]\nThey spoke .*\n\[End of the summary\]\n\nthird$/s,
    );
    expect((await open()).messages.at(-1)?.omittedCount).toBe(0);
  });

  it('of a summary takes the former one in', async () => {
    await summarise();
    await ended();
    world.app.events.all.length = 0;
    answerWith('They moved on.');
    await world.ask(world.connectionId, 'fifth', id);
    await summarise();
    await ended();
    expect(lastSent()[0]?.content).toContain(SUMMARY);
    expect(lastSent()[0]?.content).not.toContain('first');
    const { summary, messages } = await open();
    expect(summary?.text).toBe('They moved on.');
    expect(messages.findIndex((message) => message.id === summary?.upToMessageId)).toBeGreaterThan(3);
  });

  it('holds after a restart, and only on the path it was made of', async () => {
    await summarise();
    await ended();
    await world.restart();
    await world.ask(world.connectionId, 'fifth', id);
    expect(lastSent()[0]?.content).toContain(SUMMARY);
    const { messages } = await open();
    const first = messages[1]?.id ?? '';
    const again = await world.app.get('chat.regenerate', {
      messageId: first,
      connectionId: world.connectionId,
      model: MODEL,
    });
    await world.app.events.next('chat.ended', ({ streamId }) => streamId === again.streamId);
    expect(lastSent()).toMatchObject([{ role: 'user', content: 'first' }]);
  });

  it('can be changed, taken away and brought back', async () => {
    await summarise();
    await ended();
    const { summary } = await open();
    if (summary === null) throw new Error('there is no summary');
    const mine = { ...summary, text: 'What I make of it.' };
    expect((await world.app.get('conversations.setSummary', { id, summary: mine })).summary).toEqual(mine);
    await world.ask(world.connectionId, 'fifth', id);
    expect(lastSent()[0]?.content).toContain('What I make of it.');
    await world.app.get('conversations.setSummary', { id, summary: null });
    await world.ask(world.connectionId, 'sixth', id);
    expect(lastSent()[0]?.content).toBe('first');
    expect((await world.app.get('conversations.setSummary', { id, summary: mine })).summary).toEqual(mine);
  });

  it.each([
    ['nothing', { text: '   ' }],
    ['too much', { text: 'x'.repeat(30_001) }],
    ['a message of another conversation', { upToMessageId: '00000000-0000-4000-8000-000000000000' }],
  ])('cannot be set to %s', async (_name, change) => {
    const { messages } = await open();
    const summary = { text: 'x', upToMessageId: messages[1]?.id ?? '', ...change };
    expect((await world.app.call('conversations.setSummary', { id, summary })).ok).toBe(false);
    expect((await open()).summary).toBeNull();
  });

  it('that is cancelled leaves everything as it was, and what was written until then is billed', async () => {
    answerWith(SUMMARY.repeat(40), { chunkSize: 4, streamingProfile: { ttft: 5, tps: 50 } });
    const before = (await world.csvRows()).length;
    await summarise();
    await world.app.events.next('summary.grown', () => true);
    expect((await world.app.get('conversations.liveSummary', { id }))?.text).not.toBe('');
    expect(await summarise()).toMatchObject({ ok: false, error: { code: 'chat/busy' } });
    await world.app.get('conversations.cancelSummary', { id });
    expect(await ended()).toMatchObject({ state: 'cancelled' });
    expect((await open()).summary).toBeNull();
    expect(await world.app.get('conversations.liveSummary', { id })).toBeNull();
    expect((await world.csvRows()).slice(before)).toMatchObject([{ purpose: 'summary', estimated: 'yes' }]);
  });

  it.each([
    ['is refused', { error: { message: 'x' }, status: 401 }, 'auth/rejected-key'],
    ['breaks', { error: { message: 'x' }, status: 500 }, 'provider/server-error'],
  ] as const)('that %s says why and can be tried again', async (_name, response, code) => {
    world.server.clearFixtures();
    world.server.onMessage(/./, response);
    await summarise();
    expect(await ended()).toMatchObject({ state: 'failed', error: { code } });
    expect((await open()).summary).toBeNull();
    world.app.events.all.length = 0;
    answerWith(SUMMARY);
    expect((await summarise()).ok).toBe(true);
    expect(await ended()).toMatchObject({ state: 'done' });
  });

  it('of a conversation with one question there is none', async () => {
    const only = await world.ask(world.connectionId, 'only');
    const input = { id: only.started.conversationId, connectionId: world.connectionId, model: MODEL };
    expect(await world.app.call('conversations.summarise', input)).toMatchObject({
      error: { code: 'chat/nothing-to-summarise' },
    });
  });

  it('is given up with its conversation', async () => {
    answerWith(SUMMARY, { streamingProfile: { ttft: 60_000 } });
    await summarise();
    await world.app.get('conversations.remove', { id });
    expect(await ended()).toMatchObject({ state: 'cancelled' });
  });
});

describe('what a summary costs', () => {
  it('is counted under its own name, beside the answers', async () => {
    await world.setPrice();
    await summarise();
    await ended();
    const cost = await world.app.get('ledger.conversation', { id });
    expect(cost.beside).toMatchObject({ requestCount: 1, costMicroUsd: 10_000 });
    expect(cost.answers).toHaveLength(4);
    expect(cost.answers.every(({ requestCount }) => requestCount === 1)).toBe(true);
  });

  it('is held back by a budget, and let through by a word of the person', async () => {
    await world.setPrice();
    await world.setBudget({ monthMicroUsd: 1 });
    const asked = world.answersAskedFor();
    expect(await summarise()).toMatchObject({ ok: false, error: { code: 'budget/exceeded' } });
    expect(world.answersAskedFor()).toBe(asked);
    expect((await summarise({ isOverBudgetAllowed: true })).ok).toBe(true);
    expect(await ended()).toMatchObject({ state: 'done' });
  });
});
