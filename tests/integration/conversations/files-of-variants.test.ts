import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_ATTACHMENTS, type Attachment } from '../../../electron/contract/model/attachment.ts';
import { ChatWorld } from '../../harness/chat-world.ts';

let world: ChatWorld;
let connectionId: string;

beforeEach(async () => {
  world = await new ChatWorld().open();
  world.server.onMessage(/.*/s, { content: 'An answer.' });
  connectionId = await world.connect('chat-completions');
});

afterEach(() => world.close());

function addFile(name: string, conversationId: string | null = null): Promise<Attachment> {
  const bytes = new TextEncoder().encode(`the text of ${name}`);
  return world.app.get('attachments.add', { conversationId, name, bytes });
}

function call(
  text: string,
  more: {
    conversationId?: string;
    editedMessageId?: string;
    attachmentIds?: string[];
    removedAttachmentIds?: string[];
  },
) {
  const target = { connectionId, model: 'gpt-4o', text };
  return world.app.call('chat.send', { conversationId: null, ...target, ...more });
}

async function send(text: string, more: Parameters<typeof call>[1]) {
  const result = await call(text, more);
  if (!result.ok) throw new Error(result.error.code);
  await world.app.events.next('chat.ended', ({ streamId }) => streamId === result.value.streamId);
  return result.value;
}

async function filesShown(id: string): Promise<string[][]> {
  const { messages } = await world.app.get('conversations.open', { id });
  return messages
    .filter(({ role }) => role === 'user')
    .map(({ attachments }) => attachments.map(({ name }) => name));
}

describe('the files of a message', () => {
  it('go along when it is edited, and are sent again', async () => {
    const file = await addFile('notes.txt');
    const first = await send('Read this', { attachmentIds: [file.id] });
    const { conversationId } = first;
    const more = await addFile('more.txt', conversationId);
    await send('Read both', {
      conversationId,
      editedMessageId: first.userMessage.id,
      attachmentIds: [more.id, file.id],
    });
    expect(await filesShown(conversationId)).toEqual([['notes.txt', 'more.txt']]);
    const body = JSON.stringify(world.server.getLastRequest()?.body);
    expect(body).toContain('the text of notes.txt');
    expect(body).toContain('the text of more.txt');
    await world.app.get('conversations.showVariant', {
      id: conversationId,
      messageId: first.userMessage.id,
    });
    expect(await filesShown(conversationId)).toEqual([['notes.txt']]);
  });

  it('go along with an edit without words, but for those that are removed; nothing at all is refused', async () => {
    const files = [await addFile('notes.txt'), await addFile('more.txt')];
    const ids = files.map(({ id }) => id);
    const first = await send('Read this', { attachmentIds: ids });
    const { conversationId } = first;
    const edited = { conversationId, editedMessageId: first.userMessage.id };
    const empty = await call(' ', { ...edited, removedAttachmentIds: ids });
    expect(empty).toMatchObject({ ok: false, error: { code: 'request/empty' } });
    expect(await filesShown(conversationId)).toEqual([['notes.txt', 'more.txt']]);
    await send('', { ...edited, removedAttachmentIds: ids.slice(0, 1) });
    expect(await filesShown(conversationId)).toEqual([['more.txt']]);
    const body = JSON.stringify(world.server.getLastRequest()?.body);
    expect(body).not.toContain('the text of notes.txt');
  });

  it('are no more than a message may have, those it had before included', async () => {
    const files = [];
    for (let index = 0; index < MAX_ATTACHMENTS; index += 1) files.push(await addFile(`${index}.txt`));
    const first = await send('Read these', { attachmentIds: files.map(({ id }) => id) });
    const { conversationId } = first;
    const more = await addFile('more.txt', conversationId);
    const edited = { conversationId, editedMessageId: first.userMessage.id, attachmentIds: [more.id] };
    expect(await call('And this', edited)).toMatchObject({
      ok: false,
      error: { code: 'attachment/too-many' },
    });
  });

  it('are shared by a branch, and stay with it when the original is deleted for good', async () => {
    const file = await addFile('notes.txt');
    const blob = path.join(world.folder, 'attachments', file.hash.slice(0, 2), file.hash);
    const first = await send('Read this', { attachmentIds: [file.id] });
    const branch = await world.app.get('conversations.branch', { messageId: first.userMessage.id });
    await world.app.get('conversations.removeMessage', { messageId: first.userMessage.id });
    await world.restart();
    expect(await filesShown(first.conversationId)).toEqual([]);
    expect(await filesShown(branch.id)).toEqual([['notes.txt']]);
    expect(existsSync(blob)).toBe(true);
    const [copy] = (await world.app.get('conversations.open', { id: branch.id })).messages;
    await world.app.get('conversations.removeMessage', { messageId: copy?.id ?? '' });
    expect(existsSync(blob)).toBe(true);
    await world.restart();
    expect(existsSync(blob)).toBe(false);
  });
});
