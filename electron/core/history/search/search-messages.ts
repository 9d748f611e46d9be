import { MAX_SEARCH_HITS, type SearchHit, type SearchRequest } from '../../../contract/model/search.ts';
import { STANDING, type Row } from '../rows.ts';
import type { SqlSession, SqlValue } from '../sql-session.ts';
import { createSnippetMaker, withoutMarks, type Snippet } from './make-snippet.ts';
import type { SearchPlan } from './parse-search-query.ts';

/** A message that matches. */
interface Found {
  readonly ordinal: number;
  readonly createdAt: number;
}

/** All that a search found, best first, as far as it is counted. */
export interface RankedHits {
  readonly ordinals: readonly number[];
  readonly isCapped: boolean;
}

/** Stretch of the first step with an index; each further one is twice as long, up to the last. */
const FIRST_STEP_ROWS = 8_192;
const LAST_STEP_ROWS = 32_768;
/** Without an index every text of a stretch is read. */
const SCAN_STEP_ROWS = 2_048;
/** A message this old counts half as much more as a new one. */
const HALF_LIFE_MS = 30 * 86_400_000;

/**
 * Finds the newest messages that match and ranks them: by bm25 and age where the query has words, by age alone where it is a
 * substring or has more hits than are counted. Yields between steps, so that other calls need not wait for the end.
 */
export function* findRanked(
  session: SqlSession,
  plan: SearchPlan,
  request: SearchRequest,
): Generator<void, RankedHits> {
  const range = rangeOf(session, request.conversationId);
  const found: Found[] = [];
  let below = range.last + 1;
  const isScan = plan.words === null && plan.grams === null;
  const lastSize = isScan ? SCAN_STEP_ROWS : LAST_STEP_ROWS;
  for (
    let size = isScan ? SCAN_STEP_ROWS : FIRST_STEP_ROWS;
    below > range.first;
    size = Math.min(size * 2, lastSize)
  ) {
    const from = Math.max(range.first, below - size);
    const limit = MAX_SEARCH_HITS + 1 - found.length;
    found.push(...findIn(session, plan, request, { from, below, limit }));
    if (found.length > MAX_SEARCH_HITS) break;
    below = from;
    if (below > range.first) yield;
  }
  const isCapped = found.length > MAX_SEARCH_HITS;
  const kept = found.slice(0, MAX_SEARCH_HITS);
  if (plan.words === null || kept.length < 2)
    return { ordinals: kept.map(({ ordinal }) => ordinal), isCapped };
  yield;
  return { ordinals: rank(session, plan.words, kept), isCapped };
}

/** Reads hits for showing. One that was deleted since it was found is left out. */
export function readHits(session: SqlSession, plan: SearchPlan, ordinals: readonly number[]): SearchHit[] {
  const makeSnippet = createSnippetMaker(plan.terms);
  return ordinals.flatMap((ordinal) => {
    const row = session.get(
      `SELECT m.id, m.conversation_id, c.title, m.role, m.model, m.created_at, m.text
       FROM messages m JOIN conversations c ON c.id = m.conversation_id
       WHERE m.ordinal = ? AND m.state <> 'streaming' AND m.removed_at IS NULL AND c.removed_at IS NULL`,
      ordinal,
    );
    return row === undefined ? [] : [toHit(row, plan, makeSnippet)];
  });
}

function toHit(row: Row, { terms }: SearchPlan, makeSnippet: (text: string) => Snippet): SearchHit {
  const stored = row['text'] as string;
  const { text, ranges } = makeSnippet(row['role'] === 'user' ? stored : withoutMarks(stored, terms));
  return {
    conversationId: row['conversation_id'] as string,
    conversationTitle: row['title'] as string,
    messageId: row['id'] as string,
    role: row['role'] as SearchHit['role'],
    model: row['model'] as string | null,
    createdAt: Number(row['created_at']),
    snippet: { text, ranges: [...ranges] },
  };
}

/** Ordinals grow with time, so those of one conversation lie close together. */
function rangeOf(session: SqlSession, conversationId: string | null): { first: number; last: number } {
  const sql = 'SELECT coalesce(min(ordinal), 1) AS first, coalesce(max(ordinal), 0) AS last FROM messages';
  const row =
    conversationId === null
      ? session.get('SELECT 1 AS first, coalesce(max(ordinal), 0) AS last FROM messages')
      : session.get(`${sql} WHERE conversation_id = ?`, conversationId);
  return { first: Number(row?.['first']), last: Number(row?.['last']) };
}

interface Step {
  readonly from: number;
  readonly below: number;
  readonly limit: number;
}

/** The matching ordinals of one stretch, newest first. The rarest index drives; what it cannot decide is read from the text. */
function findIn(session: SqlSession, plan: SearchPlan, request: SearchRequest, step: Step): Found[] {
  const conditions: string[] = [];
  const values: SqlValue[] = [];
  const where = (condition: string, ...more: readonly SqlValue[]): void => {
    conditions.push(condition);
    values.push(...more);
  };
  const driver = driverOf(plan);
  where(`${driver.ordinal} >= ? AND ${driver.ordinal} < ?`, step.from, step.below);
  if (driver.match !== null) where(`${driver.table} MATCH ?`, driver.match);
  if (plan.words !== null && plan.grams !== null) {
    where(
      'm.ordinal IN (SELECT rowid FROM message_words WHERE message_words MATCH ? AND rowid >= ? AND rowid < ?)',
      plan.words,
      step.from,
      step.below,
    );
  }
  // What has not ended is not in an index.
  if (driver.match === null) where(`m.state <> 'streaming'`);
  if (request.role !== null) where('m.role = ?', request.role);
  if (request.model !== null) where('m.model = ?', request.model);
  if (request.conversationId !== null) where('m.conversation_id = ?', request.conversationId);
  if (request.from !== null) where('m.created_at >= ?', request.from);
  if (request.to !== null) where('m.created_at < ?', request.to);
  for (const pattern of plan.patterns) where(String.raw`m.text LIKE ? ESCAPE '\'`, pattern);
  where('m.conversation_id NOT IN (SELECT id FROM conversations WHERE removed_at IS NOT NULL)');
  where(`m.${STANDING}`);
  const sql = `SELECT m.ordinal, m.created_at FROM ${driver.from} WHERE ${conditions.join(' AND ')} ORDER BY ${driver.ordinal} DESC LIMIT ?`;
  return session
    .all(sql, ...values, step.limit)
    .map((row) => ({ ordinal: Number(row['ordinal']), createdAt: Number(row['created_at']) }));
}

function driverOf({ words, grams }: SearchPlan) {
  const fullText = (table: string, match: string) => ({
    table,
    match,
    ordinal: `${table}.rowid`,
    // CROSS JOIN: in this order, so that the newest come first without sorting.
    from: `${table} CROSS JOIN messages m ON m.ordinal = ${table}.rowid`,
  });
  if (grams !== null) return fullText('message_grams', grams);
  if (words !== null) return fullText('message_words', words);
  return { table: 'm', match: null, ordinal: 'm.ordinal', from: 'messages m' };
}

/** bm25, doubled for what is new and fading to itself with age. Equal scores: the newer first. */
function rank(session: SqlSession, words: string, found: readonly Found[]): number[] {
  const ordinals = found.map(({ ordinal }) => ordinal);
  // The plus keeps SQLite from looking each ordinal up by itself, which would weigh the whole query anew for each.
  const rows = session.all(
    `SELECT rowid AS ordinal, bm25(message_words) AS bm25 FROM message_words
     WHERE message_words MATCH ? AND rowid >= ? AND rowid <= ? AND +rowid IN (SELECT value FROM json_each(?))`,
    words,
    ordinals.at(-1) ?? 0,
    ordinals[0] ?? 0,
    JSON.stringify(ordinals),
  );
  // SQLite's bm25 is the more negative the better.
  const weights = new Map(rows.map((row) => [Number(row['ordinal']), -Number(row['bm25'])]));
  const newestAt = found.reduce((latest, { createdAt }) => Math.max(latest, createdAt), 0);
  const scoreOf = ({ ordinal, createdAt }: Found): number =>
    (weights.get(ordinal) ?? 0) * (1 + 2 ** ((createdAt - newestAt) / HALF_LIFE_MS));
  return found
    .map((each) => ({ ...each, score: scoreOf(each) }))
    .sort((a, b) => b.score - a.score || b.createdAt - a.createdAt || b.ordinal - a.ordinal)
    .map(({ ordinal }) => ordinal);
}
