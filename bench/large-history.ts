import { randomUUID } from 'node:crypto';
import { DatabaseSync } from '@photostructure/sqlite';
import { openHere } from '../tests/integration/history/history-lab.ts';

/** A vocabulary with the frequencies of a language, and messages of many lengths; the same every time. */
export interface LargeHistory {
  readonly file: string;
  /** Words from the most frequent to the rarest. */
  readonly vocabulary: readonly string[];
}

const CHINESE = '我们今天去东京都吃寿司然后回家看书学习中文和日语的时候觉得很有意思因为这里有许多好朋友';
const THAI = 'สวัสดีครับฉันชอบกินข้าวผัดและเรียนภาษาไทยทุกวันเพราะสนุกมาก';

/** Makes a history of so many messages, indexed. One in ten is Chinese, one in twenty Thai. */
export function makeLargeHistory(file: string, messages: number, say: (text: string) => void): LargeHistory {
  openHere(file).close();
  const random = seeded(7);
  const vocabulary = makeVocabulary(random);
  const database = new DatabaseSync(file);
  database.exec('PRAGMA synchronous = OFF; BEGIN');
  const addConversation = database.prepare(
    'INSERT INTO conversations (id, title, head_id, created_at, updated_at) VALUES (?, ?, ?, ?, ?)',
  );
  const addMessage = database.prepare(
    `INSERT INTO messages (id, conversation_id, parent_id, role, text, state, model, created_at) VALUES (?, ?, ?, ?, ?, 'done', ?, ?)`,
  );
  let conversationId = '';
  let parentId: string | null = null;
  for (let index = 0; index < messages; index += 1) {
    const id = randomUUID();
    if (index % 20 === 0) {
      conversationId = randomUUID();
      parentId = null;
      addConversation.run(conversationId, `Conversation ${index}`, null, index, index);
    }
    const role = index % 2 === 0 ? 'user' : 'assistant';
    addMessage.run(
      id,
      conversationId,
      parentId,
      role,
      makeText(index, vocabulary, random),
      role === 'user' ? null : 'm',
      index,
    );
    parentId = id;
  }
  database.exec(`UPDATE conversations SET head_id = (SELECT id FROM messages m WHERE m.conversation_id = conversations.id ORDER BY ordinal DESC LIMIT 1);
    UPDATE search_state SET backlog = ${messages}; COMMIT`);
  database.close();
  say(`indexing ${messages} messages`);
  const history = openHere(file);
  while (history.advanceIndex());
  history.close();
  return { file, vocabulary };
}

function makeText(index: number, vocabulary: readonly string[], random: () => number): string {
  const length = 8 + Math.floor(random() * random() * 180);
  if (index % 10 === 3) return cutFrom(CHINESE, length, random);
  if (index % 20 === 7) return cutFrom(THAI, length, random);
  // Zipf: the n-th word is met about 1/n as often as the first.
  const word = () => vocabulary[Math.floor(vocabulary.length ** random()) - 1] ?? '';
  return `${Array.from({ length }, word).join(' ')}.`;
}

function cutFrom(source: string, length: number, random: () => number): string {
  const pieces = Array.from({ length: Math.ceil(length / 6) }, () => {
    const at = Math.floor(random() * (source.length - 6));
    return source.slice(at, at + 6);
  });
  return pieces.join('');
}

function makeVocabulary(random: () => number): string[] {
  const letters = 'eeeetttaaaooinnsshhrrddlluucmfwypvbgk';
  const words = new Set<string>();
  while (words.size < 30_000) {
    const length = 2 + Math.floor(random() * 9);
    words.add(Array.from({ length }, () => letters[Math.floor(random() * letters.length)] ?? '').join(''));
  }
  return [...words];
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
