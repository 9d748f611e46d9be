import { bringInLog } from '../empty-log.ts';
import { IMPORTING, PURGING } from '../rows.ts';
import { searchIndex } from '../search/search-index.ts';
import type { SqlSession } from '../sql-session.ts';

/** What a merge has added. */
export interface MergeCounts {
  readonly conversationCount: number;
  readonly messageCount: number;
}

/** Rows of one step, ... */
const STEP_ROWS = 100;
/** ... and bytes of their texts: a call waits for no more than this. A larger row is a step of its own. */
const STEP_BYTES = 128 * 1_024;
/** So many steps are in the log before it is brought in, by a step of its own: SQLite would do it in the middle of a save. */
const STEPS_PER_LOG = 8;

const CONVERSATION_COLUMNS = `id, title, title_source, model, head_id, created_at, updated_at, system_prompt, effort, verbosity,
  uses_web_search, makes_images, summary, summary_up_to`;
const MESSAGE_COLUMNS = `id, conversation_id, parent_id, role, text, state, error, model, input_tokens, output_tokens,
  cached_input_tokens, cache_write_tokens, reasoning_tokens, created_at, reasoning, citations, tool_name, omitted_count`;
const ATTACHMENT_COLUMNS = 'id, kind, name, media_type, byte_count, hash, width, height, created_at';
const VARIANT_COLUMNS = 'conversation_id, parent_id, message_id';
/** The rows of a step, in the order of arrival, so that a parent is there before its children. */
const OF_STEP = 'WHERE rowid > ?1 AND rowid <= ?2 ORDER BY rowid';

/** How the rows of one table of the stage come into the history. */
interface TableCopy {
  readonly table: 'conversations' | 'messages' | 'attachments' | 'shown_variants';
  /** SQL for the bytes of a row that can be many. */
  readonly bytes: string;
  /** SQL that copies the rows of a step. */
  readonly inserts: readonly string[];
}

const COPIES: readonly TableCopy[] = [
  {
    table: 'conversations',
    bytes: 'octet_length(title) + octet_length(system_prompt) + coalesce(octet_length(summary), 0)',
    inserts: [
      `INSERT INTO conversations (${CONVERSATION_COLUMNS}, removed_at)
       SELECT ${CONVERSATION_COLUMNS}, ${IMPORTING} FROM stage.conversations ${OF_STEP}`,
    ],
  },
  {
    table: 'messages',
    bytes: 'octet_length(text) + octet_length(reasoning) + coalesce(octet_length(citations), 0)',
    inserts: [
      `INSERT INTO messages (${MESSAGE_COLUMNS}) SELECT ${MESSAGE_COLUMNS} FROM stage.messages ${OF_STEP}`,
    ],
  },
  {
    table: 'attachments',
    bytes: 'octet_length(name)',
    // Both in one step: a file that no message has is taken for one that was deleted.
    inserts: [
      `INSERT INTO attachments (${ATTACHMENT_COLUMNS}) SELECT ${ATTACHMENT_COLUMNS} FROM stage.attachments ${OF_STEP}`,
      `INSERT INTO message_attachments (message_id, position, attachment_id)
       SELECT message_id, position, id FROM stage.attachments ${OF_STEP}`,
    ],
  },
  {
    table: 'shown_variants',
    bytes: '0',
    inserts: [
      `INSERT INTO shown_variants (${VARIANT_COLUMNS}) SELECT ${VARIANT_COLUMNS} FROM stage.shown_variants ${OF_STEP}`,
    ],
  },
];

/**
 * Adds all that is in a stage to the history, or nothing: in short steps, as conversations that no read sees, which one last
 * transaction shows all at once. The messages wait for the search index. Returns null when `isStopped` came true before that;
 * what was added by then, or before an error, waits for `purgeRemoved`. What a crash or a closing leaves hidden,
 * {@link dropUnfinishedImport} hands over to it.
 */
export function* mergeStage(
  session: SqlSession,
  stageFile: string,
  isStopped: () => boolean,
): Generator<void, MergeCounts | null> {
  dropUnfinishedImport(session);
  session.run('ATTACH DATABASE ? AS stage', stageFile);
  try {
    const counts = { conversations: 0, messages: 0, attachments: 0, shown_variants: 0 };
    let steps = 0;
    for (const copy of COPIES) {
      for (const count of copyTable(session, copy)) {
        counts[copy.table] += count;
        steps += 1;
        yield;
        if (steps % STEPS_PER_LOG === 0) {
          bringInLog(session);
          yield;
        }
        if (isStopped()) {
          dropUnfinishedImport(session);
          return null;
        }
      }
    }
    session.transaction(() => {
      session.run('UPDATE conversations SET removed_at = NULL WHERE removed_at = ?', IMPORTING);
    });
    return { conversationCount: counts.conversations, messageCount: counts.messages };
  } catch (error) {
    dropQuietly(session);
    throw error;
  } finally {
    session.exec('DETACH DATABASE stage');
  }
}

/** Leaves what a merge that did not get to its end has added to `purgeRemoved`. */
export function dropUnfinishedImport(session: SqlSession): void {
  session.run(`UPDATE conversations SET removed_at = ${PURGING} WHERE removed_at = ?`, IMPORTING);
}

function dropQuietly(session: SqlSession): void {
  try {
    dropUnfinishedImport(session);
  } catch {
    // Still hidden, and dropped at the next start; the first error says more.
  }
}

/** One step each time it is asked; says how many rows that were. */
function* copyTable(session: SqlSession, copy: TableCopy): Generator<number, void> {
  let after = 0;
  for (;;) {
    const step = nextStep(session, copy, after);
    if (step === null) return;
    // NORMAL: what a crash takes back was not seen by anybody; the last step makes all of it durable.
    session.withSynchronous('NORMAL', () =>
      session.transaction(() => {
        const before = lastOrdinal(session);
        for (const insert of copy.inserts) session.run(insert, after, step.last);
        if (copy.table === 'messages')
          searchIndex.putOff(session, { first: before + 1, last: lastOrdinal(session) });
      }),
    );
    after = step.last;
    yield step.count;
  }
}

function nextStep(
  session: SqlSession,
  { table, bytes }: TableCopy,
  after: number,
): { readonly last: number; readonly count: number } | null {
  const rows = session.all(
    `SELECT rowid AS number, ${bytes} AS bytes FROM stage.${table} WHERE rowid > ? ORDER BY rowid LIMIT ${STEP_ROWS}`,
    after,
  );
  let total = 0;
  const tooMuch = rows.findIndex((row) => (total += Number(row['bytes'])) > STEP_BYTES);
  const count = tooMuch < 0 ? rows.length : Math.max(1, tooMuch);
  const last = rows[count - 1];
  return last === undefined ? null : { last: Number(last['number']), count };
}

function lastOrdinal(session: SqlSession): number {
  return Number(session.get('SELECT coalesce(max(ordinal), 0) AS last FROM messages')?.['last'] ?? 0);
}
