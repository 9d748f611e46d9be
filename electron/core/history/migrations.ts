/**
 * The schema, one step per entry; `user_version` counts the steps taken. Only ever append.
 * `ordinal` is the order of arrival: ids are random and two rows can share a millisecond.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    connection_id TEXT,
    model TEXT,
    head_id TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    removed_at INTEGER
  ) STRICT;

  CREATE TABLE messages (
    ordinal INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    parent_id TEXT REFERENCES messages (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL,
    error TEXT,
    model TEXT,
    input_tokens INTEGER,
    output_tokens INTEGER,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX messages_by_conversation ON messages (conversation_id, ordinal);
  CREATE INDEX messages_by_parent ON messages (parent_id);
  CREATE INDEX messages_streaming ON messages (id) WHERE state = 'streaming';

  CREATE TABLE reply_chunks (
    ordinal INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    text TEXT NOT NULL
  ) STRICT;
  CREATE INDEX reply_chunks_by_message ON reply_chunks (message_id, ordinal);

  CREATE TABLE drafts (
    conversation_id TEXT PRIMARY KEY,
    text TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // Which key was chosen for a conversation, and which connection and key an answer was asked for with.
  `
  ALTER TABLE conversations ADD COLUMN key_id TEXT;
  ALTER TABLE messages ADD COLUMN connection_id TEXT;
  ALTER TABLE messages ADD COLUMN key_id TEXT;
  CREATE INDEX messages_by_key ON messages (key_id, conversation_id) WHERE key_id IS NOT NULL;
  `,
  // Search. Both indexes hold no text of their own (`content=''`): what is in them is derived from messages, and `secure-delete`
  // takes a term out of the file with its last message. Messages up to `backlog` are not in them yet. ADR 9.
  // A reply's chunks are few and short-lived: an index over them cost a second page per chunk.
  `
  CREATE VIRTUAL TABLE message_words USING fts5 (
    words, content='', tokenize="unicode61 remove_diacritics 2", prefix='2 3'
  );
  INSERT INTO message_words (message_words, rank) VALUES ('secure-delete', 1);
  CREATE VIRTUAL TABLE message_grams USING fts5 (
    grams, content='', columnsize=0, detail=none, tokenize='ascii'
  );
  INSERT INTO message_grams (message_grams, rank) VALUES ('secure-delete', 1);
  CREATE TABLE search_state (backlog INTEGER NOT NULL) STRICT;
  INSERT INTO search_state SELECT coalesce(max(ordinal), 0) FROM messages;
  CREATE INDEX conversations_removed ON conversations (id) WHERE removed_at IS NOT NULL;
  DROP INDEX reply_chunks_by_message;
  `,
  // Conversations deleted for good whose copies in the backups wait to be deleted too.
  `
  CREATE TABLE backup_purges (conversation_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  `,
  // Parts of a usage, and the ledger. Its ids are no references: what was billed stays when a conversation goes.
  `
  ALTER TABLE messages ADD COLUMN cached_input_tokens INTEGER;
  ALTER TABLE messages ADD COLUMN cache_write_tokens INTEGER;
  ALTER TABLE messages ADD COLUMN reasoning_tokens INTEGER;

  CREATE TABLE ledger (
    ordinal INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    day TEXT NOT NULL,
    connection_id TEXT NOT NULL,
    connection_label TEXT NOT NULL,
    key_id TEXT,
    key_label TEXT,
    model TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    input_tokens INTEGER NOT NULL,
    cached_input_tokens INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL,
    cost_micro_usd INTEGER,
    is_estimated INTEGER NOT NULL,
    price TEXT,
    is_open INTEGER NOT NULL,
    text_before INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX ledger_by_connection ON ledger (connection_id, day);
  CREATE INDEX ledger_by_day ON ledger (day);
  CREATE INDEX ledger_by_conversation ON ledger (conversation_id);
  `,
  // How answers are made, what stands for messages that no longer fit, files of messages, and messages that can be deleted one by
  // one. Bytes of files lie beside the database under their hash.
  `
  ALTER TABLE conversations ADD COLUMN system_prompt TEXT NOT NULL DEFAULT '';
  ALTER TABLE conversations ADD COLUMN effort TEXT;
  ALTER TABLE conversations ADD COLUMN verbosity TEXT;
  ALTER TABLE conversations ADD COLUMN uses_web_search INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE conversations ADD COLUMN makes_images INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE conversations ADD COLUMN title_source TEXT NOT NULL DEFAULT 'first-message';
  -- Which titles a person gave was not kept: none of them may be replaced.
  UPDATE conversations SET title_source = 'person';
  ALTER TABLE conversations ADD COLUMN summary TEXT;
  ALTER TABLE conversations ADD COLUMN summary_up_to TEXT;

  ALTER TABLE messages ADD COLUMN removed_at INTEGER;
  ALTER TABLE messages ADD COLUMN reasoning TEXT NOT NULL DEFAULT '';
  ALTER TABLE messages ADD COLUMN citations TEXT;
  ALTER TABLE messages ADD COLUMN tool_name TEXT;
  ALTER TABLE messages ADD COLUMN omitted_count INTEGER NOT NULL DEFAULT 0;
  -- The topmost message of the removal that took it along: what one Undo brings back.
  ALTER TABLE messages ADD COLUMN removed_with TEXT;
  CREATE INDEX messages_removed ON messages (removed_with) WHERE removed_at IS NOT NULL;

  ALTER TABLE reply_chunks ADD COLUMN kind TEXT NOT NULL DEFAULT 'text';
  ALTER TABLE ledger ADD COLUMN purpose TEXT NOT NULL DEFAULT 'answer';

  CREATE TABLE attachments (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    byte_count INTEGER NOT NULL,
    hash TEXT NOT NULL,
    width INTEGER,
    height INTEGER,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX attachments_by_hash ON attachments (hash);

  CREATE TABLE message_attachments (
    message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    attachment_id TEXT NOT NULL REFERENCES attachments (id),
    PRIMARY KEY (message_id, position)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX message_attachments_by_attachment ON message_attachments (attachment_id);

  CREATE TABLE draft_attachments (
    conversation_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    attachment_id TEXT NOT NULL REFERENCES attachments (id),
    PRIMARY KEY (conversation_id, position)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX draft_attachments_by_attachment ON draft_attachments (attachment_id);

  CREATE TABLE backup_message_purges (message_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

  CREATE TABLE new_chat (id INTEGER PRIMARY KEY CHECK (id = 1), choice TEXT NOT NULL) STRICT;

  -- Which of several messages with one parent ('' for none) was shown when their part of the tree was last left.
  CREATE TABLE shown_variants (
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    parent_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    PRIMARY KEY (conversation_id, parent_id)
  ) STRICT, WITHOUT ROWID;

  -- Ordinals of imported messages that are not in the search indexes yet, beside those up to the backlog.
  CREATE TABLE search_ranges (first INTEGER PRIMARY KEY, last INTEGER NOT NULL) STRICT;
  `,
];
