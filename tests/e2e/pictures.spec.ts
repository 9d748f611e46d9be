import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Attachment } from '../../electron/contract/model/attachment.ts';
import type { Result } from '../../electron/contract/app-error.ts';
import { findSoftPreferences } from '../../electron/main/windows/hardened-preferences.ts';
import { assemblePng, makePng } from '../harness/make-png.ts';
import { expect, test, type LatchkeyProfile, type RunningLatchkey } from './fixtures.ts';

/** Something that must not be in a stored picture. */
const SECRET = 'GPS 47.3769N 8.5417E';

/** Adds a file to the new chat's draft as the composer does. */
async function add({ chat }: RunningLatchkey, name: string, bytes: Uint8Array): Promise<Result<Attachment>> {
  const base64 = Buffer.from(bytes).toString('base64');
  const added = await chat.evaluate(
    ([fileName, content]) => {
      const { latchkey } = globalThis as unknown as {
        latchkey: { request(route: string, input: unknown): Promise<unknown> };
      };
      const data = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
      return latchkey.request('attachments.add', { conversationId: null, name: fileName, bytes: data });
    },
    [name, base64] as const,
  );
  // `as`: main's answer, which is typed by the contract.
  return added as Result<Attachment>;
}

function readStored({ profileFolder }: LatchkeyProfile, { hash }: Attachment): Buffer {
  return readFileSync(path.join(profileFolder, 'attachments', hash.slice(0, 2), hash));
}

/** A picture as Chromium writes it, of which the left half is red and the right half is blue. */
async function drawn(
  { chat }: RunningLatchkey,
  type: string,
  size: readonly [number, number],
): Promise<Buffer> {
  const base64 = await chat.evaluate(
    async ([mediaType, width, height]) => {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d');
      if (context === null) throw new Error('no canvas');
      context.fillStyle = '#f00';
      context.fillRect(0, 0, width / 2, height);
      context.fillStyle = '#00f';
      context.fillRect(width / 2, 0, width / 2, height);
      const blob = await canvas.convertToBlob({ type: mediaType });
      const bytes = new Uint8Array(await blob.arrayBuffer());
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    },
    [type, ...size] as const,
  );
  return Buffer.from(base64, 'base64');
}

/** An APP1 segment with Exif: the picture is to be turned by a quarter, and where it was taken as a comment. */
function exif(): Buffer {
  const tiff = Buffer.alloc(26);
  tiff.write('MM', 0, 'latin1');
  tiff.writeUInt16BE(42, 2);
  tiff.writeUInt32BE(8, 4);
  tiff.writeUInt16BE(1, 8);
  // Orientation (0x0112), one SHORT: 6 is a quarter clockwise.
  tiff.writeUInt16BE(0x0112, 10);
  tiff.writeUInt16BE(3, 12);
  tiff.writeUInt32BE(1, 14);
  tiff.writeUInt16BE(6, 18);
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, Buffer.from(SECRET, 'latin1')]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.byteLength + 2, 2);
  return Buffer.concat([head, body]);
}

test('pictures are written anew without what else was in the file, and turned as it said', async ({
  profile,
  latchkey,
}) => {
  const jpeg = await drawn(latchkey, 'image/jpeg', [80, 40]);
  const withPlace = Buffer.concat([jpeg.subarray(0, 2), exif(), jpeg.subarray(2)]);
  const text = Buffer.from(`Comment\0${SECRET}`, 'latin1');
  const png = makePng(50, 40, {
    extra: [
      ['tEXt', text],
      ['eXIf', Buffer.from(`MM\0*${SECRET}`, 'latin1')],
    ],
  });
  const files = [
    { name: 'photo.jpg', bytes: withPlace, type: 'image/jpeg', size: [40, 80] },
    { name: 'chart.png', bytes: png, type: 'image/png', size: [50, 40] },
    {
      name: 'anim.webp',
      bytes: await drawn(latchkey, 'image/webp', [30, 20]),
      type: 'image/webp',
      size: [30, 20],
    },
  ] as const;
  for (const { name, bytes, type, size } of files) {
    const added = await add(latchkey, name, bytes);
    expect(added, name).toMatchObject({
      ok: true,
      value: { kind: 'image', name, mediaType: type, width: size[0], height: size[1] },
    });
    if (!added.ok) continue;
    // The one profile of colours that may be there is Chromium's own sRGB, the same in each.
    const stored = readStored(profile, added.value).toString('latin1');
    expect(stored, name).not.toMatch(/GPS|Exif|eXIf|tEXt|iTXt|zTXt|XMP|http:|Photoshop/i);
    expect(stored.length).toBe(added.value.byteCount);
  }
  expect(withPlace.toString('latin1')).toContain(SECRET);
  expect(Buffer.from(png).toString('latin1')).toContain(SECRET);
});

test('a large picture is made smaller; a bomb, a broken one and a program are refused, and main lives on', async ({
  profile,
  latchkey,
}) => {
  const large = await add(latchkey, 'large.png', makePng(5_000, 2_500));
  expect(large).toMatchObject({ ok: true, value: { width: 2_048, height: 1_024 } });
  const cases = [
    ['bomb.png', assemblePng(60_000, 60_000, [['IDAT', Buffer.alloc(100)]]), 'attachment/image-too-large'],
    ['broken.png', assemblePng(50, 50, [['IDAT', Buffer.from('nonsense')]]), 'attachment/image-unreadable'],
    ['cut.jpg', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2]), 'attachment/image-unreadable'],
    ['program.png', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0]), 'attachment/unsupported'],
  ] as const;
  for (const [name, bytes, code] of cases) {
    expect(await add(latchkey, name, bytes), name).toMatchObject({
      ok: false,
      error: { code, details: { name } },
    });
  }
  expect(await add(latchkey, 'after.png', makePng(10, 10))).toMatchObject({ ok: true });
  expect(existsSync(path.join(profile.profileFolder, 'attachments'))).toBe(true);
});

test('the window for pictures is hardened, alone in its process, and may do its own work only', async ({
  latchkey,
}) => {
  const [page] = await Promise.all([
    latchkey.electron.waitForEvent('window'),
    add(latchkey, 'a.png', makePng(10, 10)),
  ]);
  const all = await latchkey.electron.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((contents) => ({
      url: contents.getURL(),
      pid: contents.getOSProcessId(),
      isPersistent: contents.session.isPersistent(),
      // Electron has it on every webContents, but types it for windows only.
      preferences: (
        contents as unknown as { getLastWebPreferences(): Record<string, unknown> }
      ).getLastWebPreferences(),
    })),
  );
  const [own] = all.filter(({ url }) => url === 'app://image/');
  const [chat] = all.filter(({ url }) => url.startsWith('app://chat'));
  expect(findSoftPreferences(own?.preferences ?? {})).toEqual([]);
  expect(own?.preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false });
  expect(own?.isPersistent).toBe(false);
  expect(own?.pid).not.toBe(chat?.pid);
  const seen = await page.evaluate(async () => {
    const scope = globalThis as unknown as {
      latchkey: {
        request(route: string, input: unknown): Promise<{ ok: boolean; error?: { code: string } }>;
      };
    };
    const routes = ['conversations.list', 'keyWindow.describe', 'attachments.add', 'app.info'];
    const answers = await Promise.all(routes.map((route) => scope.latchkey.request(route, {})));
    const fetched = await fetch('app://chat/index.html').then(
      () => 'fetched',
      () => 'refused',
    );
    return { codes: answers.map(({ error }) => error?.code), fetched, globals: 'process' in globalThis };
  });
  expect(seen).toEqual({
    codes: Array.from({ length: 4 }, () => 'ipc/forbidden'),
    fetched: 'refused',
    globals: false,
  });
  // Killed as by a picture that breaks the decoder: the next one gets a new window.
  const gone = page.waitForEvent('crash');
  await latchkey.electron.evaluate(({ webContents }) => {
    const contents = webContents.getAllWebContents().find((each) => each.getURL() === 'app://image/');
    process.kill(contents?.getOSProcessId() ?? 0, 'SIGKILL');
  });
  await gone;
  expect(await add(latchkey, 'b.png', makePng(10, 11))).toMatchObject({ ok: true });
});

test('the chat window shows stored pictures by their hash, and nothing else of the store', async ({
  latchkey,
}) => {
  const picture = await add(latchkey, 'a.png', makePng(10, 12));
  const text = await add(latchkey, 'a.txt', Buffer.from('GIF 89a is no picture'));
  if (!picture.ok || !text.ok) throw new Error('not added');
  const widthOf = (url: string): Promise<number> =>
    latchkey.chat.evaluate(
      (source) =>
        new Promise<number>((resolve) => {
          const image = new Image();
          image.addEventListener('load', () => resolve(image.naturalWidth));
          image.addEventListener('error', () => resolve(0));
          image.src = source;
        }),
      url,
    );
  expect(await widthOf(`/attachments/${picture.value.hash}`)).toBe(10);
  expect(await widthOf(`/attachments/${text.value.hash}`)).toBe(0);
  const answers = await latchkey.electron.evaluate(
    async ({ net }, hashes) => {
      const got: unknown[] = [];
      for (const [hash, method] of hashes) {
        const { status, headers } = await net.fetch(`app://chat/attachments/${hash}`, { method });
        got.push([status, headers.get('content-type'), headers.get('x-content-type-options')]);
      }
      return got;
    },
    [
      [picture.value.hash, 'GET'],
      [picture.value.hash, 'POST'],
      [text.value.hash, 'GET'],
      ['b'.repeat(64), 'GET'],
    ] as const,
  );
  expect(answers).toEqual([
    [200, 'image/png', 'nosniff'],
    [405, null, 'nosniff'],
    [404, null, 'nosniff'],
    [404, null, 'nosniff'],
  ]);
});
