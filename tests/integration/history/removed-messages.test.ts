import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../../../electron/contract/model/conversation.ts';
import { backupName } from '../../../electron/core/history/files/backup-folder.ts';
import { nodeFileSystem } from '../../../electron/core/history/files/file-system.ts';
import type { HistoryDatabase } from '../../../electron/core/history/history-database.ts';
import { createTestCore } from '../../harness/create-test-core.ts';
import { proves } from '../../harness/proves.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';
import {
  backupsOf,
  damagePage,
  fillHistory,
  integrityOf,
  jobHere,
  makeOldDatabase,
  NOW,
  openHere,
  pagesOf,
  textsIn,
  toEnd,
} from './history-lab.ts';
import { startOf } from './open-test-history.ts';

const SECRET = 'unmistakable secret 珍しい';
const done = { state: 'done', error: null, usage: null, endedAt: 2_000 } as const;

let folder: ReturnType<typeof temporaryFolder>;
let file: string;

beforeEach(() => {
  folder = temporaryFolder();
  file = path.join(folder.path, 'history.sqlite');
});

afterEach(() => folder.remove());

/** A question that stays, and below its answer one that is to go, with an answer. Returns the one that is to go. */
function addSecret(database: HistoryDatabase): Message {
  const first = startOf(randomUUID(), 'what stays');
  database.startReply(first);
  database.endReply({ messageId: first.assistantMessage.id, ...done });
  const { conversationId } = first.userMessage;
  const second = startOf(conversationId, SECRET);
  const userMessage = { ...second.userMessage, parentId: first.assistantMessage.id };
  database.startReply({ ...second, newConversation: null, userMessage });
  database.appendChunk(second.assistantMessage.id, `answer to the ${SECRET}`);
  database.endReply({ messageId: second.assistantMessage.id, ...done });
  return userMessage;
}

function filesWith(text: string): string[] {
  return readdirSync(folder.path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .filter((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1').includes(text))
    .map((entry) => entry.name);
}

/** Copies one conversation into a database of an older schema, as an upgrade would have left it in the backups. */
function makeOldBackup(source: string, table: string): string {
  const upgrade = path.join(backupsOf(file), backupName('upgrade', NOW));
  const { old } = makeOldDatabase(upgrade, table);
  old.exec(`ATTACH '${source}' AS source;
    INSERT INTO conversations (id, title, head_id, created_at, updated_at)
      SELECT id, title, head_id, created_at, updated_at FROM source.conversations;
    INSERT INTO messages (ordinal, id, conversation_id, parent_id, role, text, state, created_at)
      SELECT ordinal, id, conversation_id, parent_id, role, text, state, created_at FROM source.messages;`);
  old.close();
  return upgrade;
}

describe('a deleted message', () => {
  it(
    'leaves the database, its indexes and the backups of every version, and only itself',
    proves('deleted-means-deleted'),
    () => {
      const database = openHere(file);
      const texts = fillHistory(database, 5);
      const message = addSecret(database);
      jobHere(file, { kind: 'make-backup', backup: 'daily' });
      const upgrade = makeOldBackup(file, 'message_words');
      expect(filesWith('mistakable').length).toBeGreaterThanOrEqual(3);
      database.removeMessage(message.id, 5_000);
      jobHere(file, { kind: 'make-backup', backup: 'manual' }, NOW + 1);
      expect(toEnd(database.purgeRemoved(4_999))).toBe(0);
      expect(toEnd(database.purgeRemoved(5_000))).toBe(1);
      jobHere(file, { kind: 'purge-backups' });
      expect(filesWith('mistakable')).toEqual([]);
      expect(filesWith('73cd003057')).toEqual([]);
      const kept = textsIn(database);
      for (const [id, text] of texts) expect(kept.get(id)).toBe(text);
      expect([...kept.values()]).toContain('what stays');
      database.close();
      expect(integrityOf(file)).toBe('ok');
      for (const name of readdirSync(backupsOf(file)).filter((each) => !upgrade.endsWith(each)))
        expect(integrityOf(path.join(backupsOf(file), name))).toBe('ok');
    },
  );

  it(
    'takes along the summary that stood for it, in the backups too, and no other',
    proves('deleted-means-deleted'),
    () => {
      const database = openHere(file);
      const message = addSecret(database);
      const text = 'What is mistakable, in short.';
      database.writeSummary(message.conversationId, { text, upToMessageId: message.id });
      const other = [...fillHistory(database, 2).keys()][0] ?? '';
      const otherId = database.findMessage(other)?.conversationId ?? '';
      database.writeSummary(otherId, { text: 'Of another.', upToMessageId: other });
      jobHere(file, { kind: 'make-backup', backup: 'daily' });
      database.removeMessage(message.id, 5_000);
      expect(database.readGeneration(message.conversationId).summary?.text).toBe(text);
      toEnd(database.purgeRemoved(5_000));
      jobHere(file, { kind: 'purge-backups' });
      expect(filesWith('mistakable')).toEqual([]);
      expect(database.readGeneration(message.conversationId).summary).toBeNull();
      expect(database.readGeneration(otherId).summary?.text).toBe('Of another.');
      database.close();
    },
  );

  it('does not come back with a backup from before, which shows what is left', () => {
    const database = openHere(file);
    const message = addSecret(database);
    const { name } = jobHere(file, { kind: 'make-backup', backup: 'manual' }) as { name: string };
    database.removeMessage(message.id, 5_000);
    toEnd(database.purgeRemoved(5_000));
    database.close();
    jobHere(file, { kind: 'request-restore', name });
    const restored = openHere(file, nodeFileSystem, NOW + 1);
    const { messages } = restored.openConversation(message.conversationId);
    expect(messages.map(({ text }) => text)).toEqual(['what stays', '']);
    restored.close();
    expect(filesWith('mistakable')).toEqual([]);
  });

  it('that waits for Undo comes back with a backup of that time only until the next start', async () => {
    const database = openHere(file);
    const message = addSecret(database);
    database.removeMessage(message.id, 5_000);
    const { name } = jobHere(file, { kind: 'make-backup', backup: 'manual' }) as { name: string };
    database.close();
    jobHere(file, { kind: 'request-restore', name });
    const app = await createTestCore({ folder: folder.path });
    const detail = await app.get('conversations.open', { id: message.conversationId });
    expect(detail.messages).toHaveLength(2);
    expect(await app.call('conversations.restoreMessage', { messageId: message.id })).toMatchObject({
      ok: false,
      error: { code: 'chat/not-found' },
    });
    await app.stop();
  });

  it('cannot be brought back once deleting it has begun, and the rest of it goes at the next start', () => {
    const database = openHere(file);
    const message = addSecret(database);
    database.removeMessage(message.id, 5_000);
    const steps = database.purgeRemoved(5_000);
    steps.next();
    expect(() => database.restoreMessage(message.id)).toThrow(
      expect.objectContaining({ code: 'chat/not-found' }),
    );
    database.close();
    const again = openHere(file);
    toEnd(again.purgeRemoved(1));
    again.close();
    expect(filesWith('mistakable')).toEqual([]);
    expect(integrityOf(file)).toBe('ok');
  });

  it.each(['before purging', 'while purging'])(
    'stays deleted when the program is killed %s, and is gone after the next start',
    async (moment) => {
      const profile = path.join(folder.path, 'profile');
      mkdirSync(profile);
      const [conversationId = '', messageId = ''] = await removeUntilKilled(
        path.join(profile, 'history.sqlite'),
        moment,
      );
      expect(filesWith('mistakable').length).toBeGreaterThan(0);
      const app = await createTestCore({ folder: profile });
      const { messages } = await app.get('conversations.open', { id: conversationId });
      expect(messages.map(({ text }) => text)).toEqual(['what stays', '']);
      expect((await app.get('search.messages', { query: 'unmistakable' })).total).toBe(0);
      expect(await app.call('conversations.restoreMessage', { messageId })).toMatchObject({ ok: false });
      await app.stop();
      expect(filesWith('mistakable')).toEqual([]);
      expect(integrityOf(path.join(profile, 'history.sqlite'))).toBe('ok');
    },
  );

  it('does not come back when a damaged history is mended from a backup that still has it', () => {
    const database = openHere(file);
    fillHistory(database, 30);
    const message = addSecret(database);
    jobHere(file, { kind: 'make-backup', backup: 'daily' });
    database.removeMessage(message.id, 5_000);
    toEnd(database.purgeRemoved(5_000));
    database.close();
    // Killed before the backups were reached, and then the disk lost a page.
    const { page = 0 } = pagesOf(file).find(({ name, kind }) => name === 'messages' && kind === 'leaf') ?? {};
    damagePage(file, page);
    jobHere(file, { kind: 'check' });
    const mended = openHere(file);
    expect(mended.startReport().repair).not.toBeNull();
    expect([...textsIn(mended).values()].filter((text) => text.includes('mistakable'))).toEqual([]);
    expect(mended.findMessage(message.id)).toBeNull();
    mended.close();
  });

  it('takes along what a damaged history brings back below it', () => {
    const database = openHere(file);
    const message = addSecret(database);
    database.removeMessage(message.id, 5_000);
    database.close();
    const raw = new DatabaseSync(file);
    // As if only the mark of the question had survived.
    raw.exec(`UPDATE messages SET removed_at = NULL, removed_with = NULL WHERE parent_id = '${message.id}'`);
    raw.exec(
      `UPDATE conversations SET head_id = (SELECT id FROM messages WHERE parent_id = '${message.id}')`,
    );
    raw.close();
    const { page = 0 } = pagesOf(file).find(({ name }) => name === 'search_state') ?? {};
    damagePage(file, page);
    jobHere(file, { kind: 'check' });
    const mended = openHere(file);
    expect(mended.startReport().repair).not.toBeNull();
    expect(mended.openConversation(message.conversationId).messages).toHaveLength(2);
    toEnd(mended.purgeRemoved(NOW));
    mended.close();
    expect(integrityOf(file)).toBe('ok');
  });
});

/** Starts a child that removes a message of many, and kills it at a moment; returns the ids of conversation and message. */
function removeUntilKilled(target: string, moment: string): Promise<string[]> {
  const script = fileURLToPath(new URL('./remove-until-killed.ts', import.meta.url));
  const child = spawn(process.execPath, [script, target, 'unmistakable', moment], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (bytes: Buffer) => {
      output += bytes.toString();
      if (output.includes('\n')) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('exit', (_code, signal) => {
      if (signal === 'SIGKILL') resolve(output.trim().split(' '));
      else reject(new Error(`the child ended by itself: ${output}`));
    });
  });
}
