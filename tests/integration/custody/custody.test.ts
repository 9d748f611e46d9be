import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestCore, type TestCore } from '../../harness/create-test-core.ts';
import { NoticeBoard } from '../../../electron/core/notices/notice-board.ts';
import { createRedactor } from '../../../electron/core/redaction/redactor.ts';
import { VaultService } from '../../../electron/core/vault/vault-service.ts';
import {
  FakeCipher,
  RecordingEvents,
  RecordingLogger,
  jsonFile,
  randomIds,
  systemClock,
} from '../../harness/fake-ports.ts';
import { startRawServer, type RawServer } from '../../harness/raw-server.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';

const KEY = 'sk-test-canary-0123456789abcdef';
const MODELS = JSON.stringify({ object: 'list', data: [{ id: 'model-b' }, { id: 'model-a' }] });

let folder: ReturnType<typeof temporaryFolder>;
let server: RawServer;
let app: TestCore;

beforeEach(async () => {
  folder = temporaryFolder();
  server = await startRawServer((_request, socket) => {
    socket.end(
      `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${MODELS.length}\r\nconnection: close\r\n\r\n${MODELS}`,
    );
  });
  app = await createTestCore({ folder: folder.path });
});

afterEach(async () => {
  await app.stop();
  await server.stop();
  folder.remove();
});

async function restart(options: { cipher?: FakeCipher; isDevelopment?: boolean } = {}): Promise<void> {
  await app.stop();
  app = await createTestCore({ folder: folder.path, ...options });
}

function everythingOnDisk(): string {
  return readdirSync(folder.path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

describe('a saved key', () => {
  it('goes to its own origin, in one header, and is nowhere else', async () => {
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: `  ${KEY}\n` });
    expect(await app.get('connections.models', { id, shouldRefresh: true })).toMatchObject({
      models: ['model-a', 'model-b'],
    });
    expect(server.requests[0]?.head).toContain(`authorization: Bearer ${KEY}`);
    expect(everythingOnDisk()).not.toContain(KEY);
    expect(JSON.stringify(app.events.all)).not.toContain(KEY);
    expect(JSON.stringify(await app.get('connections.list', {}))).not.toContain(KEY);
    expect(app.logger.lines.join('\n')).not.toContain(KEY);
    expect(statSync(path.join(folder.path, 'vault.json')).mode & 0o777).toBe(0o600);
  });

  it('shows its label, last four, origin and dates, and nothing more', async () => {
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: KEY });
    await app.get('keys.test', { connectionId: id });
    const [connection] = await app.get('connections.list', {});
    expect(connection?.key).toMatchObject({
      label: 'work',
      last4: 'cdef',
      origin: new URL(server.baseUrl).origin,
      state: 'ok',
      restsIn: 'GNOME Keyring',
      lastOutcome: 'accepted',
    });
    expect(connection?.key?.lastTestedAt).not.toBeNull();
  });

  it('is gone from the disk once removed; the connection stays', async () => {
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: KEY });
    const cipherText = (
      JSON.parse(readFileSync(path.join(folder.path, 'vault.json'), 'utf8')) as {
        keys: { cipherText: string }[];
      }
    ).keys[0]?.cipherText;
    expect(cipherText).toBeTruthy();
    const keyId = await app.keyIdOf(id);
    expect(await app.get('keys.remove', { connectionId: id, keyId })).toMatchObject({
      connection: { key: null, keys: [], needsKey: true },
      undoMs: 8_000,
    });
    expect(everythingOnDisk()).not.toContain(cipherText);
    const result = await app.call('chat.send', {
      conversationId: null,
      connectionId: id,
      model: 'm',
      text: 'hi',
    });
    expect(result).toMatchObject({ ok: false, error: { code: 'auth/missing-key' } });
  });

  it.each(['locked', 'other-backend', 'unreadable'] as const)(
    'that cannot be decrypted (%s) keeps its ciphertext, says so, and works again later',
    async (failure) => {
      const id = await app.addConnection({ baseUrl: server.baseUrl, key: KEY });
      const before = readFileSync(path.join(folder.path, 'vault.json'), 'utf8');
      const cipher = new FakeCipher();
      cipher.failure = failure;
      await restart({ cipher });
      expect((await app.get('connections.list', {}))[0]?.key?.state).toBe(failure);
      const refused = await app.call('keys.test', { connectionId: id });
      expect(refused).toMatchObject({ ok: false, error: { code: `secret/${failure}` } });
      expect(readFileSync(path.join(folder.path, 'vault.json'), 'utf8')).toBe(before);
      cipher.failure = null;
      expect(await app.get('keys.test', { connectionId: id })).toEqual({ modelCount: 2 });
    },
  );

  it('is void when the connection points at another origin', async () => {
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: KEY });
    await app.stop();
    const file = path.join(folder.path, 'connections.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace(server.baseUrl, 'http://127.0.0.1:9/v1'));
    app = await createTestCore({ folder: folder.path });
    expect((await app.get('connections.list', {}))[0]?.key?.state).toBe('wrong-origin');
    expect(await app.call('keys.test', { connectionId: id })).toMatchObject({
      ok: false,
      error: { code: 'secret/wrong-origin' },
    });
    expect(server.requests).toHaveLength(0);
  });

  it('cannot be moved by editing every file: the binding is inside the ciphertext', async () => {
    const evil = await startRawServer((_request, socket) => socket.end());
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: KEY });
    await app.stop();
    for (const name of ['connections.json', 'vault.json']) {
      const file = path.join(folder.path, name);
      const moved = readFileSync(file, 'utf8').replaceAll(
        new URL(server.baseUrl).origin,
        new URL(evil.baseUrl).origin,
      );
      writeFileSync(file, moved);
    }
    app = await createTestCore({ folder: folder.path });
    expect((await app.get('connections.list', {}))[0]?.key?.state).toBe('wrong-origin');
    expect(await app.call('keys.test', { connectionId: id })).toMatchObject({
      ok: false,
      error: { code: 'secret/wrong-origin' },
    });
    expect(evil.requests).toHaveLength(0);
    await evil.stop();
  });

  it('cannot be moved by the environment', async () => {
    const elsewhere = await startRawServer((_request, socket) => socket.end());
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: KEY });
    process.env['OPENAI_BASE_URL'] = elsewhere.baseUrl;
    process.env['OPENAI_CUSTOM_HEADERS'] = 'X-Evil: 1';
    process.env['OPENAI_ORG_ID'] = 'org-evil';
    await app.get('keys.test', { connectionId: id });
    expect(server.requests.at(-1)?.head).not.toMatch(/evil/i);
    expect(elsewhere.requests).toHaveLength(0);
    await elsewhere.stop();
  });
});

describe('without a keystore', () => {
  it('a key lives for this session only and never touches the disk', async () => {
    const cipher = new FakeCipher();
    cipher.keystore = { kind: 'session-only', backend: 'basic_text', reason: 'No keyring answered.' };
    await restart({ cipher });
    await app.get('keys.openWindow', { connectionId: null });
    expect((await app.get('keyWindow.describe', {}, 'key')).keystore.kind).toBe('session-only');
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: KEY });
    expect((await app.get('connections.list', {}))[0]?.key).toMatchObject({
      state: 'session-only',
      restsIn: 'this session only',
    });
    expect(await app.get('keys.test', { connectionId: id })).toEqual({ modelCount: 2 });
    expect(everythingOnDisk()).not.toContain('cdef');
    await restart({ cipher });
    expect((await app.get('connections.list', {}))[0]).toMatchObject({ needsKey: true, key: null });
  });
});

describe('the key window', () => {
  it.each([
    ['sk two keys', 'https://api.example.com/v1', 'secret/malformed-key'],
    ['sk-one\nsk-two', 'https://api.example.com/v1', 'secret/malformed-key'],
    ['', 'https://api.example.com/v1', 'secret/empty-key'],
    [KEY, 'api.example.com/v1', 'connection/url-without-scheme'],
    [KEY, 'https://u:p@api.example.com/v1', 'connection/url-with-credentials'],
    [KEY, 'http://api.example.com/v1', 'connection/insecure-url'],
    [KEY, 'not a url', 'connection/invalid-url'],
  ])('refuses %j for %s and stays open with nothing saved', async (key, baseUrl, code) => {
    await app.get('keys.openWindow', { connectionId: null });
    const result = await app.call(
      'keyWindow.save',
      {
        provider: 'compatible',
        label: 'x',
        baseUrl,
        dialect: 'responses',
        key: { source: 'typed', text: key },
      },
      'key',
    );
    expect(result).toMatchObject({ ok: false, error: { code } });
    expect(JSON.stringify(result)).not.toContain(KEY);
    expect(app.keyWindow.isOpen).toBe(true);
    expect(await app.get('connections.list', {})).toEqual([]);
    expect(existsSync(path.join(folder.path, 'vault.json'))).toBe(false);
  });

  it('saves a key that main read from the clipboard, showing only its last four', async () => {
    app.desktop.clipboardText = `${KEY}\n`;
    await app.get('keys.openWindow', { connectionId: null });
    const outline = await app.get('keyWindow.paste', {}, 'key');
    expect(outline).toEqual({ last4: 'cdef', length: KEY.length });
    await app.get(
      'keyWindow.save',
      {
        provider: 'compatible',
        label: '',
        baseUrl: server.baseUrl,
        dialect: 'responses',
        key: { source: 'held' },
      },
      'key',
    );
    expect(app.keyWindow.isOpen).toBe(false);
    const [connection] = await app.get('connections.list', {});
    await app.get('keys.test', { connectionId: connection?.id ?? '' });
    expect(server.requests[0]?.head).toContain(KEY);
  });

  it('forgets a pasted key when it closes', async () => {
    app.desktop.clipboardText = KEY;
    await app.get('keys.openWindow', { connectionId: null });
    await app.get('keyWindow.paste', {}, 'key');
    await app.get('keyWindow.cancel', {}, 'key');
    await app.get('keys.openWindow', { connectionId: null });
    const result = await app.call(
      'keyWindow.save',
      {
        provider: 'compatible',
        label: '',
        baseUrl: server.baseUrl,
        dialect: 'responses',
        key: { source: 'held' },
      },
      'key',
    );
    expect(result).toMatchObject({ ok: false, error: { code: 'secret/clipboard-empty' } });
  });

  it('replaces a key for the same origin, whatever origin the form sends', async () => {
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: KEY });
    await app.get('keys.openWindow', { connectionId: id, keyId: await app.keyIdOf(id) });
    await app.get(
      'keyWindow.save',
      {
        provider: 'compatible',
        label: 'new',
        baseUrl: 'https://evil.example/v1',
        dialect: 'responses',
        key: { source: 'typed', text: 'sk-the-new-key-0123456789' },
      },
      'key',
    );
    const list = await app.get('connections.list', {});
    expect(list).toHaveLength(1);
    expect(list[0]).toMatchObject({ baseUrl: server.baseUrl, key: { label: 'new', last4: '6789' } });
    await app.get('keys.test', { connectionId: id });
    // The first request is the trial before the former key goes.
    expect(server.requests).toHaveLength(2);
    for (const { head } of server.requests) {
      expect(head).toContain('sk-the-new-key-0123456789');
      expect(head).not.toContain(KEY);
    }
  });

  it('takes a server on this computer without a key and sends it none', async () => {
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: null });
    await app.get('connections.models', { id, shouldRefresh: true });
    expect(server.requests[0]?.head).not.toMatch(/^authorization:/im);
  });

  it('takes no remote key on the development runtime', async () => {
    await restart({ isDevelopment: true });
    await app.get('keys.openWindow', { connectionId: null });
    const input = {
      provider: 'compatible',
      label: 'x',
      dialect: 'responses',
      key: { source: 'typed', text: KEY },
    } as const;
    expect(
      await app.call('keyWindow.save', { ...input, baseUrl: 'https://api.example.com/v1' }, 'key'),
    ).toMatchObject({
      ok: false,
      error: { code: 'connection/development-runtime' },
    });
    expect(await app.call('keyWindow.save', { ...input, baseUrl: server.baseUrl }, 'key')).toMatchObject({
      ok: true,
    });
  });

  it('is the only window that may enter a key, and may do nothing else', async () => {
    for (const route of [
      'keyWindow.save',
      'keyWindow.paste',
      'keyWindow.describe',
      'keyWindow.cancel',
    ] as const) {
      const result = await app.core.router.dispatch({ kind: 'chat', id: 1 }, route, {});
      expect(result).toMatchObject({ ok: false, error: { code: 'ipc/forbidden' } });
    }
    for (const route of [
      'chat.send',
      'conversations.list',
      'connections.list',
      'keys.remove',
      'app.info',
    ] as const) {
      const result = await app.core.router.dispatch({ kind: 'key', id: 1 }, route, {});
      expect(result).toMatchObject({ ok: false, error: { code: 'ipc/forbidden' } });
    }
  });
});

describe('damaged files', () => {
  it.each(['settings.json', 'connections.json', 'vault.json'])(
    '%s is set aside, kept, and said',
    async (name) => {
      await app.addConnection({ baseUrl: server.baseUrl, key: KEY });
      await app.get('settings.change', { theme: 'dark' });
      await app.stop();
      const file = path.join(folder.path, name);
      const damaged = readFileSync(file, 'utf8').slice(0, 25);
      writeFileSync(file, damaged);
      app = await createTestCore({ folder: folder.path });
      const { notices } = await app.get('app.info', {});
      expect(notices).toHaveLength(1);
      const keptAs = readdirSync(folder.path).find((entry) =>
        entry.startsWith(name.replace('.json', '.damaged')),
      );
      expect(keptAs).toBeDefined();
      expect(readFileSync(path.join(folder.path, keptAs ?? ''), 'utf8')).toBe(damaged);
      expect(notices[0]?.body).toContain(keptAs);
    },
  );

  it(
    'of the vault cost the damaged key and no other: 250 cuts and bit flips',
    { timeout: 300_000 },
    async () => {
      const ids: string[] = [];
      for (const suffix of ['a', 'b', 'c']) {
        ids.push(await app.addConnection({ baseUrl: server.baseUrl, key: `${KEY}-${suffix}` }));
      }
      const file = path.join(folder.path, 'vault.json');
      const whole = readFileSync(file);
      const entries = ids.map((id) => rangeOfEntry(whole.toString('latin1'), id));
      for (let round = 0; round < 250; round += 1) {
        const isCut = round % 2 === 0;
        const position = Math.floor((round * whole.length) / 250);
        const damaged = Buffer.from(isCut ? whole.subarray(0, position) : whole);
        if (!isCut) damaged[position] = (damaged[position] ?? 0) ^ (1 << (round % 8));
        const vault = openVaultOn(damaged);
        await vault.verify();
        for (const [index, { start, end }] of entries.entries()) {
          const isTouched = isCut ? position < end : position >= start && position < end;
          if (isTouched) continue;
          const connectionId = ids[index] ?? '';
          const state = vault.statusesFor(connectionId, new URL(server.baseUrl).origin)[0]?.state;
          expect(state, `round ${round}, key ${index}, byte ${position}`).toBe('ok');
        }
      }
    },
  );

  it('one damaged entry does not take the others along', async () => {
    await app.addConnection({ baseUrl: server.baseUrl, key: KEY });
    await app.stop();
    const file = path.join(folder.path, 'connections.json');
    const document = JSON.parse(readFileSync(file, 'utf8')) as { connections: unknown[] };
    writeFileSync(file, JSON.stringify({ ...document, connections: [{ id: 7 }, ...document.connections] }));
    app = await createTestCore({ folder: folder.path });
    const [connection] = await app.get('connections.list', {});
    expect(connection?.key?.state).toBe('ok');
    await app.get('connections.change', { id: connection?.id ?? '', label: 'renamed' });
    expect(readFileSync(file, 'utf8')).toMatch(/"id": 7/);
  });
});

/** Where the object of a connection's key stands in the vault file. */
function rangeOfEntry(text: string, connectionId: string): { start: number; end: number } {
  const inside = text.indexOf(connectionId);
  return { start: text.lastIndexOf('{', inside), end: text.indexOf('}', inside) + 1 };
}

/** A vault on a file with these bytes. */
function openVaultOn(bytes: Buffer): VaultService {
  const file = path.join(folder.path, 'damaged', 'vault.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  const events = new RecordingEvents();
  return new VaultService({
    cipher: new FakeCipher(),
    file: jsonFile(file),
    clock: systemClock,
    ids: randomIds,
    redactor: createRedactor(),
    notices: new NoticeBoard(events, randomIds),
    logger: new RecordingLogger(),
    requiresKeystore: false,
  });
}
