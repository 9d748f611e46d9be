import { copyFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CostSum } from '../../../electron/contract/model/ledger.ts';
import { ANSWER, DIALECTS } from '../../harness/chat-world.ts';
import { createTestCore } from '../../harness/create-test-core.ts';
import { EVENT_STREAM_HEAD, responseEvent, startRawServer } from '../../harness/raw-server.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';
import { LedgerWorld, MODEL, TEN_DOLLARS } from './ledger-world.ts';

let world: LedgerWorld;

beforeEach(async () => {
  world = await new LedgerWorld().open();
});

afterEach(() => world.close());

const SLOW = { chunkSize: 4, streamingProfile: { ttft: 5, tps: 100 } };

async function onlySum(): Promise<CostSum> {
  return (await world.app.get('ledger.report', { month: null })).total;
}

describe('a billed answer', () => {
  it.each(DIALECTS)('is written down with its tokens and its price (%s)', async (dialect) => {
    world.count(600, 400);
    world.connectionId = await world.connect(dialect);
    await world.setPrice();
    const { started } = await world.ask(world.connectionId, 'hi');
    const cost = await world.app.get('ledger.conversation', { id: started.conversationId });
    const sum = {
      requestCount: 1,
      inputTokens: 600,
      outputTokens: 400,
      costMicroUsd: 10_000,
      estimatedCount: 0,
    };
    expect(cost.total).toMatchObject(sum);
    expect(cost.answers).toMatchObject([{ messageId: started.assistantMessage.id, ...sum }]);
    expect(await world.csvRows()).toMatchObject([
      {
        connection: 'work',
        key: 'work',
        model: MODEL,
        cost_usd: '0.010000',
        estimated: 'no',
        price_origin: 'own',
      },
    ]);
  });

  it('is announced before its end is, so that whoever hears of the end can read the cost', async () => {
    world.count(600, 400);
    const order: string[] = [];
    world.app.events.subscribe(({ name }) => {
      if (name === 'ledger.changed' || name === 'chat.ended') order.push(name);
    });
    await world.ask(world.connectionId, 'hi');
    expect(order).toEqual(['ledger.changed', 'chat.ended']);
  });

  it('keeps the price it was reckoned with', async () => {
    world.count(600, 400);
    await world.setPrice();
    await world.ask(world.connectionId, 'hi');
    await world.setPrice({ ...TEN_DOLLARS, inputMicroUsd: 900_000_000 });
    expect((await onlySum()).costMicroUsd).toBe(10_000);
  });

  it('stays when its conversation is deleted, without a word of it', async () => {
    world.count(600, 400);
    await world.setPrice();
    const { started } = await world.ask(world.connectionId, 'unmistakable question');
    await world.app.get('conversations.remove', { id: started.conversationId });
    await world.restart();
    expect((await onlySum()).costMicroUsd).toBe(10_000);
    await world.csvRows();
    expect(world.app.desktop.savedTexts.at(-1)).not.toMatch(/unmistakable|An answer/);
  });

  it('is free on this computer, which is another thing than unknown', async () => {
    world.count(600, 400);
    await world.ask(world.connectionId, 'hi');
    expect(await onlySum()).toMatchObject({ requestCount: 1, costMicroUsd: 0, unknownCount: 0 });
    expect((await world.csvRows())[0]).toMatchObject({ cost_usd: '0.000000', price_origin: 'local' });
  });

  it('sums up with the answer that went on', async () => {
    await world.setPrice();
    world.server.onMessage(/./, { content: ANSWER }, SLOW);
    const started = await world.app.get('chat.send', {
      conversationId: null,
      connectionId: world.connectionId,
      model: MODEL,
      text: 'hi',
    });
    await world.app.events.next('chat.delta', ({ seq }) => seq >= 2);
    await world.app.get('chat.cancel', { streamId: started.streamId });
    await world.app.events.next('chat.ended', () => true);
    world.count(60, 40);
    const messageId = started.assistantMessage.id;
    const again = await world.app.get('chat.continue', {
      messageId,
      connectionId: world.connectionId,
      model: MODEL,
    });
    await world.app.events.next('chat.ended', ({ streamId }) => streamId === again.streamId);
    const { answers } = await world.app.get('ledger.conversation', { id: started.conversationId });
    expect(answers).toMatchObject([{ messageId, requestCount: 2, estimatedCount: 1 }]);
  });
});

describe('an answer without a count', () => {
  it('that was stopped is estimated from what was sent and what came', async () => {
    await world.setPrice();
    world.server.onMessage(/./, { content: ANSWER }, SLOW);
    const started = await world.app.get('chat.send', {
      conversationId: null,
      connectionId: world.connectionId,
      model: MODEL,
      text: 'x'.repeat(400),
    });
    await world.app.events.next('chat.delta', ({ seq }) => seq >= 3);
    await world.app.get('chat.cancel', { streamId: started.streamId });
    await world.app.events.next('chat.ended', () => true);
    const { messages } = await world.app.get('conversations.open', { id: started.conversationId });
    const sum = await onlySum();
    expect(sum).toMatchObject({ requestCount: 1, estimatedCount: 1, inputTokens: 104 });
    expect(sum.outputTokens).toBe(Math.ceil((messages.at(-1)?.text.length ?? 0) / 4));
    expect(sum.costMicroUsd).toBe((sum.inputTokens + sum.outputTokens) * 10);
  });

  it('that a crash cut off is closed at the next start', async () => {
    await world.setPrice();
    world.server.onMessage(/./, { content: ANSWER }, SLOW);
    await world.app.get('chat.send', {
      conversationId: null,
      connectionId: world.connectionId,
      model: MODEL,
      text: 'hi',
    });
    await world.app.events.next('chat.delta', ({ seq }) => seq >= 16);
    // What a crash would leave on the disk at this moment.
    const left = temporaryFolder();
    for (const name of ['costs.json', 'connections.json', 'history.sqlite', 'history.sqlite-wal'])
      copyFileSync(path.join(world.folder, name), path.join(left.path, name));
    const survivor = await createTestCore({ folder: left.path });
    const { total } = await survivor.get('ledger.report', { month: null });
    await survivor.stop();
    left.remove();
    expect(total).toMatchObject({ requestCount: 1, estimatedCount: 1 });
    expect(total.outputTokens).toBeGreaterThan(0);
    expect(total.outputTokens).toBeLessThan(200);
    expect(total.costMicroUsd).toBe((total.inputTokens + total.outputTokens) * 10);
  });

  it.each([
    [401, 'auth/rejected-key'],
    [429, 'quota/rate-limited'],
    [500, 'provider/server-error'],
  ])('is not billed when the provider refused it (%i)', async (status, code) => {
    world.server.onMessage(/./, { error: { message: 'x' }, status });
    const { end } = await world.ask(world.connectionId, 'hi');
    expect(end.error?.code).toBe(code);
    expect((await onlySum()).requestCount).toBe(0);
    expect(await world.csvRows()).toEqual([]);
  });

  it('is not billed when nobody was there', async () => {
    world.connectionId = await world.app.addConnection({ baseUrl: 'http://127.0.0.1:9/v1', key: null });
    await world.ask(world.connectionId, 'hi');
    expect((await onlySum()).requestCount).toBe(0);
  });
});

describe('a server that miscounts', () => {
  const ended = (usage: unknown) =>
    EVENT_STREAM_HEAD +
    responseEvent({ type: 'response.output_text.delta', delta: 'word' }) +
    responseEvent({ type: 'response.completed', response: { usage } });

  it.each([
    { input_tokens: -5, output_tokens: 1 },
    { input_tokens: 1e308, output_tokens: 1 },
    { input_tokens: 1.5, output_tokens: 1 },
    { input_tokens: '600', output_tokens: '400' },
    { input_tokens: null, output_tokens: {} },
    'none',
    null,
  ])('is not believed but estimated: %j', async (usage) => {
    const raw = await startRawServer((_request, socket) => socket.end(ended(usage)));
    world.connectionId = await world.app.addConnection({ baseUrl: raw.baseUrl, key: null });
    await world.setPrice(TEN_DOLLARS, MODEL);
    const { end } = await world.ask(world.connectionId, 'hi');
    expect(end).toMatchObject({ state: 'done', usage: null });
    expect(await onlySum()).toMatchObject({
      estimatedCount: 1,
      inputTokens: 5,
      outputTokens: 1,
      costMicroUsd: 60,
    });
    await raw.stop();
  });

  it('is billed for what it cut short, as it counted', async () => {
    const usage = { input_tokens: 10, output_tokens: 20, output_tokens_details: { reasoning_tokens: 15 } };
    const incomplete = { incomplete_details: { reason: 'max_output_tokens' }, usage };
    const raw = await startRawServer((_request, socket) =>
      socket.end(
        EVENT_STREAM_HEAD +
          responseEvent({ type: 'response.output_text.delta', delta: 'word' }) +
          responseEvent({ type: 'response.incomplete', response: incomplete }),
      ),
    );
    world.connectionId = await world.app.addConnection({ baseUrl: raw.baseUrl, key: null });
    const { end, started } = await world.ask(world.connectionId, 'hi');
    expect(end.usage).toEqual({ inputTokens: 10, outputTokens: 20, reasoningTokens: 15 });
    const { messages } = await world.app.get('conversations.open', { id: started.conversationId });
    expect(messages.at(-1)?.usage).toEqual(end.usage);
    expect(await onlySum()).toMatchObject({ estimatedCount: 0, outputTokens: 20, reasoningTokens: 15 });
    await raw.stop();
  });

  it('has cached input billed as such', async () => {
    const usage = { input_tokens: 1_000, output_tokens: 0, input_tokens_details: { cached_tokens: 900 } };
    const raw = await startRawServer((_request, socket) => socket.end(ended(usage)));
    world.connectionId = await world.app.addConnection({ baseUrl: raw.baseUrl, key: null });
    await world.setPrice();
    await world.ask(world.connectionId, 'hi');
    expect(await onlySum()).toMatchObject({ cachedInputTokens: 900, costMicroUsd: 1_900 });
    await raw.stop();
  });
});

describe('prices', () => {
  it('can be set and taken back, and name models that were asked without one', async () => {
    world.count(1, 1);
    await world.ask(world.connectionId, 'hi');
    const list = () => world.app.get('ledger.prices', { connectionId: world.connectionId });
    expect(await list()).toMatchObject([{ model: MODEL, origin: 'local' }]);
    await world.setPrice();
    expect(await list()).toMatchObject([{ model: MODEL, origin: 'own', rates: TEN_DOLLARS }]);
    await world.setPrice(null);
    expect(await list()).toMatchObject([{ model: MODEL, origin: 'local' }]);
  });

  it.each([
    { inputMicroUsd: -1 },
    { inputMicroUsd: 1.5 },
    { inputMicroUsd: 1_000_000_001 },
    { inputMicroUsd: '1' },
    { inputMicroUsd: null },
    { surplus: 1 },
  ])('refuse %j', async (change) => {
    const rates = { ...TEN_DOLLARS, ...change } as typeof TEN_DOLLARS;
    const input = { connectionId: world.connectionId, model: MODEL, rates };
    expect(await world.app.call('ledger.setPrice', input)).toMatchObject({
      error: { code: 'ipc/invalid-input' },
    });
  });
});

describe('the report', () => {
  it('divides by day, model, connection, key and purpose, and knows its months', async () => {
    world.count(600, 400);
    await world.setPrice();
    await world.ask(world.connectionId, 'hi');
    const report = await world.app.get('ledger.report', { month: null });
    expect(report.months).toEqual([report.month]);
    const rows = new Map(report.breakdowns.map(({ by, rows: of }) => [by, of]));
    expect([...rows.keys()]).toEqual(['day', 'model', 'connection', 'key', 'purpose']);
    expect(rows.get('purpose')).toMatchObject([{ id: 'answer', requestCount: 1 }]);
    expect(rows.get('model')).toMatchObject([{ id: MODEL, label: MODEL, costMicroUsd: 10_000 }]);
    expect(rows.get('connection')).toMatchObject([{ id: world.connectionId, label: 'work' }]);
    expect(rows.get('key')).toMatchObject([{ label: 'work', requestCount: 1 }]);
    const former = await world.app.get('ledger.report', { month: '2001-01' });
    expect(former).toMatchObject({
      month: '2001-01',
      total: { requestCount: 0 },
      allTime: { requestCount: 1 },
    });
  });

  it.each(['2026', '2026-13', '2026-1', "2026-11'; --", ''])('takes no %j for a month', async (month) => {
    expect(await world.app.call('ledger.report', { month })).toMatchObject({
      error: { code: 'ipc/invalid-input' },
    });
  });

  it('of rows that any sequence of requests leaves adds up, exactly, every way it is divided', async () => {
    const request = fc.record({
      input: fc.integer({ min: 0, max: 90_000_000 }),
      output: fc.integer({ min: 0, max: 90_000_000 }),
      model: fc.constantFrom('a', 'b', 'c'),
      isPriced: fc.boolean(),
    });
    await world.app.get('settings.change', { confirmCostAboveMicroUsd: null });
    let expected = { cost: 0n, requests: 0, input: 0, output: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 4 }), async (requests) => {
        for (const { input, output, model, isPriced } of requests) {
          world.count(input, output);
          await world.setPrice(isPriced ? { ...TEN_DOLLARS, inputMicroUsd: 123_457 } : null, model);
          const started = await world.app.get('chat.send', {
            conversationId: null,
            connectionId: world.connectionId,
            model,
            text: 'x',
          });
          await world.app.events.next('chat.ended', ({ streamId }) => streamId === started.streamId);
          const exact = isPriced ? BigInt(input) * 123_457n + BigInt(output) * 10_000_000n : 0n;
          expected = {
            cost: expected.cost + (exact + 999_999n) / 1_000_000n,
            requests: expected.requests + 1,
            input: expected.input + input,
            output: expected.output + output,
          };
        }
        const report = await world.app.get('ledger.report', { month: null });
        for (const sum of [
          report.total,
          report.allTime,
          ...report.breakdowns.map(({ rows }) => addUp(rows)),
        ]) {
          expect(sum).toMatchObject({
            costMicroUsd: Number(expected.cost),
            requestCount: expected.requests,
            inputTokens: expected.input,
            outputTokens: expected.output,
          });
        }
        const written = (await world.csvRows()).reduce(
          (total, row) => total + BigInt((row['cost_usd'] ?? '').replace('.', '')),
          0n,
        );
        expect(written).toBe(expected.cost);
      }),
      { numRuns: 12 },
    );
  });
});

describe('the export', () => {
  it('writes nothing when the person cancels', async () => {
    world.app.desktop.isSaving = false;
    expect(await world.app.get('ledger.export', {})).toEqual({ outcome: 'cancelled' });
    expect(world.app.desktop.savedTexts).toEqual([]);
  });
});

function addUp(rows: readonly CostSum[]): Partial<CostSum> {
  const sum = (of: keyof CostSum): number => rows.reduce((total, row) => total + row[of], 0);
  return {
    costMicroUsd: sum('costMicroUsd'),
    requestCount: sum('requestCount'),
    inputTokens: sum('inputTokens'),
    outputTokens: sum('outputTokens'),
  };
}
