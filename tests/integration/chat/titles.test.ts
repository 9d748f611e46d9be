import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChatProvider } from '../../../electron/core/providers/chat-provider.ts';
import { LedgerWorld, MODEL, TEN_DOLLARS } from '../ledger/ledger-world.ts';

const NAMING = /^Name the conversation below/;

let world: LedgerWorld;

beforeEach(async () => {
  world = await new LedgerWorld().open({ settings: { makesTitles: true } });
});

afterEach(() => world.close());

/** Answers, and names conversations so; the title's request counts 100 tokens sent and 10 received. */
function nameAs(title: string): void {
  world.server.clearFixtures();
  world.server.onMessage(NAMING, { content: title, usage: { input_tokens: 100, output_tokens: 10 } });
  world.server.onMessage(/./, { content: 'An answer.', usage: { input_tokens: 600, output_tokens: 400 } });
}

const titlesAskedFor = () =>
  world.server
    .getRequests()
    .filter(({ body }) => JSON.stringify(body ?? null).includes('Name the conversation')).length;

const titleOf = async (id: string) =>
  (await world.app.get('conversations.list', {})).find((row) => row.id === id)?.title;

/** The list as it is announced once a conversation is called so. */
const named = (title: string) =>
  world.app.events.next('conversations.changed', (rows) => rows.some((row) => row.title === title));

const givenUp = (code: string) =>
  expect
    .poll(() =>
      world.app.logger.lines.some((line) => line.includes('no title was made') && line.includes(code)),
    )
    .toBe(true);

describe('a title', () => {
  it('is made once, after the first answer, and shown in the list', async () => {
    nameAs('"Leases and locks."');
    const { started } = await world.ask(world.connectionId, 'When should I use a lease?');
    await named('Leases and locks');
    await world.ask(world.connectionId, 'And a lock?', started.conversationId);
    expect(titlesAskedFor()).toBe(1);
    expect(world.answersAskedFor()).toBe(3);
  });

  it('is counted under its own name, in the conversation but not with its answer', async () => {
    nameAs('Leases');
    await world.setPrice();
    const { started } = await world.ask(world.connectionId, 'hi');
    await named('Leases');
    const cost = await world.app.get('ledger.conversation', { id: started.conversationId });
    expect(cost.answers).toMatchObject([{ requestCount: 1, costMicroUsd: 10_000 }]);
    expect(cost.beside).toMatchObject({ requestCount: 1, costMicroUsd: 1_100, inputTokens: 100 });
    expect(cost.total).toMatchObject({ requestCount: 2, costMicroUsd: 11_100 });
    const { breakdowns } = await world.app.get('ledger.report', { month: null });
    expect(breakdowns.find(({ by }) => by === 'purpose')?.rows).toMatchObject([
      { id: 'answer', costMicroUsd: 10_000 },
      { id: 'title', costMicroUsd: 1_100 },
    ]);
    expect((await world.csvRows()).map(({ purpose }) => purpose)).toEqual(['answer', 'title']);
  });

  it('is not made when it is turned off', async () => {
    nameAs('Leases');
    await world.app.get('settings.change', { makesTitles: false });
    const { started } = await world.ask(world.connectionId, 'My own words');
    await world.ask(world.connectionId, 'and more', started.conversationId);
    expect(world.answersAskedFor()).toBe(2);
    expect(await titleOf(started.conversationId)).toBe('My own words');
  });

  it('is asked of a cheaper model that the same provider offers', async () => {
    await world.setPrice();
    await world.setPrice({ ...TEN_DOLLARS, inputMicroUsd: 1, outputMicroUsd: 1 }, 'small-model');
    world.server.on({ model: 'small-model', userMessage: NAMING }, { content: 'By a small one' });
    world.server.on({ model: MODEL, userMessage: /./ }, { content: 'An answer.' });
    await world.app.get('connections.models', { id: world.connectionId, shouldRefresh: true });
    await world.ask(world.connectionId, 'hi');
    await named('By a small one');
  });

  it.each([
    ['nothing that can be read', '\u202e\u0000 ***'],
    ['a key', 'Use sk-proj-abcdefghij0123456789abcdefghij'],
  ])('that is %s is not taken', async (_name, written) => {
    nameAs(written);
    const { started } = await world.ask(world.connectionId, 'My own words');
    await world.app.events.next('ledger.changed', () => titlesAskedFor() === 1);
    await expect.poll(async () => (await world.csvRows()).length).toBe(2);
    expect(await titleOf(started.conversationId)).toBe('My own words');
  });

  it('never replaces one that a person gave, not even one that was given meanwhile', async () => {
    world.server.onMessage(NAMING, { content: 'A late title' }, { streamingProfile: { ttft: 400 } });
    world.server.onMessage(/./, { content: 'An answer.' });
    const { started } = await world.ask(world.connectionId, 'hi');
    await expect.poll(titlesAskedFor).toBe(1);
    await world.app.get('conversations.rename', { id: started.conversationId, title: 'Mine' });
    await expect.poll(async () => (await world.csvRows()).length).toBe(2);
    expect(await titleOf(started.conversationId)).toBe('Mine');
  });

  it('is given up with its conversation, which nothing brings back', async () => {
    world.server.onMessage(NAMING, { content: 'A late title' }, { streamingProfile: { ttft: 60_000 } });
    world.server.onMessage(/./, { content: 'An answer.' });
    const { started } = await world.ask(world.connectionId, 'My own words');
    await expect.poll(titlesAskedFor).toBe(1);
    await world.app.get('conversations.remove', { id: started.conversationId });
    expect(await world.app.get('conversations.list', {})).toEqual([]);
    await world.app.get('conversations.restore', { id: started.conversationId });
    expect(await titleOf(started.conversationId)).toBe('My own words');
  });

  it('that a server keeps to itself is waited for until its time is up, and then counted as estimated', async () => {
    await world.restart({ settings: { makesTitles: true }, titleTimeLimitMs: 50 });
    world.server.onMessage(NAMING, { content: 'Too late' }, { streamingProfile: { ttft: 60_000 } });
    world.server.onMessage(/./, { content: 'An answer.' });
    const { started } = await world.ask(world.connectionId, 'My own words');
    await expect.poll(async () => (await world.csvRows()).map(({ estimated }) => estimated)).toContain('yes');
    expect(await titleOf(started.conversationId)).toBe('My own words');
    expect(titlesAskedFor()).toBe(1);
  });

  it('that fails is not asked for again, whatever is asked next', async () => {
    world.server.onMessage(NAMING, { error: { message: 'x' }, status: 500 });
    world.server.onMessage(/./, { content: 'An answer.' });
    const { started } = await world.ask(world.connectionId, 'hi');
    await givenUp('provider/server-error');
    await world.app.get('chat.regenerate', {
      messageId: started.assistantMessage.id,
      connectionId: world.connectionId,
      model: MODEL,
    });
    await expect.poll(() => world.app.events.of('chat.ended').length).toBe(2);
    expect(titlesAskedFor()).toBe(1);
  });

  it('is not asked for after an answer that failed, but after the one that came', async () => {
    world.server.onMessage(/./, { error: { message: 'x' }, status: 401 });
    const { started } = await world.ask(world.connectionId, 'hi');
    expect(world.answersAskedFor()).toBe(1);
    nameAs('Leases');
    await world.app.get('chat.regenerate', {
      messageId: started.assistantMessage.id,
      connectionId: world.connectionId,
      model: MODEL,
    });
    await named('Leases');
  });
});

describe('a title beside a budget', () => {
  it('of $0.01 that the answer has used up is not asked for: the server sees one request', async () => {
    nameAs('Leases');
    await world.setPrice();
    await world.setBudget({ monthMicroUsd: 10_000 });
    await world.ask(world.connectionId, 'first');
    await givenUp('budget/exceeded');
    const second = { conversationId: null, connectionId: world.connectionId, model: MODEL, text: 'second' };
    expect(await world.app.call('chat.send', second)).toMatchObject({ error: { code: 'budget/exceeded' } });
    expect(world.answersAskedFor()).toBe(1);
  });

  it('never goes beyond it: it has to fit as a whole', async () => {
    nameAs('Leases');
    await world.setPrice();
    // What an answer may: begin while anything is left. The title is expected to cost more than that.
    await world.setBudget({ monthMicroUsd: 11_000 });
    await world.ask(world.connectionId, 'first');
    await givenUp('budget/exceeded');
    expect(world.answersAskedFor()).toBe(1);
  });

  it('is not asked for where there is one and the price is unknown, though answers are let through', async () => {
    const asked: string[] = [];
    const provider: ChatProvider = {
      async *stream(_target, { turns }) {
        asked.push(turns.at(-1)?.text ?? '');
        yield { type: 'delta', text: 'An answer.' };
        yield { type: 'finished', usage: null };
      },
      listModels: () => Promise.resolve([]),
    };
    await world.restart({ settings: { makesTitles: true }, provider });
    const baseUrl = 'https://models.example/v1';
    world.connectionId = await world.app.addConnection({ baseUrl, key: 'sk-test-0123456789abcdef' });
    await world.setBudget({ monthMicroUsd: 10_000 });
    await world.ask(world.connectionId, 'first');
    await givenUp('budget/unknown-price');
    expect(asked).toEqual(['first']);
  });

  it('that is under way does not stop the next message: it cannot become long', async () => {
    world.server.onMessage(NAMING, { content: 'Leases' }, { streamingProfile: { ttft: 300 } });
    world.server.onMessage(/./, { content: 'An answer.', usage: { input_tokens: 60, output_tokens: 40 } });
    await world.setPrice();
    // Room for the first answer, a title and what the second message sends, but not for another answer of 2,000 tokens.
    await world.setBudget({ monthMicroUsd: 15_000 });
    const { started } = await world.ask(world.connectionId, 'first');
    await expect.poll(titlesAskedFor).toBe(1);
    expect((await world.ask(world.connectionId, 'second', started.conversationId)).end.state).toBe('done');
  });
});
