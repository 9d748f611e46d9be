import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConversationDetail } from '../../../electron/contract/model/conversation.ts';
import { ChatWorld } from '../../harness/chat-world.ts';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const SLOW = { chunkSize: 2, streamingProfile: { ttft: 5, tps: 40 } };

let world: ChatWorld;
let connectionId: string;

beforeEach(async () => {
  world = await new ChatWorld().open();
  connectionId = await world.connect('chat-completions');
  world.server.onMessage(/.*/s, { content: 'An answer.' });
});

afterEach(() => world.close());

function target() {
  return { connectionId, model: 'gpt-4o' };
}

async function ask(text: string, conversationId: string | null = null) {
  return (await world.ask(connectionId, text, conversationId)).started;
}

async function edit(conversationId: string, editedMessageId: string, text: string) {
  const started = await world.app.get('chat.send', { conversationId, ...target(), text, editedMessageId });
  await world.app.events.next('chat.ended', ({ streamId }) => streamId === started.streamId);
  return started;
}

async function regenerate(messageId: string) {
  const started = await world.app.get('chat.regenerate', { messageId, ...target() });
  await world.app.events.next('chat.ended', ({ streamId }) => streamId === started.streamId);
  return started;
}

function open(id: string): Promise<ConversationDetail> {
  return world.app.get('conversations.open', { id });
}

async function textsOf(id: string): Promise<string[]> {
  return (await open(id)).messages.filter(({ role }) => role === 'user').map(({ text }) => text);
}

function lastTurns(): string[] {
  const body = world.server.getLastRequest()?.body as { messages: { content: string }[] };
  return body.messages.map(({ content }) => content);
}

async function found(query: string): Promise<string[]> {
  const { hits } = await world.app.get('search.messages', { query });
  return hits.map(({ messageId }) => messageId);
}

describe('an edited message', () => {
  it('is a variant with its own answer; the old one keeps all that followed it', async () => {
    const first = await ask('Where is Porto?');
    const { conversationId } = first;
    await ask('And Lisbon?', conversationId);
    const edited = await edit(conversationId, first.userMessage.id, 'Where is Faro?');
    expect(lastTurns()).toEqual(['Where is Faro?']);
    expect(edited.userMessage.parentId).toBeNull();
    const now = await open(conversationId);
    expect(now.messages.map(({ text }) => text)).toEqual(['Where is Faro?', 'An answer.']);
    expect(now.messages[0]?.variantIds).toEqual([first.userMessage.id, edited.userMessage.id]);
    const before = await world.app.get('conversations.showVariant', {
      id: conversationId,
      messageId: first.userMessage.id,
    });
    expect(before.messages).toHaveLength(4);
    expect(await found('Porto')).toEqual([first.userMessage.id]);
  });

  it('in the middle is sent with what was before it, and nothing of what came after', async () => {
    const { conversationId } = await ask('one');
    const second = await ask('two', conversationId);
    await ask('three', conversationId);
    await edit(conversationId, second.userMessage.id, 'two, better');
    expect(lastTurns()).toEqual(['one', 'An answer.', 'two, better']);
    expect(await textsOf(conversationId)).toEqual(['one', 'two, better']);
  });

  it.each([
    ['an answer', 'assistant'],
    ['a message of another conversation', 'elsewhere'],
    ['one that is not there', 'unknown'],
    ['one that was deleted', 'removed'],
    ['one in no conversation', 'new'],
  ])('is not %s', async (_name, kind) => {
    const here = await ask('one');
    const elsewhere = await ask('other');
    if (kind === 'removed')
      await world.app.get('conversations.removeMessage', { messageId: here.userMessage.id });
    const editedMessageId = {
      assistant: here.assistantMessage.id,
      elsewhere: elsewhere.userMessage.id,
      unknown: UNKNOWN,
      removed: here.userMessage.id,
      new: here.userMessage.id,
    }[kind];
    const conversationId = kind === 'new' ? null : here.conversationId;
    world.server.clearRequests();
    const result = await world.app.call('chat.send', {
      conversationId,
      ...target(),
      text: 'edited',
      editedMessageId: editedMessageId ?? null,
    });
    expect(result).toMatchObject({ ok: false, error: { code: 'chat/not-found' } });
    expect(world.server.getRequests()).toEqual([]);
    expect(await world.app.get('conversations.list', {})).toHaveLength(2);
  });

  it('asks the same questions as any other: a key in it is noticed, and nothing is stored', async () => {
    const { conversationId, userMessage } = await ask('one');
    const result = await world.app.call('chat.send', {
      conversationId,
      ...target(),
      text: 'my key is sk-proj-aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7dE9f-9Q4z',
      editedMessageId: userMessage.id,
    });
    expect(result).toMatchObject({ ok: false, error: { code: 'secret/key-in-message' } });
    expect((await open(conversationId)).messages[0]?.variantIds).toEqual([userMessage.id]);
  });
});

describe('variants', () => {
  it('show what was shown below them last, not the newest, also after a restart', async () => {
    const first = await ask('one');
    const { conversationId } = first;
    const followUp = await ask('then a', conversationId);
    await edit(conversationId, followUp.userMessage.id, 'then b');
    const show = (messageId: string) =>
      world.app.get('conversations.showVariant', { id: conversationId, messageId });
    await show(followUp.userMessage.id);
    const again = await regenerate(first.assistantMessage.id);
    expect(await textsOf(conversationId)).toEqual(['one']);
    await world.restart();
    await show(first.assistantMessage.id);
    expect(await textsOf(conversationId)).toEqual(['one', 'then a']);
    await show(again.assistantMessage.id);
    expect(await textsOf(conversationId)).toEqual(['one']);
  });

  it('that are not the newest can be continued, and grow where they are', async () => {
    world.server.clearFixtures();
    world.server.onMessage(/.*/s, { content: 'A long answer that is stopped.' }, SLOW);
    const started = await world.app.get('chat.send', { conversationId: null, ...target(), text: 'one' });
    await world.app.events.next('chat.delta', ({ streamId }) => streamId === started.streamId);
    await world.app.get('chat.cancel', { streamId: started.streamId });
    await world.app.events.next('chat.ended', ({ streamId }) => streamId === started.streamId);
    world.server.clearFixtures();
    world.server.onMessage(/.*/s, { content: ' More.' });
    const { conversationId, assistantMessage } = started;
    const newer = await regenerate(assistantMessage.id);
    await world.app.get('conversations.showVariant', { id: conversationId, messageId: assistantMessage.id });
    const again = await world.app.get('chat.continue', { messageId: assistantMessage.id, ...target() });
    await world.app.events.next('chat.ended', ({ streamId }) => streamId === again.streamId);
    const answer = (await open(conversationId)).messages.at(-1);
    expect(answer).toMatchObject({ id: assistantMessage.id, state: 'done' });
    expect(answer?.text).toMatch(/^A .* More\.$/);
    expect(answer?.variantIds).toEqual([assistantMessage.id, newer.assistantMessage.id]);
  });

  it('of an answer in the middle leave what followed the former one below that one', async () => {
    const first = await ask('one');
    await ask('two', first.conversationId);
    const again = await regenerate(first.assistantMessage.id);
    expect(lastTurns()).toEqual(['one']);
    expect((await open(first.conversationId)).messages.map(({ id }) => id)).toEqual([
      first.userMessage.id,
      again.assistantMessage.id,
    ]);
    await ask('two again', first.conversationId);
    await world.app.get('conversations.showVariant', {
      id: first.conversationId,
      messageId: first.assistantMessage.id,
    });
    expect(await textsOf(first.conversationId)).toEqual(['one', 'two']);
  });
});

describe('a branch', () => {
  it('is a conversation with a copy of the path, which costs nothing and goes its own way', async () => {
    const first = await ask('one');
    const second = await ask('two', first.conversationId);
    await ask('three', first.conversationId);
    const branch = await world.app.get('conversations.branch', { messageId: second.userMessage.id });
    expect(branch).toMatchObject({ title: 'one (branch)', connectionId, model: 'gpt-4o' });
    expect(await textsOf(branch.id)).toEqual(['one', 'two']);
    const copied = (await open(branch.id)).messages;
    const original = (await open(first.conversationId)).messages;
    expect(copied.map(({ text, createdAt, state }) => [text, createdAt, state])).toEqual(
      original.slice(0, 3).map(({ text, createdAt, state }) => [text, createdAt, state]),
    );
    expect(copied.map(({ id }) => id).filter((id) => original.some((each) => each.id === id))).toEqual([]);
    expect((await world.app.get('ledger.conversation', { id: branch.id })).total.requestCount).toBe(0);
    expect((await world.app.get('ledger.report', { month: null })).allTime.requestCount).toBe(3);
    await ask('another way', branch.id);
    expect(lastTurns()).toEqual(['one', 'An answer.', 'two', 'another way']);
    expect(await textsOf(first.conversationId)).toEqual(['one', 'two', 'three']);
    expect(await found('two')).toHaveLength(2);
    const [listed] = await world.app.get('conversations.list', {});
    expect(listed?.id).toBe(branch.id);
    const again = await world.app.get('conversations.branch', { messageId: copied[0]?.id ?? '' });
    expect(again.title).toBe('one (branch 2)');
  });

  it('counts no answer twice where a key was used', async () => {
    const first = await ask('one');
    await world.app.get('conversations.branch', { messageId: first.assistantMessage.id });
    const keyId = await world.app.keyIdOf(connectionId);
    const { conversations } = await world.app.get('keys.exposure', { connectionId, keyId });
    expect(conversations.map(({ id, answerCount }) => [id, answerCount])).toEqual([
      [first.conversationId, 1],
    ]);
  });

  it('is refused at an answer that is still arriving, and at one that is gone', async () => {
    world.server.clearFixtures();
    world.server.onMessage(/.*/s, { content: 'A long answer.' }, SLOW);
    const started = await world.app.get('chat.send', { conversationId: null, ...target(), text: 'one' });
    const branch = (messageId: string) => world.app.call('conversations.branch', { messageId });
    expect(await branch(started.assistantMessage.id)).toMatchObject({ error: { code: 'chat/busy' } });
    expect(await branch(UNKNOWN)).toMatchObject({ error: { code: 'chat/not-found' } });
    await world.app.get('chat.cancel', { streamId: started.streamId });
    await world.app.events.next('chat.ended', ({ streamId }) => streamId === started.streamId);
    await world.app.get('conversations.removeMessage', { messageId: started.userMessage.id });
    expect(await branch(started.userMessage.id)).toMatchObject({ error: { code: 'chat/not-found' } });
    expect(await world.app.get('conversations.list', {})).toHaveLength(1);
  });
});

describe('a deleted message', () => {
  it('goes with what follows it, and comes back with it to the same path', async () => {
    const first = await ask('one');
    const { conversationId } = first;
    const second = await ask('two', conversationId);
    await ask('three', conversationId);
    const before = await open(conversationId);
    const messageId = second.userMessage.id;
    expect(await world.app.get('conversations.countBelow', { messageId })).toEqual({ count: 4 });
    expect(await world.app.get('conversations.removeMessage', { messageId })).toMatchObject({ count: 4 });
    expect(await textsOf(conversationId)).toEqual(['one']);
    expect(await found('three')).toEqual([]);
    expect(await world.app.call('conversations.removeMessage', { messageId })).toMatchObject({
      error: { code: 'chat/not-found' },
    });
    expect(await world.app.get('conversations.restoreMessage', { messageId })).toEqual(before);
    expect(await found('three')).toHaveLength(1);
  });

  it('gives way to its variant, and to its parent where there is none', async () => {
    const first = await ask('one');
    const { conversationId } = first;
    await ask('below the first', conversationId);
    const again = await regenerate(first.assistantMessage.id);
    const remove = (messageId: string) => world.app.get('conversations.removeMessage', { messageId });
    await remove(again.assistantMessage.id);
    expect(await textsOf(conversationId)).toEqual(['one', 'below the first']);
    await remove(first.assistantMessage.id);
    expect((await open(conversationId)).messages.map(({ text }) => text)).toEqual(['one']);
    await remove(first.userMessage.id);
    expect((await open(conversationId)).messages).toEqual([]);
    await ask('on from nothing', conversationId);
    expect(lastTurns()).toEqual(['on from nothing']);
    expect(await textsOf(conversationId)).toEqual(['on from nothing']);
  });

  it('takes the answer that is arriving below it along, and leaves one in another variant alone', async () => {
    const first = await ask('one');
    const { conversationId } = first;
    world.server.clearFixtures();
    world.server.onMessage(/.*/s, { content: 'A long answer of some words.' }, SLOW);
    const running = await world.app.get('chat.regenerate', {
      messageId: first.assistantMessage.id,
      ...target(),
    });
    await world.app.get('conversations.removeMessage', { messageId: first.assistantMessage.id });
    expect(await world.app.get('chat.attach', { conversationId })).not.toBeNull();
    await world.app.get('conversations.removeMessage', { messageId: first.userMessage.id });
    expect(
      await world.app.events.next('chat.ended', ({ streamId }) => streamId === running.streamId),
    ).toMatchObject({ state: 'cancelled' });
    expect((await open(conversationId)).messages).toEqual([]);
  });

  it('is asked for nothing, and finds no answer below it', async () => {
    const first = await ask('one');
    await world.app.get('conversations.removeMessage', { messageId: first.userMessage.id });
    world.server.clearRequests();
    const messageId = first.assistantMessage.id;
    for (const route of ['chat.regenerate', 'chat.continue'] as const)
      expect(await world.app.call(route, { messageId, ...target() })).toMatchObject({
        error: { code: 'chat/not-found' },
      });
    const { conversationId: id } = first;
    for (const call of [
      world.app.call('conversations.showVariant', { id, messageId }),
      world.app.call('conversations.restoreMessage', { messageId }),
      world.app.call('conversations.restoreMessage', { messageId: UNKNOWN }),
      world.app.call('conversations.countBelow', { messageId: UNKNOWN }),
    ])
      expect(await call).toMatchObject({ ok: false, error: { code: 'chat/not-found' } });
    expect(world.server.getRequests()).toEqual([]);
  });

  it('is deleted for good at the next start, if not before', async () => {
    const first = await ask('one');
    const second = await ask('two', first.conversationId);
    await world.app.get('conversations.removeMessage', { messageId: second.userMessage.id });
    await world.restart();
    expect(await textsOf(first.conversationId)).toEqual(['one']);
    expect(
      await world.app.call('conversations.restoreMessage', { messageId: second.userMessage.id }),
    ).toMatchObject({ error: { code: 'chat/not-found' } });
  });
});
