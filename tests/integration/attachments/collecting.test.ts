import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBlobStore } from '../../../electron/core/attachments/blob-store.ts';
import { MAX_STORED_ATTACHMENTS, type Attachment } from '../../../electron/contract/model/attachment.ts';
import { ANSWER, ChatWorld } from '../../harness/chat-world.ts';
import { proves } from '../../harness/proves.ts';
import { pngNumber } from '../../harness/sample-files.ts';

let world: ChatWorld;
let connectionId: string;

beforeEach(async () => {
  world = await new ChatWorld().open();
  world.server.onMessage(/./, { content: ANSWER });
  connectionId = await world.connect();
});

afterEach(() => world.close());

const blobOf = ({ hash }: Attachment): string =>
  path.join(world.folder, 'attachments', hash.slice(0, 2), hash);

/** Puts a picture at the end of an answer, as a reply does. */
async function addImage(messageId: string, bytes: Uint8Array): Promise<Attachment> {
  const { attachments } = world.app.core;
  const image = await attachments.prepareImage({ bytes, mediaType: 'image/png', name: 'image.png' });
  return attachments.keepImage(messageId, image);
}

/** An answer with a picture that the model has made. */
async function answerWithImage(number: number): Promise<{ conversationId: string; image: Attachment }> {
  const { started } = await world.ask(connectionId, `draw ${number}`);
  const image = await addImage(started.assistantMessage.id, pngNumber(number));
  return { conversationId: started.conversationId, image };
}

describe('files of messages', () => {
  it('are shown with their message, in their order, also after a restart', async () => {
    const { conversationId, image } = await answerWithImage(1);
    const [, answer] = (await world.app.get('conversations.open', { id: conversationId })).messages;
    const second = await addImage(answer?.id ?? '', pngNumber(2));
    await world.restart();
    const { messages } = await world.app.get('conversations.open', { id: conversationId });
    expect(messages.map(({ attachments }) => attachments)).toEqual([[], [image, second]]);
    expect(Buffer.from(await world.app.core.attachments.read(image.hash))).toEqual(Buffer.from(pngNumber(1)));
  });

  it('are no more than an export can hold, however often an answer is continued', async () => {
    const { started } = await world.ask(connectionId, 'draw');
    const add = () => addImage(started.assistantMessage.id, pngNumber(1));
    for (let number = 0; number < MAX_STORED_ATTACHMENTS; number += 1) await add();
    await expect(add()).rejects.toMatchObject({ code: 'attachment/too-many' });
  });

  it('are refused where a model calls something a picture that is none', async () => {
    const { started } = await world.ask(connectionId, 'draw');
    const added = addImage(started.assistantMessage.id, Buffer.from('<svg onload="alert(1)"/>'));
    await expect(added).rejects.toMatchObject({ code: 'attachment/unsupported' });
    expect(existsSync(path.join(world.folder, 'attachments'))).toBe(false);
  });

  it('are deleted for good with their conversation, but for a file that another one has too', async () => {
    const first = await answerWithImage(1);
    const second = await answerWithImage(2);
    const same = await answerWithImage(1);
    expect(same.image.hash).toBe(first.image.hash);
    for (const { conversationId } of [first, second])
      await world.app.get('conversations.remove', { id: conversationId });
    expect(existsSync(blobOf(second.image))).toBe(true);
    // A start purges what was removed before.
    await world.restart();
    expect(existsSync(blobOf(second.image))).toBe(false);
    expect(existsSync(blobOf(same.image))).toBe(true);
  });

  it('are deleted for good with the one message that has them, and with the draft of a conversation that goes', async () => {
    const { conversationId, image } = await answerWithImage(1);
    const drafted = await world.app.get('attachments.add', {
      conversationId,
      name: 'a.txt',
      bytes: new TextEncoder().encode('drafted'),
    });
    await world.app.get('backups.make', {});
    const { messages } = await world.app.get('conversations.open', { id: conversationId });
    await world.app.get('conversations.removeMessage', { messageId: messages[1]?.id ?? '' });
    await world.restart();
    expect(existsSync(blobOf(image))).toBe(false);
    expect(existsSync(blobOf(drafted))).toBe(true);
    await world.app.get('conversations.remove', { id: conversationId });
    await world.restart();
    expect(existsSync(blobOf(drafted))).toBe(false);
  });

  it('stay while a backup has them, and go when they have left it', async () => {
    const { conversationId, image } = await answerWithImage(1);
    await world.app.get('backups.make', {});
    await world.restartAfter((folder) => {
      // As if the history had been put back to a time before.
      for (const suffix of ['', '-wal', '-shm'])
        rmSync(path.join(folder, `history.sqlite${suffix}`), { force: true });
    });
    await world.app.core.attachments.collectAll();
    expect(existsSync(blobOf(image))).toBe(true);
    expect((await world.app.get('conversations.list', {})).map(({ id }) => id)).not.toContain(conversationId);
    for (const { name } of await world.app.get('backups.list', {}))
      await world.app.get('backups.remove', { name });
    await world.app.core.attachments.collectAll();
    expect(existsSync(blobOf(image))).toBe(false);
  });

  it('leave the backups with a conversation that is deleted for good', async () => {
    const { conversationId, image } = await answerWithImage(1);
    await world.app.get('backups.make', {});
    await world.app.get('conversations.remove', { id: conversationId });
    await world.restart();
    expect(existsSync(blobOf(image))).toBe(false);
  });

  it('are not collected while a damaged history, which may have them too, lies in the folder of backups', async () => {
    const { image } = await answerWithImage(1);
    await world.restartAfter((folder) => {
      writeFileSync(path.join(folder, 'history.sqlite'), 'not a database');
      for (const suffix of ['-wal', '-shm'])
        rmSync(path.join(folder, `history.sqlite${suffix}`), { force: true });
    });
    expect((await world.app.get('backups.list', {})).map(({ kind }) => kind)).toContain('damaged');
    const store = createBlobStore(path.join(world.folder, 'attachments'));
    const later = await store.add(pngNumber(8));
    await world.app.core.attachments.collectAll();
    expect(existsSync(blobOf(image))).toBe(true);
    // What was stored after it was set aside is not in it.
    expect(await store.list()).not.toContain(later);
  });

  it('of a backup stay when another backup cannot be read', async () => {
    const { image } = await answerWithImage(1);
    await world.app.get('backups.make', {});
    await world.restartAfter((folder) => {
      for (const suffix of ['', '-wal', '-shm'])
        rmSync(path.join(folder, `history.sqlite${suffix}`), { force: true });
      writeFileSync(
        path.join(folder, 'backups', 'history-2020-01-01T00-00-00-000Z.manual.sqlite'),
        'nothing',
      );
    });
    await world.app.core.attachments.collectAll();
    expect(existsSync(blobOf(image))).toBe(true);
  });

  it(
    'of a draft never get into a backup, so that one that is taken off is gone for good',
    proves('ciphertext-only'),
    async () => {
      const text = 'a secret that was pasted';
      const bytes = new TextEncoder().encode(text);
      const input = { conversationId: null, name: 'a name of a draft.txt', bytes };
      const drafted = await world.app.get('attachments.add', input);
      const { image } = await answerWithImage(1);
      await world.app.get('backups.make', {});
      const [{ name } = { name: '' }] = await world.app.get('backups.list', {});
      await world.app.get('attachments.remove', { conversationId: null, id: drafted.id });
      await world.restart();
      await world.app.core.attachments.collectAll();
      expect(existsSync(blobOf(drafted))).toBe(false);
      expect(existsSync(blobOf(image))).toBe(true);
      expect(readFileSync(path.join(world.folder, 'backups', name), 'latin1')).not.toContain(drafted.name);
    },
  );

  it('of a draft do not stay with the history that a backup replaces', async () => {
    await answerWithImage(1);
    await world.app.get('backups.make', {});
    const [{ name } = { name: '' }] = await world.app.get('backups.list', {});
    const bytes = new TextEncoder().encode('drafted');
    const drafted = await world.app.get('attachments.add', { conversationId: null, name: 'a.txt', bytes });
    await world.app.get('backups.restore', { name });
    await world.restart();
    expect((await world.app.get('backups.list', {})).map(({ kind }) => kind)).toContain('replaced');
    await world.app.core.attachments.collectAll();
    expect(existsSync(blobOf(drafted))).toBe(false);
  });

  it('that were added for nothing go at once', async () => {
    const store = createBlobStore(path.join(world.folder, 'attachments'));
    let late: ((bytes: Uint8Array) => Promise<string>) | null = null;
    await world.app.core.attachments.withBlobs(async (add) => {
      late = add;
      await add(pngNumber(7));
      expect(await store.list()).toHaveLength(1);
    });
    expect(await store.list()).toEqual([]);
    await expect((late ?? store.add)(pngNumber(9))).rejects.toMatchObject({ code: 'internal' });
    expect(await store.list()).toEqual([]);
  });

  it('that a crash left without a row are removed in the background', async () => {
    const orphan = await createBlobStore(path.join(world.folder, 'attachments')).add(pngNumber(7));
    const file = path.join(world.folder, 'attachments', orphan.slice(0, 2), orphan);
    expect(existsSync(file)).toBe(true);
    await world.restart();
    await world.app.core.attachments.collectAll();
    expect(existsSync(file)).toBe(false);
  });
});
