import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';

/** What a made-up profile holds. */
export interface ProfilePlan {
  readonly conversations: number;
  /** Messages of all conversations together. */
  readonly messages: number;
  readonly seed: number;
}

const WORDS =
  'the answer depends on how the index is read and 漢字 déjà vu 🦊 "quoted" \\ back\nline\ttab'.split(' ');
const STATES = ['done', 'cancelled', 'interrupted', 'failed'];

/**
 * Writes conversations into a history that nobody has open, straight into its tables, so that what is exported was not imported
 * before: branches, every state, every column, times and ids out of order.
 */
export function fillProfile(databaseFile: string, { conversations, messages, seed }: ProfilePlan): void {
  const database = new DatabaseSync(databaseFile);
  const random = createRandom(seed);
  const uuid = (): string => uuidOf(random);
  try {
    database.exec('PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON; BEGIN');
    const addConversation = database.prepare(
      `INSERT INTO conversations (id, title, title_source, connection_id, key_id, model, head_id, created_at, updated_at, removed_at,
         system_prompt, effort, verbosity, uses_web_search, makes_images, summary, summary_up_to)
       VALUES (?, ?, ?, ?, ?, ?, NULL, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)`,
    );
    const addMessage = database.prepare(
      `INSERT INTO messages (id, conversation_id, parent_id, role, text, state, error, model, input_tokens, output_tokens, created_at,
         connection_id, key_id, cached_input_tokens, cache_write_tokens, reasoning_tokens, reasoning, citations, tool_name, omitted_count)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const addAttachment = database.prepare(
      `INSERT INTO attachments (id, kind, name, media_type, byte_count, hash, width, height, created_at)
       VALUES (?, 'image', ?, 'image/png', ?, ?, 8, 6, ?)`,
    );
    const linkAttachment = database.prepare(
      'INSERT INTO message_attachments (message_id, position, attachment_id) VALUES (?, ?, ?)',
    );
    const addVariant = database.prepare(
      'INSERT OR IGNORE INTO shown_variants (conversation_id, parent_id, message_id) VALUES (?, ?, ?)',
    );
    const finish = database.prepare(
      'UPDATE conversations SET head_id = ?, summary = ?, summary_up_to = ? WHERE id = ?',
    );
    for (let index = 0; index < conversations; index += 1) {
      const id = uuid();
      const createdAt = 1_700_000_000_000 + Math.floor(random() * 1e6) * 60_000;
      addConversation.run(
        id,
        `Conversation ${index} ${pick(random, WORDS)}`,
        pick(random, ['first-message', 'person', 'model']),
        uuid(),
        uuid(),
        pick(random, [null, 'gpt-5', 'local/model']),
        createdAt,
        createdAt + 1_000,
        null,
        random() < 0.2 ? `Be ${pick(random, WORDS)}.` : '',
        pick(random, [null, 'low', 'high']),
        pick(random, [null, 'medium']),
        Number(random() < 0.3),
        Number(random() < 0.1),
      );
      const ids: string[] = [];
      const share =
        Math.floor((messages * (index + 1)) / conversations) - Math.floor((messages * index) / conversations);
      for (let number = 0; number < share; number += 1) {
        const isAnswer = number % 2 === 1;
        const isTool = random() < 0.03;
        const state = isAnswer ? pick(random, STATES) : 'done';
        const usage = isAnswer && random() < 0.7;
        const messageId = uuid();
        // Mostly on from the last one, sometimes a branch, sometimes another root.
        const parent = random() < 0.85 ? ids.at(-1) : random() < 0.9 ? pick(random, ids) : null;
        addMessage.run(
          messageId,
          id,
          parent ?? null,
          isTool ? 'tool' : isAnswer ? 'assistant' : 'user',
          textOf(random),
          state,
          state === 'failed'
            ? JSON.stringify({ code: 'network/timeout', message: 'Raw.', details: { host: 'h' } })
            : null,
          isAnswer ? 'gpt-5' : null,
          usage ? 120 : null,
          usage ? 30 : null,
          createdAt + number * 10,
          isAnswer ? uuid() : null,
          isAnswer ? uuid() : null,
          usage && random() < 0.5 ? 7 : null,
          usage && random() < 0.2 ? 3 : null,
          usage && random() < 0.5 ? 11 : null,
          isAnswer && random() < 0.2 ? textOf(random) : '',
          isAnswer && random() < 0.1
            ? JSON.stringify([{ url: 'https://example.org/a?b=c', title: 'A “page”', start: 0, end: 3 }])
            : null,
          isTool ? 'python' : null,
          random() < 0.05 ? 4 : 0,
        );
        ids.push(messageId);
        if (random() < 0.1) addVariant.run(id, parent ?? '', messageId);
        for (let position = 0; random() < 0.02; position += 1) {
          const { hash, byteCount } = addPicture(databaseFile, Math.floor(random() * 20));
          const attachmentId = uuid();
          addAttachment.run(attachmentId, `Picture ${position}.png`, byteCount, hash, createdAt);
          linkAttachment.run(messageId, position, attachmentId);
        }
      }
      const hasSummary = random() < 0.1 && ids.length > 2;
      finish.run(
        ids.length === 0 ? null : random() < 0.9 ? (ids.at(-1) ?? null) : pick(random, ids),
        hasSummary ? 'What was said before.' : null,
        hasSummary ? pick(random, ids) : null,
        id,
      );
    }
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}

/** Something that begins like a PNG, and is one to the image window of a test, where the app keeps files. */
function addPicture(
  databaseFile: string,
  number: number,
): { readonly hash: string; readonly byteCount: number } {
  const bytes = Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    Buffer.alloc(500 + number * 1_000, `picture ${number} `),
  ]);
  const hash = createHash('sha256').update(bytes).digest('hex');
  const folder = path.join(path.dirname(databaseFile), 'attachments', hash.slice(0, 2));
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, hash), bytes);
  return { hash, byteCount: bytes.length };
}

function textOf(random: () => number): string {
  const length = Math.floor(random() * random() * 300);
  return Array.from({ length }, () => pick(random, WORDS)).join(' ');
}

function pick<T>(random: () => number, from: readonly T[]): T {
  // `as`: the lists are not empty, or undefined is fine.
  return from[Math.floor(random() * from.length)] as T;
}

function uuidOf(random: () => number): string {
  const hex = createHash('md5').update(String(random())).update(String(random())).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** The same numbers for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
