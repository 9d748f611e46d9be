import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_FILE_BYTES } from '../../../electron/contract/model/attachment-limits.ts';
import { MAX_ATTACHMENTS, type Attachment } from '../../../electron/contract/model/attachment.ts';
import type { ChatProvider, ProviderTurn } from '../../../electron/core/providers/chat-provider.ts';
import { ChatWorld, KEY } from '../../harness/chat-world.ts';
import { pngNumber } from '../../harness/sample-files.ts';
import { testPolicy } from '../../harness/test-policy.ts';

const MODEL = 'gpt-4o';
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const PDF = utf8('%PDF-1.7\nhello\n%%EOF\n');

/** What was sent, with the bytes that the files had when they were read. */
const sent: { readonly turns: readonly ProviderTurn[]; readonly bytes: readonly Uint8Array[] }[] = [];
const provider: ChatProvider = {
  async *stream(_target, { turns }) {
    const files = turns.flatMap(({ files: each = [] }) => each);
    sent.push({ turns, bytes: await Promise.all(files.map((file) => file.read())) });
    yield { type: 'delta', text: 'Seen.' };
    yield { type: 'finished', usage: null };
  },
  listModels: () => Promise.resolve([MODEL]),
};

let world: ChatWorld;
let connectionId: string;

beforeEach(async () => {
  sent.length = 0;
  world = await new ChatWorld().open({ provider });
  connectionId = await world.connect();
});

afterEach(() => world.close());

function add(name: string, bytes: Uint8Array, conversationId: string | null = null): Promise<Attachment> {
  return world.app.get('attachments.add', { conversationId, name, bytes, isKeyIntended: true });
}

async function refusal(name: string, bytes: Uint8Array) {
  const result = await world.app.call('attachments.add', { conversationId: null, name, bytes });
  return result.ok ? null : result.error;
}

async function send(text: string, attachmentIds: readonly string[], conversationId: string | null = null) {
  const started = await world.app.get('chat.send', {
    conversationId,
    connectionId,
    model: MODEL,
    text,
    attachmentIds: [...attachmentIds],
  });
  await world.app.events.next('chat.ended', ({ streamId }) => streamId === started.streamId);
  return started;
}

const blobCount = (): number => {
  const folder = path.join(world.folder, 'attachments');
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .length;
};

describe('adding a file to a draft', () => {
  it('keeps it with the draft across a restart, in order, one copy of the same bytes', async () => {
    const first = await add('a.txt', utf8('same'));
    const second = await add('b.png', pngNumber(1));
    const third = await add('c.txt', utf8('same'));
    expect(first).toMatchObject({ kind: 'text', mediaType: 'text/plain', byteCount: 4, width: null });
    expect(second).toMatchObject({ kind: 'image', mediaType: 'image/png', width: 8, height: 6 });
    await world.restart({ provider });
    expect(await world.app.get('attachments.draft', { conversationId: null })).toEqual([
      first,
      second,
      third,
    ]);
    expect(blobCount()).toBe(2);
  });

  it.each([
    ['attachment/empty', utf8('')],
    ['attachment/unsupported', Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0, 0])],
    ['attachment/cut-off', utf8('%PDF-1.7\nno end')],
    ['attachment/too-large', new Uint8Array(MAX_FILE_BYTES + 1)],
  ])('refuses with %s, names the file, and leaves nothing behind', async (code, bytes) => {
    expect(await refusal('dir/the "file".bin', bytes)).toMatchObject({
      code,
      details: { name: 'the _file_.bin' },
    });
    expect(await world.app.get('attachments.draft', { conversationId: null })).toEqual([]);
    expect(blobCount()).toBe(0);
  });

  it('takes no more files than a message can have', async () => {
    for (let index = 0; index < MAX_ATTACHMENTS; index += 1) await add(`${index}.txt`, utf8(`${index}`));
    expect(await refusal('one-more.txt', utf8('x'))).toMatchObject({
      code: 'attachment/too-many',
      details: { max: MAX_ATTACHMENTS },
    });
  });

  it('takes no more bytes than a message can have', async () => {
    const large = new Uint8Array(21 * 1_048_576);
    large.set(utf8('%PDF-1.7'));
    large.set(utf8('%%EOF'), large.byteLength - 5);
    await add('a.pdf', large);
    expect(await refusal('b.pdf', large)).toMatchObject({
      code: 'attachment/too-large',
      details: { isTotal: true },
    });
  });

  it('reads picked files one by one, and says which cannot be read', async () => {
    world.app.desktop.files = [
      { name: 'a.md', bytes: utf8('# A') },
      { name: 'gone.md', bytes: null },
    ];
    const { files, isCut } = await world.app.get('attachments.pick', {});
    expect([files.map(({ name, byteCount }) => [name, byteCount]), isCut]).toEqual([
      [
        ['a.md', 3],
        ['gone.md', 0],
      ],
      false,
    ]);
    const [first, second] = await Promise.all(
      files.map(({ pickId }) => world.app.call('attachments.addPicked', { conversationId: null, pickId })),
    );
    expect(first).toMatchObject({ ok: true, value: { name: 'a.md', kind: 'text' } });
    expect(second).toMatchObject({
      ok: false,
      error: { code: 'attachment/unreadable', details: { name: 'gone.md' } },
    });
    const again = await world.app.call('attachments.addPicked', {
      conversationId: null,
      pickId: files[0]?.pickId ?? '',
    });
    expect(again).toMatchObject({ ok: false, error: { code: 'attachment/not-found' } });
    // One that could not be read can be tried again.
    const retried = await world.app.call('attachments.addPicked', {
      conversationId: null,
      pickId: files[1]?.pickId ?? '',
    });
    expect(retried).toMatchObject({ ok: false, error: { code: 'attachment/unreadable' } });
  });

  it('gives up a picture whose window crashes or never answers, and works again for the next', async () => {
    const { imageWindow, timer } = world.app;
    imageWindow.mode = 'crashing';
    expect(await refusal('bad.png', pngNumber(1))).toMatchObject({
      code: 'attachment/image-failed',
      details: { name: 'bad.png' },
    });
    imageWindow.mode = 'silent';
    const waiting = refusal('slow.png', pngNumber(2));
    await expect.poll(() => imageWindow.isOpen && timer.delaysMs.length).toBe(1);
    timer.elapse();
    expect(await waiting).toMatchObject({ code: 'attachment/image-failed' });
    imageWindow.mode = 'working';
    expect(await refusal('good.png', pngNumber(3))).toBeNull();
    expect(imageWindow.openCount).toBe(3);
    timer.elapse();
    expect(imageWindow.isOpen).toBe(false);
  });

  it('does not believe a window that hands back something else than a picture', async () => {
    const { imageWindow } = world.app;
    const { call } = imageWindow;
    imageWindow.call = (route, input) => {
      if (route !== 'imageWindow.finish') return call(route, input);
      const { id } = input as { id: string };
      const outcome = { kind: 'done', bytes: utf8('<svg/>'), mediaType: 'image/png', width: 8, height: 6 };
      return call(route, { id, outcome });
    };
    expect(await refusal('a.png', pngNumber(1))).toMatchObject({ code: 'attachment/image-failed' });
  });

  it('lets no window but the one for pictures do its work', async () => {
    for (const kind of ['chat', 'key'] as const) {
      const asked = await world.app.call('imageWindow.next', {}, kind);
      expect(asked).toMatchObject({ ok: false, error: { code: 'ipc/forbidden' } });
    }
    const asked = await world.app.call('conversations.list', {}, 'image');
    expect(asked).toMatchObject({ ok: false, error: { code: 'ipc/forbidden' } });
  });
});

describe('a key in a text file', () => {
  it('is noticed before anything is kept, in its name too, and taken when that is meant', async () => {
    for (const [name, text] of [
      ['config.env', `KEY=${KEY}`],
      [`${KEY}.txt`, 'nothing'],
    ] as const) {
      expect(await refusal(name, utf8(text))).toMatchObject({ code: 'secret/key-in-message' });
    }
    expect(blobCount()).toBe(0);
    world.app.desktop.files = [{ name: 'config.env', bytes: utf8(`KEY=${KEY}`) }];
    const { files } = await world.app.get('attachments.pick', {});
    const input = { conversationId: null, pickId: files[0]?.pickId ?? '' };
    expect(await world.app.call('attachments.addPicked', input)).toMatchObject({
      error: { code: 'secret/key-in-message', details: { file: 'config.env' } },
    });
    expect(blobCount()).toBe(0);
    await world.app.get('attachments.addPicked', { ...input, isKeyIntended: true });
    expect(blobCount()).toBe(1);
  });
});

describe('taking a file off a draft', () => {
  it('can be undone; the file is then the last one', async () => {
    const first = await add('a.txt', utf8('a'));
    const second = await add('b.txt', utf8('b'));
    const { undoMs } = await world.app.get('attachments.remove', { conversationId: null, id: first.id });
    expect(undoMs).toBeGreaterThan(0);
    expect(await world.app.get('attachments.draft', { conversationId: null })).toEqual([second]);
    await world.app.core.attachments.collect();
    const restored = await world.app.get('attachments.restore', { conversationId: null, id: first.id });
    expect(restored).toEqual([second, first]);
    expect(Buffer.from(await world.app.core.attachments.read(first.hash)).toString()).toBe('a');
  });

  it('deletes it for good when it can no longer be undone', async () => {
    const { id } = await add('a.txt', utf8('a'));
    await world.app.get('attachments.remove', { conversationId: null, id });
    await world.restart({ provider });
    await world.app.core.attachments.collectAll();
    expect(blobCount()).toBe(0);
    const restored = await world.app.call('attachments.restore', { conversationId: null, id });
    expect(restored).toMatchObject({ ok: false, error: { code: 'attachment/not-found' } });
  });
});

describe('sending files', () => {
  it('sends them with their message and with every later one, and takes them off the draft', async () => {
    const files = [await add('a.txt', utf8('ä')), await add('b.png', pngNumber(1)), await add('c.pdf', PDF)];
    const { conversationId, userMessage } = await send(
      'Look',
      files.map(({ id }) => id),
    );
    expect(userMessage.attachments).toEqual(files);
    expect(await world.app.get('attachments.draft', { conversationId: null })).toEqual([]);
    await send('And now?', [], conversationId);
    expect(sent.map(({ turns }) => turns.map(({ files: each }) => each?.map(({ name }) => name)))).toEqual([
      [['a.txt', 'b.png', 'c.pdf']],
      [['a.txt', 'b.png', 'c.pdf'], undefined, undefined],
    ]);
    expect(sent[1]?.bytes.map((bytes) => Buffer.from(bytes))).toEqual(
      [utf8('ä'), pngNumber(1), PDF].map((bytes) => Buffer.from(bytes)),
    );
    const { messages } = await world.app.get('conversations.open', { id: conversationId });
    expect(messages[0]?.attachments).toEqual(files);
  });

  it('takes a message of nothing but files, and calls the conversation by the first', async () => {
    const { id } = await add('notes on leases.txt', utf8('a'));
    const { conversationId } = await send('', [id]);
    const [row] = await world.app.get('conversations.list', {});
    expect(row).toMatchObject({ id: conversationId, title: 'notes on leases.txt' });
    const empty = world.app.call('chat.send', { conversationId, connectionId, model: MODEL, text: ' ' });
    expect(await empty).toMatchObject({ ok: false, error: { code: 'request/empty' } });
  });

  it('refuses files of another draft or conversation, and files that were taken off, before anything is stored', async () => {
    const mine = await add('a.txt', utf8('a'));
    const { conversationId } = await send('Hi', [mine.id]);
    const other = await add('b.txt', utf8('b'));
    await world.app.get('attachments.remove', { conversationId: null, id: other.id });
    const elsewhere = await add('c.txt', utf8('c'), conversationId);
    const attempts = [
      { conversationId: null, id: mine.id },
      { conversationId: null, id: other.id },
      { conversationId: null, id: elsewhere.id },
      { conversationId, id: other.id },
      { conversationId, id: crypto.randomUUID() },
    ];
    for (const attempt of attempts) {
      const result = await world.app.call('chat.send', {
        conversationId: attempt.conversationId,
        connectionId,
        model: MODEL,
        text: 'Look',
        attachmentIds: [attempt.id],
      });
      expect(result).toMatchObject({ ok: false, error: { code: 'attachment/not-found' } });
    }
    expect(sent).toHaveLength(1);
    // Its own, once more, is fine: a message may be sent anew.
    await send('Again', [mine.id], conversationId);
  });

  it('finds a key in a text file before it leaves, and sends it when that is meant', async () => {
    const { id } = await add('config.env', utf8(`PORT=1\nKEY=${KEY}\n`));
    const input = { conversationId: null, connectionId, model: MODEL, text: 'Look', attachmentIds: [id] };
    const refused = await world.app.call('chat.send', input);
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'secret/key-in-message', details: { file: 'config.env' } },
    });
    expect(sent).toEqual([]);
    expect(await world.app.get('conversations.list', {})).toEqual([]);
    const started = await world.app.get('chat.send', { ...input, isKeyIntended: true });
    await world.app.events.next('chat.ended', ({ streamId }) => streamId === started.streamId);
    expect(sent).toHaveLength(1);
  });

  it('refuses a picture for a model that is known to take none, before anything is stored', async () => {
    const { id } = await add('a.png', pngNumber(1));
    const refused = await world.app.call('chat.send', {
      conversationId: null,
      connectionId,
      model: 'gpt-3.5-turbo',
      text: 'Look',
      attachmentIds: [id],
    });
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'attachment/not-taken', details: { kind: 'image', name: 'a.png' } },
    });
    expect(await world.app.get('conversations.list', {})).toEqual([]);
  });

  it.each([
    ['this image could not be processed', 'Invalid image_url: this image could not be processed'],
    ['the model takes none', 'Invalid content type. image_url is only supported by certain models.'],
  ])('sends the next picture although one was refused: %s', async (_name, message) => {
    // With the real provider.
    await world.restart();
    const { server } = world;
    const connection = await world.connect('chat-completions');
    server.clearFixtures();
    server.onMessage(/./, { error: { message }, status: 400 });
    const look = async (number: number) => {
      const { id } = await add(`${number}.png`, pngNumber(number));
      const started = await world.app.get('chat.send', {
        conversationId: null,
        connectionId: connection,
        model: 'gpt-4o',
        text: 'Look',
        attachmentIds: [id],
      });
      return world.app.events.next('chat.ended', ({ streamId }) => streamId === started.streamId);
    };
    expect(await look(1)).toMatchObject({ state: 'failed', error: { code: 'request/invalid' } });
    const sent = server.getRequests().length;
    server.clearFixtures();
    server.onMessage(/./, { content: 'A picture.' });
    expect(await look(2)).toMatchObject({ state: 'done' });
    expect(server.getRequests()).toHaveLength(sent + 1);
    expect(JSON.stringify(server.getRequests().at(-1)?.body)).toContain('data:image/png;base64,');
  });

  it('says plainly that a file is missing or damaged, keeps the message, and never sends something else', async () => {
    const kept = await add('a.txt', utf8('content'));
    const { conversationId } = await send('Look', [kept.id]);
    const blob = path.join(world.folder, 'attachments', kept.hash.slice(0, 2), kept.hash);
    for (const [code, spoil] of [
      ['attachment/damaged', () => writeFileSync(blob, 'changed')],
      ['attachment/missing', () => rmSync(blob)],
    ] as const) {
      spoil();
      const started = await world.app.get('chat.send', {
        conversationId,
        connectionId,
        model: MODEL,
        text: 'More',
      });
      const end = await world.app.events.next('chat.ended', ({ streamId }) => streamId === started.streamId);
      expect(end).toMatchObject({ state: 'failed', error: { code, details: { name: 'a.txt' } } });
    }
    expect(sent).toHaveLength(1);
    const saved = await world.app.call('attachments.save', { id: kept.id });
    expect(saved).toMatchObject({ ok: false, error: { code: 'attachment/missing' } });
    const { messages } = await world.app.get('conversations.open', { id: conversationId });
    expect(messages[0]?.attachments).toEqual([kept]);
  });

  it('counts files in what a message would cost', async () => {
    const { id } = await add('a.txt', new Uint8Array(30_000).fill(0x61));
    const asked = { conversationId: null, connectionId, model: MODEL, text: 'Hi' };
    const without = await world.app.get('chat.estimate', asked);
    const withFile = await world.app.get('chat.estimate', { ...asked, attachmentIds: [id] });
    expect(withFile.inputTokens - without.inputTokens).toBe(10_000);
  });
});

describe('saving and serving a file', () => {
  it('saves what was stored under its name, unless the policy keeps everything inside', async () => {
    const { id } = await add('a.txt', utf8('content'));
    expect(await world.app.get('attachments.save', { id })).toEqual({ outcome: 'saved' });
    expect(world.app.desktop.savedFiles).toEqual([{ defaultName: 'a.txt', bytes: Buffer.from('content') }]);
    world.app.desktop.isSaving = false;
    expect(await world.app.get('attachments.save', { id })).toEqual({ outcome: 'cancelled' });
    await world.restart({ provider, policy: testPolicy({ allowsExport: false }) });
    expect(await world.app.call('attachments.save', { id })).toMatchObject({
      ok: false,
      error: { code: 'policy/export' },
    });
  });

  it('serves pictures alone, by what their bytes are', async () => {
    const picture = await add('a.gif', pngNumber(1));
    const text = await add('b.txt', utf8('content'));
    const { attachments } = world.app.core;
    expect(await attachments.readPicture(picture.hash)).toMatchObject({ mediaType: 'image/png' });
    expect(picture.name).toBe('a.png');
    for (const hash of [text.hash, 'a'.repeat(64), '../history.sqlite'])
      expect(await attachments.readPicture(hash)).toBeNull();
  });
});
