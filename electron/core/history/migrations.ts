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
];
