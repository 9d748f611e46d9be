import type { SqlSession } from '../sql-session.ts';
import { gramsOf, withoutUnspaced } from './unspaced-scripts.ts';

/** A message as the indexes need it. */
export interface IndexedMessage {
  readonly ordinal: number;
  readonly text: string;
}

/** Messages of one step of the backlog: small enough that a call waiting behind it does not notice. */
const STEP_MESSAGES = 40;
/** Text of one step, in UTF-16 units. A longer message is a step of its own. */
const STEP_LENGTH = 64 * 1_024;

/**
 * The indexes behind search. A message is in them exactly when its reply has ended and its ordinal is above the backlog.
 * Every function runs inside the caller's transaction.
 */
export const searchIndex = {
  /** Adds messages, but those that the backlog will come to. */
  add(session: SqlSession, messages: readonly IndexedMessage[]): void {
    const backlog = readBacklog(session);
    for (const message of messages) if (message.ordinal > backlog) insert(session, message);
  },

  /** Takes messages out; `text` must be what they were added with. */
  remove(session: SqlSession, messages: readonly IndexedMessage[]): void {
    const backlog = readBacklog(session);
    for (const message of messages) if (message.ordinal > backlog) erase(session, message);
  },

  isComplete: (session: SqlSession): boolean => readBacklog(session) === 0,

  /** Adds some of the messages that were there before the index was, newest first. Returns whether any are left. */
  advance(session: SqlSession): boolean {
    const rows = session.all(
      `SELECT ordinal, text, state, length(text) AS length FROM messages WHERE ordinal <= (SELECT backlog FROM search_state)
       ORDER BY ordinal DESC LIMIT ?`,
      STEP_MESSAGES,
    );
    let lengthLeft = STEP_LENGTH;
    let backlog = readBacklog(session);
    for (const row of rows) {
      lengthLeft -= Number(row['length']);
      if (lengthLeft < 0 && backlog < Number(rows[0]?.['ordinal'])) break;
      const message = { ordinal: Number(row['ordinal']), text: row['text'] as string };
      // A reply that is running is added when it ends.
      if (row['state'] !== 'streaming') insert(session, message);
      backlog = message.ordinal - 1;
    }
    session.run('UPDATE search_state SET backlog = ?', rows.length === 0 ? 0 : backlog);
    return rows.length > 0;
  },
};

function readBacklog(session: SqlSession): number {
  return Number(session.get('SELECT backlog FROM search_state')?.['backlog'] ?? 0);
}

function insert(session: SqlSession, { ordinal, text }: IndexedMessage): void {
  session.run('INSERT INTO message_words (rowid, words) VALUES (?, ?)', ordinal, withoutUnspaced(text));
  const grams = gramsOf(text);
  if (grams.length === 0) return;
  session.run('INSERT INTO message_grams (rowid, grams) VALUES (?, ?)', ordinal, grams.join(' '));
}

function erase(session: SqlSession, { ordinal, text }: IndexedMessage): void {
  session.run(
    `INSERT INTO message_words (message_words, rowid, words) VALUES ('delete', ?, ?)`,
    ordinal,
    withoutUnspaced(text),
  );
  const grams = gramsOf(text);
  if (grams.length === 0) return;
  session.run(
    `INSERT INTO message_grams (message_grams, rowid, grams) VALUES ('delete', ?, ?)`,
    ordinal,
    grams.join(' '),
  );
}
