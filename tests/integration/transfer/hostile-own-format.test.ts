import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Attachment } from '../../../electron/contract/model/attachment.ts';
import { MAX_STORED_IMAGE_BYTES } from '../../../electron/contract/model/attachment-limits.ts';
import { pngNumber } from '../../harness/sample-files.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';
import { openTransferWorld, type TransferWorld } from '../../harness/transfer-world.ts';

let folder: ReturnType<typeof temporaryFolder>;
let world: TransferWorld;

beforeEach(async () => {
  folder = temporaryFolder();
  mkdirSync(path.join(folder.path, 'profile'));
  world = await open();
});

afterEach(async () => {
  await world.core.stop();
  folder.remove();
});

function open(): Promise<TransferWorld> {
  return openTransferWorld(path.join(folder.path, 'profile'));
}

type Claim = Partial<Omit<Attachment, 'id'>>;

/** A document with one conversation whose one message has a picture; the window of a test finds any to be 8 by 6 pixels. */
function documentWith(bytes: Uint8Array, claim: Claim = {}) {
  const hash = createHash('sha256').update(bytes).digest('hex');
  const [conversationId, messageId] = [randomUUID(), randomUUID()];
  const picture = {
    kind: 'image',
    name: 'a.png',
    mediaType: 'image/png',
    byteCount: bytes.byteLength,
    hash,
    width: 8,
    height: 6,
    ...claim,
  };
  return {
    format: 'latchkey-conversations',
    version: 1,
    files: [{ hash, data: Buffer.from(bytes).toString('base64') }],
    conversations: [
      {
        id: conversationId,
        title: 'T',
        titleSource: 'person',
        model: null,
        createdAt: 1_700_000_000_000,
        updatedAt: 1_700_000_000_000,
        generation: {
          systemPrompt: '',
          effort: null,
          verbosity: null,
          usesWebSearch: false,
          makesImages: false,
        },
        summary: null,
        headId: messageId,
        shownVariants: [],
        messages: [
          {
            id: messageId,
            parentId: null,
            role: 'user',
            text: 'look',
            state: 'done',
            error: null,
            model: null,
            usage: null,
            createdAt: 1_700_000_000_000,
            reasoning: '',
            citations: [],
            toolName: null,
            omittedCount: 0,
            attachments: [picture],
          },
        ],
      },
    ],
  };
}

type Document = ReturnType<typeof documentWith>;

function write(document: object): string {
  const file = path.join(folder.path, 'in.json');
  writeFileSync(file, JSON.stringify(document));
  return file;
}

async function attachmentsNow(): Promise<readonly Attachment[]> {
  const [row] = await world.core.get('conversations.list', {});
  const { messages } = await world.core.get('conversations.open', { id: row?.id ?? '' });
  return messages.flatMap(({ attachments }) => attachments);
}

/** The files of messages that are stored. */
function blobs(): string[] {
  const names = readdirSync(path.join(folder.path, 'profile'), { recursive: true }).map(String);
  return names.map((name) => path.basename(name)).filter((name) => /^[0-9a-f]{64}$/.test(name));
}

/** Lists the files behind the conversations that name them. */
function withLateFiles({ files, ...rest }: Document) {
  return { ...rest, files };
}

describe('a picture in an export of ours', () => {
  it('is decoded away from everything else before it is kept', async () => {
    expect(await world.importWell(write(documentWith(pngNumber(1))))).toMatchObject({ leftOutFileCount: 0 });
    expect(world.core.imageWindow.openCount).toBe(1);
    expect(await attachmentsNow()).toMatchObject([{ width: 8, height: 6 }]);
  });

  it.each([
    ['in front of', (document: Document) => document],
    ['behind', withLateFiles],
  ])('is believed no size, type or length; its bytes stand %s it', async (_where, arrange) => {
    const claims: Claim[] = [
      { width: 9 },
      { height: null },
      { mediaType: 'image/webp' },
      { byteCount: 1 },
      { kind: 'text', mediaType: 'text/plain' },
    ];
    for (const [index, claim] of claims.entries()) {
      const report = await world.importWell(write(arrange(documentWith(pngNumber(index), claim))));
      expect(report).toMatchObject({ importedCount: 1, leftOutFileCount: 1 });
      expect(await attachmentsNow()).toEqual([]);
    }
    expect(await world.importWell(write(arrange(documentWith(pngNumber(99)))))).toMatchObject({
      importedCount: 1,
      messageCount: 1,
      leftOutFileCount: 0,
    });
    expect(await attachmentsNow()).toHaveLength(1);
  });

  it('is left out where it cannot be decoded, or is more than what is stored', async () => {
    const large = new Uint8Array(MAX_STORED_IMAGE_BYTES + 1);
    large.set(pngNumber(1));
    expect(await world.importWell(write(documentWith(large)))).toMatchObject({ leftOutFileCount: 1 });
    expect(world.core.imageWindow.openCount).toBe(0);
    world.core.imageWindow.mode = 'crashing';
    expect(await world.importWell(write(documentWith(pngNumber(2))))).toMatchObject({ leftOutFileCount: 1 });
    expect(await attachmentsNow()).toEqual([]);
    expect(blobs()).toEqual([]);
  });

  it('is shown and saved under a name that hides nothing', async () => {
    await world.importWell(write(documentWith(pngNumber(1), { name: '../../evil\u202egnp.exe' })));
    const [picture] = await attachmentsNow();
    expect(picture?.name).toBe('evilgnp.exe');
    await world.core.get('attachments.save', { id: picture?.id ?? '' });
    expect(world.core.desktop.savedFiles).toMatchObject([{ defaultName: 'evilgnp.exe' }]);
  });
});

describe('an import a second time', () => {
  it('brings a conversation back that was deleted, while a branch still has its picture', async () => {
    const document = documentWith(pngNumber(1));
    await world.importWell(write(document));
    const id = document.conversations[0]?.id ?? '';
    await world.core.get('conversations.branch', {
      messageId: document.conversations[0]?.messages[0]?.id ?? '',
    });
    await world.core.get('conversations.remove', { id });
    // A start deletes it for good.
    await world.core.stop();
    world = await open();
    expect(await world.importWell(write(document))).toMatchObject({ importedCount: 1 });
    expect(await world.core.get('conversations.list', {})).toHaveLength(2);
    expect(await attachmentsNow()).toHaveLength(1);
  });

  it('brings a copy in again of which a message was deleted', async () => {
    const document = documentWith(pngNumber(1));
    await world.importWell(write(document));
    const [conversation] = document.conversations;
    const changed = {
      ...document,
      conversations: [
        {
          ...conversation,
          messages: conversation?.messages.map((message) => ({ ...message, text: 'other' })),
        },
      ],
    };
    await world.importWell(write(changed));
    const list = await world.core.get('conversations.list', {});
    const copy = list.find((each) => each.id !== conversation?.id);
    const { messages } = await world.core.get('conversations.open', { id: copy?.id ?? '' });
    await world.core.get('conversations.removeMessage', { messageId: messages[0]?.id ?? '' });
    expect(await world.importWell(write(changed))).toMatchObject({ importedCount: 1 });
    expect(await world.importWell(write(changed))).toMatchObject({ importedCount: 0, alreadyHereCount: 1 });
  });
});
