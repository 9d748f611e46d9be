import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestCore, type TestCore } from '../../harness/create-test-core.ts';
import { applyDamage, hitsEntry, spreadDamage } from '../../harness/damage.ts';
import { settingsSchema } from '../../../electron/contract/model/settings.ts';
import { ConnectionService } from '../../../electron/core/connections/connection-service.ts';
import { NetworkLog } from '../../../electron/core/network/network-log.ts';
import { OPEN_POLICY } from '../../../electron/core/policy/policy.ts';
import { createOpenAIProvider } from '../../../electron/core/providers/openai/openai-provider.ts';
import { SettingsService } from '../../../electron/core/settings/settings-service.ts';
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
import { proves } from '../../harness/proves.ts';

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
  it(
    'goes to its own origin, in one header, and is nowhere else',
    proves('bound-to-origin', 'ciphertext-only'),
    async () => {
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
    },
  );

  it('shows its label, last four, origin and dates, and nothing more', proves('no-get'), async () => {
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

  it(
    'is gone from the disk once removed; the connection stays',
    proves('removed-means-removed'),
    async () => {
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
    },
  );

  it.each(['locked', 'other-backend', 'unreadable'] as const)(
    'that cannot be decrypted (%s) keeps its ciphertext, says so, and works again later',
    proves('never-destroyed'),
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

  it('is void when the connection points at another origin', proves('bound-to-origin'), async () => {
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

  it(
    'cannot be moved by editing every file: the binding is inside the ciphertext',
    proves('bound-to-origin'),
    async () => {
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
    },
  );

  it('cannot be moved by the environment', proves('bound-to-origin'), async () => {
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
  it('a key lives for this session only and never touches the disk', proves('ciphertext-only'), async () => {
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
        key: { source: 'held', shouldClearClipboard: false },
      },
      'key',
    );
    expect(app.keyWindow.isOpen).toBe(false);
    const [connection] = await app.get('connections.list', {});
    await app.get('keys.test', { connectionId: connection?.id ?? '' });
    expect(server.requests[0]?.head).toContain(KEY);
  });

  it.each([
    ['cleared when it is allowed', true, KEY, KEY, ''],
    ['cleared with the line break that was copied along', true, `${KEY}\n`, `${KEY}\n`, ''],
    ['left alone when it is not allowed', false, KEY, KEY, KEY],
    ['left alone when something else was copied meanwhile', true, KEY, 'a recipe', 'a recipe'],
    ['left alone when it holds more than the key by now', true, KEY, `${KEY} and more`, `${KEY} and more`],
  ])(
    'has the clipboard %s',
    proves('nowhere-else'),
    async (_case, shouldClearClipboard, before, meanwhile, after) => {
      app.desktop.clipboardText = before;
      await app.get('keys.openWindow', { connectionId: null });
      await app.get('keyWindow.paste', {}, 'key');
      app.desktop.clipboardText = meanwhile;
      const form = { provider: 'compatible', label: '', dialect: 'responses' } as const;
      const key = { source: 'held', shouldClearClipboard } as const;
      // Refused first: nothing was saved, so nothing is cleared.
      await app.call('keyWindow.save', { ...form, baseUrl: 'http://example.com/v1', key }, 'key');
      expect(app.desktop.clipboardText).toBe(meanwhile);
      await app.get('keyWindow.save', { ...form, baseUrl: server.baseUrl, key }, 'key');
      expect(app.desktop.clipboardText).toBe(after);
      // Remembered for the next time, over a restart.
      await restart();
      await app.get('keys.openWindow', { connectionId: null });
      const described = await app.get('keyWindow.describe', {}, 'key');
      expect(described.clearsClipboard).toBe(shouldClearClipboard);
    },
  );

  it('leaves the clipboard alone when the key was typed after all', async () => {
    app.desktop.clipboardText = KEY;
    await app.get('keys.openWindow', { connectionId: null });
    await app.get('keyWindow.paste', {}, 'key');
    await app.get(
      'keyWindow.save',
      {
        provider: 'compatible',
        label: '',
        baseUrl: server.baseUrl,
        dialect: 'responses',
        key: { source: 'typed', text: KEY },
      },
      'key',
    );
    expect(app.desktop.clipboardText).toBe(KEY);
  });

  it('has saved the key also when the clipboard cannot be cleared', async () => {
    app.desktop.clipboardText = KEY;
    app.desktop.clearClipboardIf = () => Promise.reject(new Error('the clipboard is taken'));
    await app.get('keys.openWindow', { connectionId: null });
    await app.get('keyWindow.paste', {}, 'key');
    await app.get(
      'keyWindow.save',
      {
        provider: 'compatible',
        label: '',
        baseUrl: server.baseUrl,
        dialect: 'responses',
        key: { source: 'held', shouldClearClipboard: true },
      },
      'key',
    );
    expect(await app.get('connections.list', {})).toMatchObject([{ key: { state: 'ok' } }]);
    expect(app.logger.lines.join('\n')).toContain('the clipboard is taken');
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
        key: { source: 'held', shouldClearClipboard: false },
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

  it('is the only window that may enter a key, and may do nothing else', proves('no-get'), async () => {
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
    proves('never-destroyed'),
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
    { timeout: 300_000, ...proves('never-destroyed') },
    async () => {
      const ids: string[] = [];
      for (const suffix of ['a', 'b', 'c']) {
        ids.push(await app.addConnection({ baseUrl: server.baseUrl, key: `${KEY}-${suffix}` }));
      }
      const file = path.join(folder.path, 'vault.json');
      const whole = readFileSync(file);
      const { origin } = new URL(server.baseUrl);
      for (const damage of spreadDamage(250, whole.length)) {
        const damaged = applyDamage(whole, damage);
        const vault = openVaultOn(damaged);
        await vault.verify();
        for (const [index, id] of ids.entries()) {
          if (hitsEntry(whole, id, damage)) continue;
          expect(vault.statusesFor(id, origin)[0]?.state, `${JSON.stringify(damage)}, key ${index}`).toBe(
            'ok',
          );
          const suffix = ['a', 'b', 'c'][index] ?? '';
          expect(await vault.useKey(vault.keyIdsFor(id)[0] ?? '', origin)).toBe(`${KEY}-${suffix}`);
        }
        expectNothingLost(path.join(folder.path, 'damaged'), 'vault.json', damaged);
      }
    },
  );

  it('of the connections cost the damaged one and no other: 250 cuts and bit flips', async () => {
    const ids: string[] = [];
    for (const suffix of ['a', 'b', 'c'])
      ids.push(await app.addConnection({ baseUrl: server.baseUrl, key: `${KEY}-${suffix}` }));
    const whole = readFileSync(path.join(folder.path, 'connections.json'));
    const vaultBytes = readFileSync(path.join(folder.path, 'vault.json'));
    for (const damage of spreadDamage(250, whole.length)) {
      const damaged = applyDamage(whole, damage);
      const vault = openVaultOn(vaultBytes);
      await vault.verify();
      const found = openConnectionsOn(damaged, vault).list();
      for (const id of ids) {
        if (hitsEntry(whole, id, damage)) continue;
        const connection = found.find((each) => each.id === id);
        expect(connection?.key?.state, JSON.stringify(damage)).toBe('ok');
      }
      expectNothingLost(path.join(folder.path, 'damaged'), 'connections.json', damaged);
      expect(readFileSync(path.join(folder.path, 'damaged', 'vault.json'))).toEqual(vaultBytes);
    }
  });

  it('of the settings cost the damaged ones and no start: 250 cuts and bit flips', async () => {
    await app.get('settings.change', { theme: 'dark', textSizePx: 17 });
    const whole = readFileSync(path.join(folder.path, 'settings.json'));
    for (const damage of spreadDamage(250, whole.length)) {
      const damaged = applyDamage(whole, damage);
      const file = writeDamaged('settings.json', damaged);
      const events = new RecordingEvents();
      const settings = new SettingsService(jsonFile(file), events, new NoticeBoard(events, randomIds));
      expect(settingsSchema.safeParse(settings.get()).success).toBe(true);
      expectNothingLost(path.dirname(file), 'settings.json', damaged);
    }
  });

  it('one damaged entry does not take the others along', proves('never-destroyed'), async () => {
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

/** Puts a file into an empty folder of its own. */
function writeDamaged(name: string, bytes: Buffer): string {
  const damagedFolder = path.join(folder.path, 'damaged');
  mkdirSync(damagedFolder, { recursive: true });
  for (const entry of readdirSync(damagedFolder))
    if (entry.startsWith(path.basename(name, '.json'))) rmSync(path.join(damagedFolder, entry));
  const file = path.join(damagedFolder, name);
  writeFileSync(file, bytes);
  return file;
}

/** The damaged bytes are still there, under their own name or set aside. */
function expectNothingLost(where: string, name: string, damaged: Buffer): void {
  const copies = readdirSync(where).filter((entry) => entry.startsWith(path.basename(name, '.json')));
  const isKept = copies.some((entry) => readFileSync(path.join(where, entry)).equals(damaged));
  expect(isKept, `${name} as it was, among ${copies.join(', ')}`).toBe(true);
}

/** Connections on a file with these bytes. */
function openConnectionsOn(bytes: Buffer, vault: VaultService): ConnectionService {
  const file = writeDamaged('connections.json', bytes);
  const events = new RecordingEvents();
  return new ConnectionService({
    file: jsonFile(file),
    vault,
    provider: createOpenAIProvider(new NetworkLog(systemClock, randomIds, () => false), () =>
      Promise.reject(new Error('nobody is asked')),
    ),
    clock: systemClock,
    ids: randomIds,
    events,
    notices: new NoticeBoard(events, randomIds),
    logger: new RecordingLogger(),
    policy: OPEN_POLICY,
    demoBaseUrl: null,
    isLoopbackOnly: false,
  });
}

/** A vault on a file with these bytes. */
function openVaultOn(bytes: Buffer): VaultService {
  const file = writeDamaged('vault.json', bytes);
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
