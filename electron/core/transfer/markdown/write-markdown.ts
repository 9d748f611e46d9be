import { existsSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../contract/app-error.ts';
import type { ExportReport } from '../../../contract/model/transfer.ts';
import { HistorySnapshot, type SnapshotConversation } from '../../history/transfer/history-snapshot.ts';
import type { TransferContext } from '../transfer-context.ts';
import { writeAside } from '../write-aside.ts';
import { conversationToMarkdown, shownPath } from './conversation-to-markdown.ts';
import { freeName, markdownFileName } from './markdown-file-name.ts';

/** Writes one conversation to a file, or (null) all of them into a new folder; under another name until all is there. */
export async function writeMarkdown(
  context: TransferContext,
  target: string,
  conversationId: string | null,
): Promise<ExportReport> {
  const snapshot = new HistorySnapshot(context.databaseFile);
  try {
    const counts = await writeAside(target, async (partial) => {
      const written =
        conversationId === null
          ? await writeFolder(context, snapshot, { partial, target })
          : await writeOne(context, snapshot.find(conversationId), partial);
      context.assertGoesOn();
      return written;
    });
    return { kind: 'export', name: path.basename(target), missingFileCount: 0, ...counts };
  } finally {
    snapshot.close();
  }
}

type Counts = Pick<ExportReport, 'conversationCount' | 'messageCount'>;

async function writeOne(
  context: TransferContext,
  conversation: SnapshotConversation | null,
  file: string,
): Promise<Counts> {
  if (conversation === null) throw new AppError('chat/not-found', 'This conversation is no longer here.');
  const messageCount = await writeConversation(conversation, file);
  context.report({ phase: 'writing', unit: 'conversations', done: 1, total: 1 });
  return { conversationCount: 1, messageCount };
}

async function writeFolder(
  context: TransferContext,
  snapshot: HistorySnapshot,
  { partial, target }: { readonly partial: string; readonly target: string },
): Promise<Counts> {
  // What is in a folder that is there already is nobody's to replace.
  if (existsSync(target)) throw new AppError('transfer/unwritable', 'There is something with this name.');
  await mkdir(partial, { mode: 0o700 });
  const total = snapshot.count();
  const taken = new Set<string>();
  let conversationCount = 0;
  let messageCount = 0;
  for (const conversation of snapshot.conversations()) {
    context.assertGoesOn();
    const { createdAt, title } = conversation.head;
    const day = new Date(createdAt).toISOString().slice(0, 10);
    const name = freeName(`${day} ${markdownFileName(title)}`, taken);
    messageCount += await writeConversation(conversation, path.join(partial, name));
    conversationCount += 1;
    context.report({ phase: 'writing', unit: 'conversations', done: conversationCount, total });
  }
  return { conversationCount, messageCount };
}

async function writeConversation({ head, messages }: SnapshotConversation, to: string): Promise<number> {
  const shown = shownPath(head, messages());
  const file = await open(to, 'wx', 0o600);
  try {
    await file.writeFile(conversationToMarkdown(head, shown));
    await file.sync();
  } finally {
    await file.close();
  }
  return shown.length;
}
