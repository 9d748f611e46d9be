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

/** Ordinals that are not in the indexes yet, both ends included. */
interface Range {
  readonly first: number;
  readonly last: number;
}

/**
 * The indexes behind search. A message is in them exactly when its reply has ended and its ordinal is in no range that waits:
 * what was there before the index was, and what an import brought. Every function runs inside the caller's transaction.
 */
export const searchIndex = {
  /** Adds messages, but those that wait for `advance`. */
  add(session: SqlSession, messages: readonly IndexedMessage[]): void {
    const waiting = readWaiting(session);
    for (const message of messages) if (!isIn(waiting, message)) insert(session, message);
  },

  /** Takes messages out; `text` must be what they were added with. */
  remove(session: SqlSession, messages: readonly IndexedMessage[]): void {
    const waiting = readWaiting(session);
    for (const message of messages) if (!isIn(waiting, message)) erase(session, message);
  },

  /** Leaves messages that have just come to `advance`. */
  putOff(session: SqlSession, { first, last }: Range): void {
    // Ordinals of deleted messages come again: what waits already is not added twice.
    const from = readWaiting(session).reduce((after, range) => Math.max(after, range.last + 1), first);
    if (from > last) return;
    // Those of an import follow one another, step by step.
    const isContinued = session.run('UPDATE search_ranges SET last = ? WHERE last = ?', last, from - 1) > 0;
    if (!isContinued) session.run('INSERT INTO search_ranges (first, last) VALUES (?, ?)', from, last);
  },

  isComplete: (session: SqlSession): boolean => readWaiting(session).length === 0,

  /** Adds some of the messages that wait, newest first. Returns whether any are left. */
  advance(session: SqlSession): boolean {
    const range = readWaiting(session)[0];
    if (range === undefined) return false;
    const rows = session.all(
      `SELECT ordinal, text, state, length(text) AS length FROM messages WHERE ordinal >= ? AND ordinal <= ?
       ORDER BY ordinal DESC LIMIT ?`,
      range.first,
      range.last,
      STEP_MESSAGES,
    );
    let lengthLeft = STEP_LENGTH;
    let last = rows.length === 0 ? 0 : range.last;
    for (const row of rows) {
      lengthLeft -= Number(row['length']);
      if (lengthLeft < 0 && last < Number(rows[0]?.['ordinal'])) break;
      const message = { ordinal: Number(row['ordinal']), text: row['text'] as string };
      // A reply that is running is added when it ends.
      if (row['state'] !== 'streaming') insert(session, message);
      last = message.ordinal - 1;
    }
    shorten(session, range, last);
    return readWaiting(session).length > 0;
  },
};

/** The newest first. A backup from before imports could wait has no table of them. */
function readWaiting(session: SqlSession): Range[] {
  const backlog = Number(session.get('SELECT backlog FROM search_state')?.['backlog'] ?? 0);
  const hasRanges = session.get(`SELECT 1 FROM sqlite_schema WHERE name = 'search_ranges'`) !== undefined;
  const rows = hasRanges ? session.all('SELECT first, last FROM search_ranges ORDER BY first DESC') : [];
  const imported = rows.map((row) => ({ first: Number(row['first']), last: Number(row['last']) }));
  return backlog === 0 ? imported : [...imported, { first: 1, last: backlog }];
}

function isIn(ranges: readonly Range[], { ordinal }: IndexedMessage): boolean {
  return ranges.some(({ first, last }) => ordinal >= first && ordinal <= last);
}

/** What is left of a range ends at `last`; nothing is left of one that would end before it begins. */
function shorten(session: SqlSession, { first }: Range, last: number): void {
  const isImported = session.run('UPDATE search_ranges SET last = ? WHERE first = ?', last, first) > 0;
  if (isImported) session.run('DELETE FROM search_ranges WHERE last < first');
  else session.run('UPDATE search_state SET backlog = ?', Math.max(0, last));
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
