import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ANSWER, ChatWorld, DIALECTS, KEY } from '../../harness/chat-world.ts';
import { proves } from '../../harness/proves.ts';

let world: ChatWorld;

beforeEach(async () => {
  world = await new ChatWorld().open();
});

afterEach(() => world.close());

describe('a streamed answer', () => {
  it.each(DIALECTS)('arrives whole, in order, with one end and its usage (%s)', async (dialect) => {
    const usage = {
      prompt_tokens: 12,
      completion_tokens: 34,
      input_tokens: 12,
      output_tokens: 34,
      total_tokens: 46,
    };
    world.server.onMessage(/./, { content: ANSWER, usage }, { chunkSize: 7 });
    const { started, end, deltas, text } = await world.ask(await world.connect(dialect), 'Tell me');
    expect(text).toBe(ANSWER);
    expect([...deltas.map(({ seq }) => seq), end.seq]).toEqual(
      Array.from({ length: deltas.length + 1 }, (_, index) => index + 1),
    );
    expect(world.app.events.of('chat.ended')).toHaveLength(1);
    expect(end).toMatchObject({ state: 'done', error: null });
    expect(end.usage).toEqual({ inputTokens: 12, outputTokens: 34 });
    const { messages } = await world.app.get('conversations.open', { id: started.conversationId });
    expect(messages.map(({ role, text: stored, state }) => [role, stored, state])).toEqual([
      ['user', 'Tell me', 'done'],
      ['assistant', ANSWER, 'done'],
    ]);
  });

  it('is saved before its end is announced', async () => {
    world.server.onMessage(/./, { content: ANSWER });
    const connectionId = await world.connect();
    let storedAtEnd: string | undefined;
    const ended = new Promise<void>((resolve) => {
      world.app.events.subscribe((event) => {
        if (event.name !== 'chat.ended') return;
        void world.app
          .get('conversations.open', { id: event.payload.conversationId })
          .then(({ messages }) => {
            storedAtEnd = messages.at(-1)?.state;
            resolve();
          });
      });
    });
    await world.app.get('chat.send', { conversationId: null, connectionId, model: 'gpt-4o', text: 'hi' });
    await ended;
    expect(storedAtEnd).toBe('done');
  });

  it(
    'carries the conversation so far to the server, and the key only in the header',
    proves('bound-to-origin'),
    async () => {
      world.server.onMessage(/./, { content: 'An answer.' });
      const connectionId = await world.connect('chat-completions');
      const first = await world.ask(connectionId, 'First question');
      await world.ask(connectionId, 'Second question', first.started.conversationId);
      const body = world.server.getLastRequest()?.body as { messages: { role: string; content: string }[] };
      expect(body.messages.map(({ role, content }) => [role, content])).toEqual([
        ['user', 'First question'],
        ['assistant', 'An answer.'],
        ['user', 'Second question'],
      ]);
      expect(JSON.stringify(body)).not.toContain(KEY);
    },
  );

  it('titles the conversation after its first message and lists it', async () => {
    world.server.onMessage(/./, { content: 'ok' });
    await world.ask(await world.connect(), '## Plan a *trip* to Porto\nwith trains');
    expect((await world.app.get('conversations.list', {})).map(({ title }) => title)).toEqual([
      'Plan a trip to Porto',
    ]);
  });

  it('can be attached to in the middle without losing or doubling text', async () => {
    world.server.onMessage(
      /./,
      { content: ANSWER },
      { chunkSize: 4, streamingProfile: { ttft: 5, tps: 200 } },
    );
    const connectionId = await world.connect();
    const started = await world.app.get('chat.send', {
      conversationId: null,
      connectionId,
      model: 'gpt-4o',
      text: 'hi',
    });
    await world.app.events.next(
      'chat.delta',
      ({ streamId, seq }) => streamId === started.streamId && seq >= 3,
    );
    const live = await world.app.get('chat.attach', { conversationId: started.conversationId });
    expect(live?.streamId).toBe(started.streamId);
    await world.app.events.next('chat.ended', ({ streamId }) => streamId === started.streamId);
    const rest = world.app.events.of('chat.delta').filter(({ seq }) => seq > (live?.lastSeq ?? 0));
    expect((live?.text ?? '') + rest.map(({ text }) => text).join('')).toBe(ANSWER);
    expect(await world.app.get('chat.attach', { conversationId: started.conversationId })).toBeNull();
  });
});

describe('Stop', () => {
  it.each(DIALECTS)('keeps what arrived, marks it, and is idempotent (%s)', async (dialect) => {
    world.server.onMessage(
      /./,
      { content: ANSWER },
      { chunkSize: 4, streamingProfile: { ttft: 5, tps: 100 } },
    );
    const connectionId = await world.connect(dialect);
    const started = await world.app.get('chat.send', {
      conversationId: null,
      connectionId,
      model: 'gpt-4o',
      text: 'hi',
    });
    await world.app.events.next('chat.delta', ({ seq }) => seq >= 2);
    await world.app.get('chat.cancel', { streamId: started.streamId });
    await world.app.get('chat.cancel', { streamId: started.streamId });
    const end = await world.app.events.next('chat.ended', ({ streamId }) => streamId === started.streamId);
    await world.app.get('chat.cancel', { streamId: started.streamId });
    expect(end).toMatchObject({ state: 'cancelled', error: null });
    expect(world.app.events.of('chat.ended')).toHaveLength(1);
    const { messages } = await world.app.get('conversations.open', { id: started.conversationId });
    const kept = messages.at(-1);
    expect(kept?.state).toBe('cancelled');
    expect(kept?.text.length).toBeGreaterThan(0);
    expect(kept?.text.length).toBeLessThan(ANSWER.length);
    expect(ANSWER.startsWith(kept?.text ?? '?')).toBe(true);
  });

  it('leaves room for Continue, which grows the same answer', async () => {
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
    await world.app.events.next('chat.delta', ({ seq }) => seq >= 2);
    await world.app.get('chat.cancel', { streamId: started.streamId });
    await world.app.events.next('chat.ended', () => true);
    const partial =
      (await world.app.get('conversations.open', { id: started.conversationId })).messages.at(-1)?.text ?? '';
    world.server.clearFixtures();
    world.server.onMessage(/./, { content: ' And more.' });
    const again = await world.app.get('chat.continue', {
      messageId: started.assistantMessage.id,
      connectionId,
      model: 'gpt-4o',
    });
    expect(again.assistantMessage.id).toBe(started.assistantMessage.id);
    await world.app.events.next('chat.ended', ({ streamId }) => streamId === again.streamId);
    const { messages } = await world.app.get('conversations.open', { id: started.conversationId });
    expect(messages).toHaveLength(2);
    expect(messages.at(-1)).toMatchObject({ text: `${partial} And more.`, state: 'done' });
  });
});

describe('Regenerate', () => {
  it('adds a variant, keeps the old one, and can show either', async () => {
    world.server.onMessage(/./, { content: 'one' });
    const connectionId = await world.connect();
    const { started } = await world.ask(connectionId, 'hi');
    world.server.clearFixtures();
    world.server.onMessage(/./, { content: 'two' });
    const again = await world.app.get('chat.regenerate', {
      messageId: started.assistantMessage.id,
      connectionId,
      model: 'gpt-4o',
    });
    await world.app.events.next('chat.ended', ({ streamId }) => streamId === again.streamId);
    const shown = await world.app.get('conversations.open', { id: started.conversationId });
    expect(shown.messages.map(({ text }) => text)).toEqual(['hi', 'two']);
    expect(shown.messages.at(-1)?.variantIds).toEqual([
      started.assistantMessage.id,
      again.assistantMessage.id,
    ]);
    const former = await world.app.get('conversations.showVariant', {
      id: started.conversationId,
      messageId: started.assistantMessage.id,
    });
    expect(former.messages.at(-1)?.text).toBe('one');
  });
});

describe('the network log', () => {
  it('tells a complete answer, a stopped one and a refused one apart, with the label of the key', async () => {
    world.server.onMessage(/complete/, { content: ANSWER });
    world.server.onMessage(
      /stopped/,
      { content: ANSWER },
      { chunkSize: 4, streamingProfile: { ttft: 5, tps: 100 } },
    );
    world.server.onMessage(/refused/, { error: { message: 'x' }, status: 401 });
    const connectionId = await world.connect();
    await world.ask(connectionId, 'complete');
    const started = await world.app.get('chat.send', {
      conversationId: null,
      connectionId,
      model: 'gpt-4o',
      text: 'stopped',
    });
    await world.app.events.next('chat.delta', ({ streamId }) => streamId === started.streamId);
    await world.app.get('chat.cancel', { streamId: started.streamId });
    await world.app.events.next('chat.ended', ({ streamId }) => streamId === started.streamId);
    await world.ask(connectionId, 'refused');
    await expect
      .poll(async () =>
        (await world.app.get('network.list', {})).map(({ status, outcome }) => [status, outcome]),
      )
      .toEqual([
        [401, 'done'],
        [200, 'cancelled'],
        [200, 'done'],
      ]);
    const [latest] = await world.app.get('network.list', {});
    expect(latest).toMatchObject({
      origin: new URL(world.server.url).origin,
      keyLabel: 'work',
      purpose: 'answer',
    });
    expect(JSON.stringify(await world.app.get('network.list', {}))).not.toContain(KEY);
  });
});

describe('the local demo', () => {
  it('is added once and followed to its new port at the next start', async () => {
    world.server.onMessage(/./, { content: 'ok' });
    await world.restart({ demoBaseUrl: 'http://127.0.0.1:9/v1' });
    const added = await world.app.get('connections.addDemo', {});
    expect(await world.app.get('connections.addDemo', {})).toEqual(added);
    await world.restart({ demoBaseUrl: `${world.server.url}/v1` });
    expect((await world.ask(added.id, 'hi')).end.state).toBe('done');
    expect(await world.app.get('connections.list', {})).toHaveLength(1);
  });

  it('cannot be added when none was offered', async () => {
    expect(await world.app.call('connections.addDemo', {})).toMatchObject({
      ok: false,
      error: { code: 'connection/not-found' },
    });
  });
});

describe('quitting', () => {
  it('marks a running answer as interrupted and keeps its text for the next start', async () => {
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
    await world.app.events.next('chat.delta', ({ seq }) => seq >= 3);
    await world.restart();
    const { messages } = await world.app.get('conversations.open', { id: started.conversationId });
    expect(messages.at(-1)?.state).toBe('interrupted');
    expect(messages.at(-1)?.text.length).toBeGreaterThan(0);
  });
});
