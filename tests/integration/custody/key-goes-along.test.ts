import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChatWorld } from '../../harness/chat-world.ts';
import { proves } from '../../harness/proves.ts';

const PASTED = 'sk-proj-aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7dE9fG1hJ3';

let world: ChatWorld;
let connectionId: string;
let id: string;
let questionId: string;
let answerId: string;

beforeEach(async () => {
  world = await new ChatWorld().open();
  world.server.onMessage(/./, { content: 'An answer.' });
  connectionId = await world.connect();
  const { started } = await world.ask(connectionId, 'hello');
  id = started.conversationId;
  questionId = started.userMessage.id;
  answerId = started.assistantMessage.id;
  await world.ask(connectionId, 'and more', id);
});

afterEach(() => world.close());

/** As an import or an older version may have left it. */
function store(column: 'system_prompt' | 'summary', text: string): Promise<void> {
  return world.restartAfter((folder) => {
    const database = new DatabaseSync(path.join(folder, 'history.sqlite'));
    database.prepare(`UPDATE conversations SET ${column} = ?, summary_up_to = ?`).run(text, answerId);
    database.close();
  });
}

function everythingOnDisk(): string {
  return readdirSync(world.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

const sentKey = (): boolean =>
  world.server.getRequests().some(({ body }) => JSON.stringify(body).includes(PASTED));

async function ended(streamId: string): Promise<void> {
  await world.app.events.next('chat.ended', (end) => end.streamId === streamId);
}

describe('a key in what goes along with every message', () => {
  it('is not taken into a summary that is kept in clear', proves('ciphertext-only'), async () => {
    const summary = { text: `They use ${PASTED}.`, upToMessageId: answerId };
    expect(await world.app.call('conversations.setSummary', { id, summary })).toMatchObject({
      ok: false,
      error: { code: 'secret/key-in-field' },
    });
    expect((await world.app.get('conversations.open', { id })).summary).toBeNull();
    expect(everythingOnDisk()).not.toContain(PASTED);
  });

  it.each([
    ['system_prompt', 'systemPrompt'],
    ['summary', 'summary'],
  ] as const)(
    'is noticed in a stored %s, whatever is asked, and leaves only when that is meant',
    async (column, place) => {
      await store(column, `Always use ${PASTED}.`);
      const target = { connectionId, model: 'gpt-4o' };
      const refused = { ok: false, error: { code: 'secret/key-in-message', details: { place } } };
      const { messages } = await world.app.get('conversations.open', { id });
      const lastId = messages.at(-1)?.id ?? '';
      const before = world.server.getRequests().length;
      const send = { conversationId: id, ...target, text: 'again' };
      expect(await world.app.call('chat.send', send)).toMatchObject(refused);
      expect(await world.app.call('chat.regenerate', { messageId: lastId, ...target })).toMatchObject(
        refused,
      );
      expect(await world.app.call('chat.continue', { messageId: lastId, ...target })).toMatchObject(refused);
      expect(world.server.getRequests()).toHaveLength(before);
      expect((await world.app.get('conversations.open', { id })).messages).toEqual(messages);
      expect(sentKey()).toBe(false);
      const started = await world.app.get('chat.regenerate', {
        messageId: lastId,
        ...target,
        isKeyIntended: true,
      });
      await ended(started.streamId);
      expect(sentKey()).toBe(true);
    },
  );

  it('is not asked about where a summary does not go along', async () => {
    await store('summary', `Always use ${PASTED}.`);
    const input = { conversationId: id, connectionId, model: 'gpt-4o', text: 'hello anew' };
    const started = await world.app.get('chat.send', { ...input, editedMessageId: questionId });
    await ended(started.streamId);
    expect(sentKey()).toBe(false);
  });

  it('is noticed before a summary is summarised again', async () => {
    await store('summary', `Always use ${PASTED}.`);
    await world.app
      .get('chat.send', { conversationId: id, connectionId, model: 'gpt-4o', text: 'x', isKeyIntended: true })
      .then(({ streamId }) => ended(streamId));
    const before = world.server.getRequests().length;
    const asked = { id, connectionId, model: 'gpt-4o' };
    expect(await world.app.call('conversations.summarise', asked)).toMatchObject({
      error: { code: 'secret/key-in-message', details: { place: 'summary' } },
    });
    expect(world.server.getRequests()).toHaveLength(before);
    await world.app.get('conversations.summarise', { ...asked, isKeyIntended: true });
    expect(await world.app.events.next('summary.ended', () => true)).toMatchObject({ state: 'done' });
  });
});
