import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { searchRequestSchema, type SearchHit } from '../../../electron/contract/model/search.ts';
import type { HistoryStore } from '../../../electron/core/history/history-store.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';
import { makeOldDatabase } from './history-lab.ts';
import { openTestHistory, startOf } from './open-test-history.ts';

let folder: ReturnType<typeof temporaryFolder>;
let file: string;
let history: HistoryStore;

beforeEach(async () => {
  folder = temporaryFolder();
  file = path.join(folder.path, 'history.sqlite');
  history = await openTestHistory(file);
});

afterEach(async () => {
  await history.close();
  folder.remove();
});

const done = { state: 'done', error: null, usage: null, endedAt: 2_000 } as const;

/** Asks and answers; returns the ids. */
async function exchange(question: string, answer: string, createdAt = 1_000) {
  const start = startOf(randomUUID(), question);
  const userMessage = { ...start.userMessage, createdAt };
  const assistantMessage = { ...start.assistantMessage, createdAt };
  await history.startReply({ ...start, userMessage, assistantMessage });
  await history.appendChunk(assistantMessage.id, answer);
  await history.endReply({ messageId: assistantMessage.id, ...done });
  return {
    conversationId: assistantMessage.conversationId,
    questionId: userMessage.id,
    answerId: assistantMessage.id,
  };
}

function search(query: string, filter: Record<string, unknown> = {}) {
  return history.search(searchRequestSchema.parse({ query, limit: 100, ...filter }));
}

async function found(query: string, filter: Record<string, unknown> = {}): Promise<string[]> {
  return (await search(query, filter)).hits.map(({ messageId }) => messageId).sort();
}

/** What a plain substring search over the same file finds. */
function likeIn(query: string): string[] {
  const database = new DatabaseSync(file, { readOnly: true });
  const pattern = `%${query.replace(/[\\%_]/g, String.raw`\$&`)}%`;
  const rows = database
    .prepare(String.raw`SELECT id FROM messages WHERE text LIKE ? ESCAPE '\' AND state <> 'streaming'`)
    .all(pattern);
  database.close();
  return rows.map((row) => String(row['id'])).sort();
}

describe('search', () => {
  it('finds words, all of them, phrases, and the word that is being typed', async () => {
    const lease = await exchange(
      'When should I use a lease?',
      'A lease ends by itself; a **lock** does not.',
    );
    const boat = await exchange('Names for a boat', 'Crème fraîche, or Release Me');
    expect(await found('lease ')).toEqual([lease.questionId, lease.answerId].sort());
    expect(await found('lease lock')).toEqual([lease.answerId]);
    expect(await found('LEASE loc')).toEqual([lease.answerId]);
    expect(await found('"ends by"')).toEqual([lease.answerId]);
    expect(await found('"by ends"')).toEqual([]);
    expect(await found('creme fra')).toEqual([boat.answerId]);
    expect(await found('boat lease')).toEqual([]);
    expect(await found('lea lease')).toEqual([]);
  });

  it('says where the hit is, and shows the passage as plain text', async () => {
    const { answerId, conversationId } = await exchange('Question', 'Say <b>needle</b>\n\nand go on', 77);
    const { hits, total } = await search('needle');
    expect(total).toBe(1);
    expect(hits).toEqual([
      {
        conversationId,
        conversationTitle: 'Question',
        messageId: answerId,
        role: 'assistant',
        model: 'm',
        createdAt: 77,
        snippet: { text: 'Say <b>needle</b> and go on', ranges: [[7, 13]] },
      } satisfies SearchHit,
    ]);
  });

  it('finds what a plain substring search finds, in scripts without spaces and for one or two characters', async () => {
    const texts = [
      '我今天在东京都吃了寿司。',
      '東京都に住んでいます。カタカナ・ひらがな',
      '서울에서 만나요, 안녕하세요',
      'สวัสดีครับ ฉันชอบกินข้าวผัด',
      'Mixed 東京 and Node.js入門 text',
      'plain latin letters 42%',
      'under_score \\ back',
      '京',
      'ー々〆',
      '👩‍💻 emoji 漢字👩‍💻',
      'ภาษาไทย',
      '𠮷野家で食べる',
      'naïve Äpfel',
      '',
      'to be or not',
    ];
    for (const [index, text] of texts.entries()) await exchange(`q${index}`, text === '' ? 'x' : text);
    const queries = new Set<string>([
      '東京',
      '京都',
      'Node.js入門',
      'に住',
      'の',
      '안녕',
      '녕하',
      'ข้าว',
      'ผัด',
      'ไทย',
      '𠮷野',
      '👩‍💻',
      '字👩',
      '42',
      '%',
      '_',
      '\\',
      '"',
      't',
      'be',
      '5',
      'Ä',
      'ä',
      'zz',
      '。',
      '・ひ',
    ]);
    for (const text of texts) {
      const characters = [...text];
      for (let at = 0; at < characters.length; at += 3) {
        queries.add(characters.slice(at, at + 2).join(''));
        const longer = characters.slice(at, at + 4).join('');
        if (/^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Hangul}\p{sc=Thai}]+$/u.test(longer)) queries.add(longer);
      }
    }
    let compared = 0;
    for (const query of queries) {
      if (query.trim() !== query || query.includes('"') || query === '') continue;
      expect(await found(query), query).toEqual(likeIn(query));
      compared += 1;
    }
    expect(compared).toBeGreaterThan(60);
  });

  it('narrows by role, model, conversation and date', async () => {
    const older = await exchange('needle one', 'needle two', 1_000);
    const newer = await exchange('needle three', 'needle four', 5_000);
    expect(await found('needle', { role: 'user' })).toEqual([older.questionId, newer.questionId].sort());
    expect(await found('needle', { model: 'm' })).toEqual([older.answerId, newer.answerId].sort());
    expect(await found('needle', { model: 'other' })).toEqual([]);
    expect(await found('needle', { conversationId: newer.conversationId, role: 'user' })).toEqual([
      newer.questionId,
    ]);
    expect(await found('needle', { conversationId: randomUUID() })).toEqual([]);
    expect(await found('needle', { from: 1_001 })).toHaveLength(2);
    expect(await found('needle', { to: 5_000 })).toEqual([older.questionId, older.answerId].sort());
  });

  it('puts the better hit first, and of equal ones the newer', async () => {
    const weak = await exchange('first', `needle ${'filler words of no use '.repeat(60)}`, 1_000);
    const strong = await exchange('second', 'needle needle needle', 1_000);
    const [twin, laterTwin] = [
      await exchange('q', 'twins here', 1_000),
      await exchange('q', 'twins here', 9_000_000_000),
    ];
    expect((await search('needle')).hits.map(({ messageId }) => messageId)).toEqual([
      strong.answerId,
      weak.answerId,
    ]);
    expect((await search('twins')).hits.map(({ messageId }) => messageId)).toEqual([
      laterTwin.answerId,
      twin.answerId,
    ]);
  });

  it('pages through the same list while new hits arrive', async () => {
    for (let index = 0; index < 12; index += 1) await exchange(`needle ${index}`, 'x');
    const first = await search('needle', { limit: 5 });
    await exchange('needle new', 'needle newer');
    const second = await search('needle', { limit: 5, offset: 5 });
    const third = await search('needle', { limit: 5, offset: 10 });
    const ids = [first, second, third].flatMap(({ hits }) => hits.map(({ messageId }) => messageId));
    expect([first.total, second.total, third.total]).toEqual([12, 12, 12]);
    expect(new Set(ids).size).toBe(12);
    expect((await search('needle')).total).toBe(14);
  });

  it('finds an answer when it has ended, again after Continue, and whatever a crash left', async () => {
    const start = startOf(randomUUID(), 'question');
    const { id } = start.assistantMessage;
    await history.startReply(start);
    await history.appendChunk(id, 'half a needle');
    expect(await found('needle')).toEqual([]);
    expect(await found('ne')).toEqual([]);
    await history.interruptUnfinished(1);
    expect(await found('needle')).toEqual([id]);
    await history.resumeReply(id, start.asked);
    expect(await found('needle')).toEqual([]);
    await history.appendChunk(id, ' and thread');
    await history.endReply({ messageId: id, ...done });
    await history.endReply({ messageId: id, ...done });
    expect(await found('needle thread')).toEqual([id]);
    expect((await search('needle')).total).toBe(1);
  });

  it('does not find what was removed, and leaves no trace of it in the files', async () => {
    const gone = await exchange('unmistakable question', 'unmistakable 珍しい言葉 answer');
    for (let index = 0; index < 30; index += 1) await exchange(`other ${index}`, `words ${index} 普通`);
    // The index writes a term without the beginning it shares with the one before. The second is a pair of characters.
    const traces = ['mistakable', '73cd003057'];
    const everything = () =>
      readdirSync(folder.path)
        .map((name) => readFileSync(path.join(folder.path, name), 'latin1'))
        .join('');
    for (const trace of traces) expect(everything()).toContain(trace);
    await history.removeConversation(gone.conversationId, 5_000);
    expect(await found('unmistakable')).toEqual([]);
    expect(await found('珍しい')).toEqual([]);
    expect(await history.purgeRemoved(5_000)).toBe(1);
    for (const trace of [...traces, Buffer.from('珍しい').toString('latin1')])
      expect(everything()).not.toContain(trace);
    expect((await search('other')).total).toBe(30);
  });

  it('indexes the messages of an older version in the background, newest first', async () => {
    await history.close();
    const { old } = makeOldDatabase(path.join(folder.path, 'old.sqlite'), 'message_words');
    old.exec('BEGIN');
    const conversationId = randomUUID();
    old
      .prepare('INSERT INTO conversations (id, title, created_at, updated_at) VALUES (?, ?, 1, 1)')
      .run(conversationId, 'old');
    const insert = old.prepare(
      `INSERT INTO messages (id, conversation_id, role, text, state, created_at) VALUES (?, ?, 'user', ?, 'done', 1)`,
    );
    for (let index = 0; index < 300; index += 1)
      insert.run(randomUUID(), conversationId, `needle number ${index} 漢字`);
    old.exec('COMMIT');
    old.close();
    history = await openTestHistory(path.join(folder.path, 'old.sqlite'));
    expect((await search('needle')).isIndexComplete).toBe(false);
    await exchange('needle fresh', 'x');
    expect(await found('fresh')).toHaveLength(1);
    await expect
      .poll(async () => (await search('needle')).isIndexComplete, { timeout: 30_000, interval: 100 })
      .toBe(true);
    expect((await search('needle')).total).toBe(301);
    expect((await search('漢字')).total).toBe(300);
    file = path.join(folder.path, 'old.sqlite');
  });

  it('counts to a thousand and no further', async () => {
    const start = startOf(randomUUID(), 'needle');
    await history.startReply(start);
    await history.endReply({ messageId: start.assistantMessage.id, ...done });
    for (let index = 0; index < 1_010; index += 1) {
      const assistantMessage = { ...start.assistantMessage, id: randomUUID() };
      await history.startReply({ ...start, newConversation: null, userMessage: null, assistantMessage });
      await history.appendChunk(assistantMessage.id, `needle ${index}`);
      await history.endReply({ messageId: assistantMessage.id, ...done });
    }
    expect(await search('needle')).toMatchObject({ total: 1_000, isTotalCapped: true });
    expect(await search('dl')).toMatchObject({ total: 1_000, isTotalCapped: true });
    expect(await search('1009')).toMatchObject({ total: 1, isTotalCapped: false });
  });

  it('answers only the last of several searches, and other calls in between', async () => {
    await history.close();
    const database = new DatabaseSync(file);
    database.exec(`INSERT INTO conversations (id, title, created_at, updated_at) VALUES ('${randomUUID()}', 'bulk', 1, 1);
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
      INSERT INTO messages (id, conversation_id, role, text, state, created_at)
        SELECT lower(hex(randomblob(16))), (SELECT id FROM conversations), 'user', 'filler text', 'done', 1 FROM n;`);
    database.close();
    history = await openTestHistory(file);
    const order: string[] = [];
    const note = (name: string) => () => void order.push(name);
    const first = search('qz');
    const second = search('zq');
    await Promise.all([
      first.then(note('first')),
      second.then(note('second')),
      history.listConversations().then(note('list')),
    ]);
    expect(await first).toMatchObject({ isSuperseded: true, hits: [] });
    expect(await second).toMatchObject({ isSuperseded: false, total: 0 });
    expect(order.indexOf('list')).toBeLessThan(order.indexOf('second'));
  });

  it('never throws, whatever is typed', async () => {
    await exchange('NEAR AND OR NOT "quoted" col:umn ^start* {a b} -x', '漢字 % _ \\ text');
    const hostile = [
      '"',
      '""',
      '"""',
      "'",
      '*',
      'a*',
      '^a',
      'a NEAR b',
      'NEAR(a b, 2)',
      'AND',
      'NOT',
      'a AND',
      '(',
      ')',
      'col:umn',
      '{a b}: c',
      '-',
      '--',
      ';',
      '\0',
      'a\0b',
      '\ud800',
      '漢\ud800',
      '\u202e',
      'x'.repeat(100_000),
      '漢'.repeat(100_000),
      '"'.repeat(100_000),
      '%'.repeat(100_000),
      'a '.repeat(50_000),
      '\\',
      '%_',
      `message_words MATCH 'x'`,
    ];
    for (const query of hostile) expect(await search(query)).toMatchObject({ isSuperseded: false });
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), async (query) => {
        expect((await search(query)).isSuperseded).toBe(false);
      }),
      { numRuns: 300 },
    );
    expect(await found('quoted')).toHaveLength(1);
  });
});
