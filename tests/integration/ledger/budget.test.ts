import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PLAIN_GENERATION } from '../../../electron/contract/model/plain.ts';
import { LedgerWorld, MODEL, TEN_DOLLARS } from './ledger-world.ts';

let world: LedgerWorld;

beforeEach(async () => {
  world = await new LedgerWorld().open();
});

afterEach(() => world.close());

const send = (text: string, more: object = {}) =>
  world.app.call('chat.send', {
    conversationId: null,
    connectionId: world.connectionId,
    model: MODEL,
    text,
    ...more,
  });

/** One message that costs exactly $0.01, with a budget of $0.01. */
async function spendOneCent() {
  world.count(600, 400);
  await world.setPrice();
  await world.setBudget({ monthMicroUsd: 10_000 });
  return world.ask(world.connectionId, 'first');
}

describe('a budget of $0.01', () => {
  it('stops the second message in main: the server sees one, and nothing of the second is stored', async () => {
    const { end, started } = await spendOneCent();
    expect(end.state).toBe('done');
    const refused = {
      ok: false,
      error: {
        code: 'budget/exceeded',
        details: {
          connectionId: world.connectionId,
          period: 'month',
          limitMicroUsd: 10_000,
          spentMicroUsd: 10_000,
        },
      },
    };
    expect(await send('second')).toMatchObject(refused);
    expect(await send('second', { conversationId: started.conversationId })).toMatchObject(refused);
    expect(world.answersAskedFor()).toBe(1);
    expect(await world.app.get('conversations.list', {})).toHaveLength(1);
    const { messages } = await world.app.get('conversations.open', { id: started.conversationId });
    expect(messages.map(({ text }) => text)).toEqual(['first', 'An answer.']);
    expect(await world.csvRows()).toHaveLength(1);
  });

  it.each(['chat.regenerate', 'chat.continue'] as const)(
    'stops %s too, which leaves the answer as it was',
    async (route) => {
      const { started } = await spendOneCent();
      const input = {
        messageId: started.assistantMessage.id,
        connectionId: world.connectionId,
        model: MODEL,
      };
      expect(await world.app.call(route, input)).toMatchObject({
        ok: false,
        error: { code: 'budget/exceeded' },
      });
      expect(world.answersAskedFor()).toBe(1);
      const { messages } = await world.app.get('conversations.open', { id: started.conversationId });
      expect(messages.at(-1)).toMatchObject({ state: 'done', text: 'An answer.' });
    },
  );

  it('frees the conversation that was refused', async () => {
    const { started } = await spendOneCent();
    const { conversationId } = started;
    await send('second', { conversationId });
    expect(await send('third', { conversationId })).toMatchObject({ error: { code: 'budget/exceeded' } });
    await world.setBudget({ monthMicroUsd: 1_000_000 });
    expect((await world.ask(world.connectionId, 'fourth', conversationId)).end.state).toBe('done');
  });

  it('lets one request through with a word of the person, and the next one not', async () => {
    await spendOneCent();
    const started = await send('second', { isOverBudgetAllowed: true });
    expect(started.ok).toBe(true);
    await world.app.events.next(
      'chat.ended',
      ({ streamId }) => started.ok && streamId === started.value.streamId,
    );
    expect(await send('third')).toMatchObject({ ok: false, error: { code: 'budget/exceeded' } });
    expect(world.answersAskedFor()).toBe(2);
  });

  it('holds after a restart', async () => {
    await spendOneCent();
    await world.restart();
    expect(await send('second')).toMatchObject({ ok: false, error: { code: 'budget/exceeded' } });
    expect(world.answersAskedFor()).toBe(1);
  });

  it('holds when the conversation it was spent on is gone', async () => {
    const { started } = await spendOneCent();
    await world.app.get('conversations.remove', { id: started.conversationId });
    expect(await send('second')).toMatchObject({ ok: false, error: { code: 'budget/exceeded' } });
  });

  it('of a day counts as one of a month does', async () => {
    world.count(600, 400);
    await world.setPrice();
    await world.setBudget({ dayMicroUsd: 10_000 });
    await world.ask(world.connectionId, 'first');
    expect(await send('second')).toMatchObject({
      error: { code: 'budget/exceeded', details: { period: 'day' } },
    });
    expect(world.answersAskedFor()).toBe(1);
  });

  it('is one of a connection: another goes on', async () => {
    await spendOneCent();
    const other = await world.connect();
    expect((await world.ask(other, 'hi')).end.state).toBe('done');
  });

  it('goes with its connection, and what was spent stays', async () => {
    await spendOneCent();
    await world.app.get('connections.remove', { id: world.connectionId });
    expect(await world.csvRows()).toHaveLength(1);
    expect(
      await world.app.call('ledger.setBudget', {
        connectionId: world.connectionId,
        budget: { dayMicroUsd: 1, monthMicroUsd: 1 },
      }),
    ).toMatchObject({
      ok: false,
      error: { code: 'connection/not-found' },
    });
  });
});

describe('a period', () => {
  it.each([
    ['day', '2026-11-25T23:59', '2026-11-26T00:00'],
    ['month', '2026-11-30T23:59', '2026-12-01T00:00'],
    ['month', '2026-12-31T23:59', '2027-01-01T00:00'],
    ['month', '2028-02-29T12:00', '2028-03-01T00:00'],
  ] as const)('that is over takes nothing along: %s', async (period, before, after) => {
    let now = new Date(before).getTime();
    await world.restart({ clock: { now: () => now } });
    world.count(600, 400);
    await world.setPrice();
    await world.setBudget(period === 'day' ? { dayMicroUsd: 10_000 } : { monthMicroUsd: 10_000 });
    await world.ask(world.connectionId, 'first');
    now += 59_000;
    expect(await send('second')).toMatchObject({ error: { code: 'budget/exceeded', details: { period } } });
    now = new Date(after).getTime();
    expect((await world.ask(world.connectionId, 'third')).end.state).toBe('done');
    const { allTime, today } = await world.app.get('ledger.report', { month: null });
    expect([allTime.costMicroUsd, today.costMicroUsd]).toEqual([20_000, 10_000]);
  });
});

describe('two requests at once', () => {
  it('do not both slip under a limit', async () => {
    world.count(600, 400);
    await world.setPrice();
    await world.setBudget({ monthMicroUsd: 10_000 });
    const outcomes = await Promise.all([send('one'), send('two'), send('three')]);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    await world.app.events.next('chat.ended', () => true);
    expect(world.answersAskedFor()).toBe(1);
  });

  it('both go when there is room for both', async () => {
    world.count(600, 400);
    await world.setPrice();
    await world.setBudget({ monthMicroUsd: 10_000_000 });
    const outcomes = await Promise.all([send('one'), send('two')]);
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true]);
  });

  it('reserve nothing any more once they were refused by the provider', async () => {
    world.server.onMessage(/./, { error: { message: 'x' }, status: 401 });
    await world.setPrice();
    await world.setBudget({ monthMicroUsd: 10_000 });
    await world.ask(world.connectionId, 'first');
    world.count(6, 4);
    expect((await world.ask(world.connectionId, 'second')).end.state).toBe('done');
    expect(await world.csvRows()).toHaveLength(1);
  });
});

describe('a warning', () => {
  const warnings = () =>
    world.app.events.of('notice.raised').filter(({ error }) => error.code === 'budget/nearly-spent');

  it('comes at 80 %, once per period, and not again after a restart', async () => {
    world.count(400, 390);
    await world.setPrice();
    await world.setBudget({ monthMicroUsd: 10_000 });
    await world.ask(world.connectionId, 'to 79 %');
    expect(warnings()).toEqual([]);
    world.count(5, 5);
    await world.ask(world.connectionId, 'to 80 %');
    expect(warnings()).toHaveLength(1);
    expect(warnings()[0]?.body).toContain('$0.008 of $0.01 this month');
    await world.ask(world.connectionId, 'to 81 %');
    expect(warnings()).toHaveLength(1);
    await world.restart();
    await world.ask(world.connectionId, 'to 82 %');
    expect(warnings()).toEqual([]);
  });

  it('comes anew with a new budget', async () => {
    world.count(400, 400);
    await world.setPrice();
    await world.setBudget({ monthMicroUsd: 10_000 });
    await world.ask(world.connectionId, 'one');
    await world.setBudget({ monthMicroUsd: 20_000 });
    await world.ask(world.connectionId, 'two');
    expect(warnings()).toHaveLength(2);
  });
});

describe('a model of unknown price', () => {
  const remote = 'https://models.example/v1';

  it('is let through beside a budget unless the person forbids it; then nothing is sent', async () => {
    const connectionId = await world.app.addConnection({ baseUrl: remote, key: 'sk-test-0123456789abcdef' });
    await world.app.get('ledger.setBudget', {
      connectionId,
      budget: { dayMicroUsd: null, monthMicroUsd: 1 },
    });
    await world.app.get('settings.change', { allowsUnknownPrices: false });
    const input = { conversationId: null, connectionId, model: 'some-model', text: 'hi' };
    expect(await world.app.call('chat.send', input)).toMatchObject({
      ok: false,
      error: { code: 'budget/unknown-price', details: { model: 'some-model' } },
    });
    expect(await world.app.get('network.list', {})).toEqual([]);
    expect(await world.app.get('conversations.list', {})).toEqual([]);
    await world.app.get('ledger.setPrice', { connectionId, model: 'some-model', rates: TEN_DOLLARS });
    expect(await world.app.call('chat.send', input)).toMatchObject({ error: { code: 'budget/exceeded' } });
  });
});

/** Has room for a message of any length that is sent. */
const WIDE_MODEL = 'gpt-4.1';

describe('a request that is dear', () => {
  it('is asked about first; a yes sends it, and nothing was stored before', async () => {
    world.count(10, 10);
    await world.setPrice(TEN_DOLLARS, WIDE_MODEL);
    const text = 'word '.repeat(100_000);
    const result = await send(text, { model: WIDE_MODEL });
    expect(result).toMatchObject({ ok: false, error: { code: 'budget/large-request' } });
    const details = result.ok ? {} : result.error.details;
    expect(details['inputTokens']).toBeGreaterThan(100_000);
    expect(details['totalMicroUsd']).toBeGreaterThan(1_000_000);
    expect(await world.app.get('conversations.list', {})).toEqual([]);
    expect(world.answersAskedFor()).toBe(0);
    expect((await send(text, { model: WIDE_MODEL, isCostAccepted: true })).ok).toBe(true);
  });

  it('is one whose system prompt alone makes it dear, in a new conversation and in one that is there', async () => {
    world.count(10, 10);
    await world.setPrice();
    await world.app.get('settings.change', { confirmCostAboveMicroUsd: 100_000 });
    const generation = { ...PLAIN_GENERATION, systemPrompt: 'word '.repeat(20_000) };
    expect(await send('hi', { generation })).toMatchObject({ error: { code: 'budget/large-request' } });
    const { started } = await world.ask(world.connectionId, 'hi');
    const id = started.conversationId;
    await world.app.get('conversations.setGeneration', { id, generation });
    expect(await send('hi', { conversationId: id })).toMatchObject({
      error: { code: 'budget/large-request' },
    });
    const estimate = (input: object) =>
      world.app.get('chat.estimate', {
        conversationId: null,
        connectionId: world.connectionId,
        model: MODEL,
        text: 'hi',
        ...input,
      });
    expect((await estimate({ conversationId: id })).inputTokens).toBeGreaterThan(25_000);
    expect((await estimate({ generation })).inputTokens).toBeGreaterThan(25_000);
    expect(world.answersAskedFor()).toBe(1);
  });

  it('is not asked about when the person wants no questions, or sets another limit', async () => {
    world.count(10, 10);
    await world.setPrice();
    await world.app.get('settings.change', { confirmCostAboveMicroUsd: 0 });
    expect(await send('hi')).toMatchObject({ error: { code: 'budget/large-request' } });
    await world.app.get('settings.change', { confirmCostAboveMicroUsd: null });
    expect((await send('word '.repeat(100_000), { model: WIDE_MODEL })).ok).toBe(true);
  });

  it('is estimated with the conversation that is sent along, without sending anything', async () => {
    world.count(10, 10);
    await world.setPrice();
    const { started } = await world.ask(world.connectionId, 'x'.repeat(4_000));
    const estimate = (conversationId: string | null) =>
      world.app.get('chat.estimate', {
        conversationId,
        connectionId: world.connectionId,
        model: MODEL,
        text: 'hi',
      });
    const [alone, along] = [await estimate(null), await estimate(started.conversationId)];
    expect(alone).toMatchObject({ inputTokens: 5, inputMicroUsd: 50, totalMicroUsd: 20_050, isLarge: false });
    expect(along.inputTokens).toBeGreaterThanOrEqual(1_000);
    expect(world.answersAskedFor()).toBe(1);
  });
});

describe('the file with the budgets', () => {
  it('that was cut short costs no budget that is whole in it, and is said', async () => {
    await spendOneCent();
    await world.restartAfter((folder) => {
      const file = path.join(folder, 'costs.json');
      writeFileSync(file, readFileSync(file, 'utf8').slice(0, -3));
    });
    expect(await send('second')).toMatchObject({ error: { code: 'budget/exceeded' } });
    const { notices } = await world.app.get('app.info', {});
    expect(notices.map(({ title }) => title)).toEqual(['The file with your budgets and prices was damaged']);
  });

  it.each([
    ['a budget in words', { budget: 'ten' }],
    ['a negative budget', { budget: { dayMicroUsd: -1, monthMicroUsd: null } }],
    ['a price that is no number', { prices: [{ model: 'm', rates: { inputMicroUsd: 'x' } }] }],
  ])('with %s keeps the entry, lets it not hold, and says so', async (_name, damage) => {
    await spendOneCent();
    await world.restartAfter((folder) => {
      const file = path.join(folder, 'costs.json');
      const document = JSON.parse(readFileSync(file, 'utf8')) as { connections: object[] };
      const connections = document.connections.map((entry) => ({ ...entry, ...damage }));
      writeFileSync(file, JSON.stringify({ ...document, connections }));
    });
    const { notices } = await world.app.get('app.info', {});
    expect(notices.map(({ title }) => title)).toEqual(['Some budgets made no sense']);
    expect((await send('second')).ok).toBe(true);
  });
});
