import { searchIndex } from '../search/search-index.ts';
import type { SqlSession } from '../sql-session.ts';

/** What a merge has added. */
export interface MergeCounts {
  readonly conversationCount: number;
  readonly messageCount: number;
}

const CONVERSATION_COLUMNS = `id, title, title_source, model, head_id, created_at, updated_at, system_prompt, effort, verbosity,
  uses_web_search, makes_images, summary, summary_up_to`;
const MESSAGE_COLUMNS = `id, conversation_id, parent_id, role, text, state, error, model, input_tokens, output_tokens,
  cached_input_tokens, cache_write_tokens, reasoning_tokens, created_at, reasoning, citations, tool_name, omitted_count`;
const ATTACHMENT_COLUMNS = 'id, kind, name, media_type, byte_count, hash, width, height, created_at';

/** Adds all that is in a stage to the history, in one transaction, or nothing. The messages wait for the search index. */
export function mergeStage(session: SqlSession, stageFile: string): MergeCounts {
  session.run('ATTACH DATABASE ? AS stage', stageFile);
  try {
    let counts: MergeCounts = { conversationCount: 0, messageCount: 0 };
    session.transaction(() => {
      const before = lastOrdinal(session);
      const conversationCount = session.run(
        `INSERT INTO conversations (${CONVERSATION_COLUMNS}) SELECT ${CONVERSATION_COLUMNS} FROM stage.conversations`,
      );
      // In the order of arrival, so that a parent is there before its children.
      const messageCount = session.run(
        `INSERT INTO messages (${MESSAGE_COLUMNS}) SELECT ${MESSAGE_COLUMNS} FROM stage.messages ORDER BY ordinal`,
      );
      session.run(
        `INSERT INTO attachments (${ATTACHMENT_COLUMNS}) SELECT ${ATTACHMENT_COLUMNS} FROM stage.attachments`,
      );
      session.run(
        `INSERT INTO message_attachments (message_id, position, attachment_id) SELECT message_id, position, id FROM stage.attachments`,
      );
      session.run(
        `INSERT INTO shown_variants (conversation_id, parent_id, message_id)
         SELECT conversation_id, parent_id, message_id FROM stage.shown_variants`,
      );
      searchIndex.putOff(session, { first: before + 1, last: lastOrdinal(session) });
      counts = { conversationCount, messageCount };
    });
    return counts;
  } finally {
    session.exec('DETACH DATABASE stage');
  }
}

function lastOrdinal(session: SqlSession): number {
  return Number(session.get('SELECT coalesce(max(ordinal), 0) AS last FROM messages')?.['last'] ?? 0);
}
