import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HistoryStore } from '../../../electron/core/history/history-store.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';
import { openTestHistory, startOf } from './open-test-history.ts';

let folder: ReturnType<typeof temporaryFolder>;
let file: string;
let history: HistoryStore;

beforeEach(async () => {
  folder = temporaryFolder();
  file = path.join(folder.path, 'profile', 'history.sqlite');
  history = await openTestHistory(file);
});

afterEach(async () => {
  await history.close();
  folder.remove();
});

async function reopen(): Promise<void> {
  await history.close();
  history = await openTestHistory(file);
}

const done = {
  state: 'done',
  error: null,
  usage: { inputTokens: 1, outputTokens: 2 },
  endedAt: 2_000,
} as const;

describe('a reply', () => {
  it('keeps what the model thought apart from what it said, through a crash too', async () => {
    const start = startOf(randomUUID());
    const { id } = start.assistantMessage;
    await history.startReply(start);
    await history.appendChunk(id, 'Hm, ', 'reasoning');
    await history.appendChunk(id, 'one ');
    await history.appendChunk(id, 'well.', 'reasoning');
    await history.appendChunk(id, 'two');
    expect(await history.findMessage(id)).toMatchObject({ text: 'one two', reasoning: 'Hm, well.' });
    await reopen();
    await history.interruptUnfinished(2_000);
    expect(await history.findMessage(id)).toMatchObject({
      state: 'interrupted',
      text: 'one two',
      reasoning: 'Hm, well.',
    });
  });

  it('keeps its sources, and adds those of a continuation', async () => {
    const start = startOf(randomUUID());
    const { id, conversationId } = start.assistantMessage;
    const source = (start: number) => ({ url: 'https://one.example/', title: 'É"\\', start, end: start + 1 });
    await history.startReply(start);
    await history.endReply({ messageId: id, ...done, citations: [source(0)] });
    await history.resumeReply(id, start.asked);
    await history.endReply({ messageId: id, ...done, citations: [source(5)] });
    await history.resumeReply(id, start.asked);
    await history.endReply({ messageId: id, ...done });
    await reopen();
    const { messages } = await history.openConversation(conversationId);
    expect(messages.at(-1)?.citations).toEqual([source(0), source(5)]);
  });

  it('is readable while it streams and after it ended, over a reopening', async () => {
    const start = startOf(randomUUID());
    const { id, conversationId } = start.assistantMessage;
    await history.startReply(start);
    await history.appendChunk(id, 'one ');
    await history.appendChunk(id, 'two');
    expect((await history.openConversation(conversationId)).messages.at(-1)).toMatchObject({
      text: 'one two',
      state: 'streaming',
    });
    await history.endReply({ messageId: id, ...done });
    await reopen();
    const { messages, conversation } = await history.openConversation(conversationId);
    expect(messages.map(({ role, text, state }) => [role, text, state])).toEqual([
      ['user', 'question', 'done'],
      ['assistant', 'one two', 'done'],
    ]);
    expect(messages.at(-1)?.usage).toEqual(done.usage);
    expect(conversation).toMatchObject({
      connectionId: start.choice.connectionId,
      model: 'm',
      updatedAt: 2_000,
    });
  });

  it('keeps chunks in the order they were sent, also when nobody waits in between', async () => {
    const start = startOf(randomUUID());
    await history.startReply(start);
    const words = Array.from({ length: 500 }, (_, index) => `${index},`);
    await Promise.all(words.map((word) => history.appendChunk(start.assistantMessage.id, word)));
    await history.endReply({ messageId: start.assistantMessage.id, ...done });
    expect((await history.findMessage(start.assistantMessage.id))?.text).toBe(words.join(''));
  });

  it('grows on after it was interrupted', async () => {
    const start = startOf(randomUUID());
    const { id } = start.assistantMessage;
    await history.startReply(start);
    await history.appendChunk(id, 'half');
    await reopen();
    expect(await history.interruptUnfinished(3_000)).toBe(1);
    expect(await history.interruptUnfinished(3_000)).toBe(0);
    expect(await history.findMessage(id)).toMatchObject({ text: 'half', state: 'interrupted' });
    await history.resumeReply(id, start.asked);
    await history.appendChunk(id, ' and half');
    expect((await history.findMessage(id))?.text).toBe('half and half');
    await history.endReply({ messageId: id, ...done });
    expect((await history.findMessage(id))?.text).toBe('half and half');
  });

  it.each([
    ['emoji, RTL and combining marks', '👩‍💻 שלום e\u0301 ไทย'],
    ['SQL', `'; DROP TABLE messages; --`],
    ['many lines', 'a\r\nb\n'.repeat(2_000)],
  ])('returns %s exactly', async (_name, text) => {
    const start = startOf(randomUUID(), text);
    await history.startReply(start);
    expect((await history.findMessage(start.userMessage.id))?.text).toBe(text);
  });

  it('shows stand-ins for what SQLite or UTF-8 cannot hold, and loses nothing around them', async () => {
    const start = startOf(randomUUID(), 'a\0b\ud800c');
    await history.startReply(start);
    expect((await history.findMessage(start.userMessage.id))?.text).toBe('a\u2400b\ufffdc');
  });
});

describe('variants', () => {
  it('sit beside each other; the shown one is remembered', async () => {
    const first = startOf(randomUUID());
    const { conversationId } = first.assistantMessage;
    await history.startReply(first);
    await history.endReply({ messageId: first.assistantMessage.id, ...done });
    const second = { ...first.assistantMessage, id: randomUUID() };
    await history.startReply({
      ...first,
      newConversation: null,
      userMessage: null,
      assistantMessage: second,
    });
    await history.endReply({ messageId: second.id, ...done });
    const ids = [first.assistantMessage.id, second.id];
    expect((await history.openConversation(conversationId)).messages.at(-1)).toMatchObject({
      id: second.id,
      variantIds: ids,
    });
    const shown = await history.showVariant(conversationId, first.assistantMessage.id);
    expect(shown.messages.at(-1)).toMatchObject({ id: first.assistantMessage.id, variantIds: ids });
    await reopen();
    expect((await history.openConversation(conversationId)).messages.at(-1)?.id).toBe(
      first.assistantMessage.id,
    );
    await expect(history.showVariant(randomUUID(), second.id)).rejects.toMatchObject({
      code: 'chat/not-found',
    });
  });
});

describe('conversations', () => {
  it('are listed last changed first, renamed, and given another model', async () => {
    const [older, newer] = [startOf(randomUUID(), 'older'), startOf(randomUUID(), 'newer')];
    await history.startReply(older);
    await history.startReply(newer);
    await history.endReply({ messageId: newer.assistantMessage.id, ...done });
    expect((await history.listConversations()).map(({ title }) => title)).toEqual(['newer', 'older']);
    const id = older.assistantMessage.conversationId;
    expect(await history.renameConversation(id, 'renamed')).toMatchObject({ title: 'renamed' });
    expect(await history.chooseModel(id, { connectionId: null, keyId: null, model: 'x' })).toMatchObject({
      model: 'x',
      connectionId: null,
    });
    await expect(history.renameConversation(randomUUID(), 'x')).rejects.toMatchObject({
      code: 'chat/not-found',
    });
  });

  it('come back after removal until they are purged, then their text is nowhere in the files', async () => {
    const secret = 'unmistakable-words-of-a-removed-conversation';
    const start = startOf(randomUUID(), secret);
    const { id, conversationId } = start.assistantMessage;
    await history.startReply(start);
    await history.appendChunk(id, `${secret} again`);
    await history.endReply({ messageId: id, ...done });
    await history.removeConversation(conversationId, 5_000);
    expect(await history.listConversations()).toEqual([]);
    await history.purgeRemoved(4_999);
    expect(await history.restoreConversation(conversationId)).toMatchObject({ id: conversationId });
    await history.removeConversation(conversationId, 5_000);
    await history.purgeRemoved(5_000);
    await expect(history.openConversation(conversationId)).rejects.toMatchObject({ code: 'chat/not-found' });
    for (const name of readdirSync(path.dirname(file))) {
      expect(readFileSync(path.join(path.dirname(file), name), 'latin1')).not.toContain(secret);
    }
  });

  it('forget a connection that is gone', async () => {
    const start = startOf(randomUUID());
    await history.startReply(start);
    await history.forgetConnection(start.asked.connectionId);
    expect((await history.findConversation(start.assistantMessage.conversationId))?.connectionId).toBeNull();
  });
});

describe('drafts', () => {
  it('are kept per conversation and vanish when emptied', async () => {
    const id = randomUUID();
    await history.writeDraft(null, 'new chat');
    await history.writeDraft(id, 'one');
    await history.writeDraft(id, 'two');
    await reopen();
    expect(await history.readDraft(null)).toBe('new chat');
    expect(await history.readDraft(id)).toBe('two');
    await history.writeDraft(id, '');
    expect(await history.readDraft(id)).toBe('');
  });
});

describe('files', () => {
  it('can be read by their owner alone', () => {
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(path.dirname(file))) {
      expect(statSync(path.join(path.dirname(file), name)).mode & 0o077).toBe(0);
    }
  });

  it('survive kill -9 in the middle of an answer: the question and every stored chunk are there', async () => {
    for (let round = 0; round < 5; round += 1) {
      const killed = path.join(folder.path, `killed-${round}`, 'history.sqlite');
      const { conversationId, chunks } = await appendUntilKilled(killed, 3 + round * 7);
      const survivor = await openTestHistory(killed);
      expect(await survivor.interruptUnfinished(9_000)).toBe(1);
      const { messages } = await survivor.openConversation(conversationId);
      expect(messages.map(({ role, state }) => [role, state])).toEqual([
        ['user', 'done'],
        ['assistant', 'interrupted'],
      ]);
      const words = (count: number) => Array.from({ length: count }, (_, index) => `w${index} `).join('');
      const text = messages.at(-1)?.text ?? '';
      expect(text.startsWith(words(chunks))).toBe(true);
      // It may have stored any number more than it had time to report, but nothing else.
      expect(text).toBe(words(text.split(' ').length - 1));
      await survivor.close();
    }
  });

  it('from a newer version are refused and left as they are', async () => {
    await history.close();
    const database = new DatabaseSync(file);
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
    database.exec('PRAGMA user_version = 999');
    database.close();
    const before = readFileSync(file);
    await expect(openTestHistory(file)).rejects.toMatchObject({
      code: 'storage/from-the-future',
      details: { path: file, version: 999 },
    });
    expect(readFileSync(file).equals(before)).toBe(true);
    const again = new DatabaseSync(file);
    again.exec(`PRAGMA user_version = ${version}`);
    again.close();
    history = await openTestHistory(file);
  });

  it('in a folder that cannot be made are refused with the path', async () => {
    writeFileSync(path.join(folder.path, 'plain-file'), '');
    const impossible = path.join(folder.path, 'plain-file', 'history.sqlite');
    await expect(openTestHistory(impossible)).rejects.toMatchObject({
      code: 'storage/unwritable',
      details: { path: impossible },
    });
  });

  it(
    'can be closed under load: every late call is refused and the process lives on',
    { timeout: 180_000 },
    async () => {
      const script = fileURLToPath(new URL('./close-under-load.ts', import.meta.url));
      const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
      let output = '';
      child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
      const ended = await new Promise((resolve) => {
        child.once('close', (code, signal) => {
          resolve({ code, signal });
        });
      });
      expect(ended).toEqual({ code: 0, signal: null });
      expect(output).toBe('refused 3000\n');
    },
  );

  it('refuse calls after they were closed', async () => {
    await history.close();
    await expect(history.listConversations()).rejects.toMatchObject({ code: 'storage/failed' });
    history = await openTestHistory(file);
  });
});

/** Starts a child that appends for ever, and kills it after at least `minimum` chunks. */
function appendUntilKilled(
  target: string,
  minimum: number,
): Promise<{ conversationId: string; chunks: number }> {
  const script = fileURLToPath(new URL('./append-until-killed.ts', import.meta.url));
  const child = spawn(process.execPath, [script, target], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (bytes: Buffer) => {
      output += bytes.toString();
      if (output.split('\n').length > minimum + 2) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('exit', (_code, signal) => {
      const [conversationId = '', ...chunks] = output.trim().split('\n');
      if (signal === 'SIGKILL')
        resolve({ conversationId, chunks: chunks.filter((line) => /^chunk \d+$/.test(line)).length - 1 });
      else reject(new Error(`the child ended by itself: ${output}`));
    });
  });
}
