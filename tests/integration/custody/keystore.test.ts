import path from 'node:path';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeystoreStatus } from '../../../electron/contract/model/connection.ts';
import { createTestCore, type TestCore, type TestCoreOptions } from '../../harness/create-test-core.ts';
import { FakeCipher } from '../../harness/fake-ports.ts';
import { startRawServer, type RawServer } from '../../harness/raw-server.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';

const KEY = 'sk-test-canary-0123456789abcdef';
const MODELS = JSON.stringify({ object: 'list', data: [{ id: 'model-a' }] });
const BACKEND = { backend: 'gnome_libsecret', name: 'GNOME Keyring' };
const AVAILABLE: KeystoreStatus = { kind: 'available', ...BACKEND };
const CHECKING: KeystoreStatus = { kind: 'checking', ...BACKEND };
const LOCKED: KeystoreStatus = { kind: 'locked', ...BACKEND, cause: 'prompt', advice: 'Answer it.' };

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

/** Saves a key, then starts again on a keystore that stands as told. */
async function restartWithKey(keystore: KeystoreStatus, options: Partial<TestCoreOptions> = {}) {
  const id = await app.addConnection({ baseUrl: server.baseUrl, key: KEY });
  const cipher = await restart(keystore, options);
  return { id, cipher };
}

async function restart(
  keystore: KeystoreStatus,
  { cipher = new FakeCipher(), ...options }: Partial<TestCoreOptions> = {},
): Promise<FakeCipher> {
  await app.stop();
  cipher.keystore = keystore;
  if (keystore.kind !== 'available') cipher.failure = 'locked';
  app = await createTestCore({ folder: folder.path, cipher, ...options });
  return cipher;
}

function unlock(cipher: FakeCipher): void {
  cipher.failure = null;
  cipher.change(AVAILABLE);
}

async function stateOfKey(): Promise<string | undefined> {
  return (await app.get('connections.list', {}))[0]?.key?.state;
}

describe('the start', () => {
  it('lets the keystore ask for its password when there is a key to unlock', async () => {
    const { cipher } = await restartWithKey(LOCKED);
    expect(cipher.questions).toEqual([{ mayPrompt: true }]);
  });

  it('bothers nobody for a password while there is no key', async () => {
    const cipher = await restart(LOCKED);
    expect(cipher.questions).toEqual([{ mayPrompt: false }]);
  });

  it('waits for no answer: routes answer at once, and say that the keystore is being asked', async () => {
    const cipher = new FakeCipher();
    let answer = (): void => undefined;
    cipher.answered = new Promise((resolve) => {
      answer = resolve;
    });
    await restartWithKey(CHECKING, { cipher, waitsForStart: false });
    expect((await app.get('app.info', {})).keystore).toEqual(CHECKING);
    expect(await stateOfKey()).toBe('checking');
    expect(await app.get('conversations.list', {})).toEqual([]);
    unlock(cipher);
    answer();
    await app.events.next('connections.changed', ([first]) => first?.key?.state === 'ok');
  });

  it('verifies the round trip of every key', async () => {
    const cipher = new FakeCipher();
    cipher.failure = 'unreadable';
    await restartWithKey(AVAILABLE, { cipher });
    expect(await stateOfKey()).toBe('unreadable');
  });
});

describe('a locked keystore', () => {
  it('is told to the windows when it opens, however late, and its keys work at once', async () => {
    const { id, cipher } = await restartWithKey(LOCKED);
    expect(await stateOfKey()).toBe('locked');
    unlock(cipher);
    await app.events.next('keystore.changed', ({ kind }) => kind === 'available');
    await app.events.next('connections.changed', ([first]) => first?.key?.state === 'ok');
    expect(await app.get('keys.test', { connectionId: id })).toEqual({ modelCount: 1 });
  });

  it('refuses a request with its name and why, and is asked quietly for each', async () => {
    const { id, cipher } = await restartWithKey(LOCKED);
    const refused = await app.call('chat.send', {
      conversationId: null,
      connectionId: id,
      model: 'm',
      text: 'hi',
    });
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'secret/locked', details: { name: 'GNOME Keyring', cause: 'prompt' } },
    });
    expect(cipher.questions.at(-1)).toEqual({ mayPrompt: false });
    expect(server.requests).toHaveLength(0);
  });

  it('makes a request wait for a question that is under way', async () => {
    const { id, cipher } = await restartWithKey(CHECKING);
    let answer = (): void => undefined;
    cipher.answered = new Promise((resolve) => {
      answer = resolve;
    });
    const test = app.get('keys.test', { connectionId: id });
    expect(server.requests).toHaveLength(0);
    unlock(cipher);
    answer();
    expect(await test).toEqual({ modelCount: 1 });
  });

  it('is asked again by keys.recheck, which may show its prompt, and verifies the keys', async () => {
    const { cipher } = await restartWithKey(LOCKED);
    cipher.keystore = AVAILABLE;
    cipher.failure = null;
    expect(await app.get('keys.recheck', {})).toEqual(AVAILABLE);
    expect(cipher.questions.at(-1)).toEqual({ mayPrompt: true });
    expect(app.events.of('connections.changed').at(-1)?.[0]?.key?.state).toBe('ok');
  });

  it('is asked once more before a key is entered into it, which then lives for the session', async () => {
    const cipher = await restart(LOCKED);
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: KEY });
    expect(cipher.questions).toContainEqual({ mayPrompt: true });
    expect(await stateOfKey()).toBe('session-only');
    expect(await app.get('keys.test', { connectionId: id })).toEqual({ modelCount: 1 });
    expect(readFileSync(path.join(folder.path, 'vault.json'), 'utf8')).not.toContain('cdef');
  });

  it('asks nobody for the sake of what is no key', async () => {
    const cipher = await restart(LOCKED);
    await app.get('keys.openWindow', { connectionId: null });
    const result = await app.call('keyWindow.save', formWith('sk two keys'), 'key');
    expect(result).toMatchObject({ ok: false, error: { code: 'secret/malformed-key' } });
    expect(cipher.questions).toEqual([{ mayPrompt: false }]);
  });

  it('saves nothing for a form that was closed while it was asked', async () => {
    const cipher = await restart(LOCKED);
    await app.get('keys.openWindow', { connectionId: null });
    let answer = (): void => undefined;
    cipher.answered = new Promise((resolve) => {
      answer = resolve;
    });
    const saving = app.call('keyWindow.save', formWith(KEY), 'key');
    await app.get('keyWindow.cancel', {}, 'key');
    unlock(cipher);
    answer();
    await saving;
    expect(await app.get('connections.list', {})).toEqual([]);
  });

  it('is asked by the key window too, which then knows where the key will rest', async () => {
    const cipher = await restart(LOCKED);
    await app.get('keys.openWindow', { connectionId: null });
    expect((await app.get('keyWindow.describe', {}, 'key')).keystore).toEqual(LOCKED);
    cipher.keystore = AVAILABLE;
    expect((await app.get('keyWindow.recheck', {}, 'key')).keystore).toEqual(AVAILABLE);
    expect(cipher.questions.at(-1)).toEqual({ mayPrompt: true });
  });
});

it('names the keystore that wrote a key, and the way back to it', async () => {
  const cipher = new FakeCipher();
  cipher.failure = 'other-backend';
  const { id } = await restartWithKey(AVAILABLE, { cipher });
  const [connection] = await app.get('connections.list', {});
  const wayBack = 'start Latchkey with --password-store=gnome_libsecret';
  expect(connection?.key).toMatchObject({ state: 'other-backend', restsIn: 'GNOME Keyring', wayBack });
  expect(await app.call('keys.test', { connectionId: id })).toMatchObject({
    ok: false,
    error: { code: 'secret/other-backend', details: { name: 'GNOME Keyring', wayBack } },
  });
  cipher.failure = null;
  await app.get('keys.recheck', {});
  expect((await app.get('connections.list', {}))[0]?.key).toMatchObject({ state: 'ok', wayBack: null });
});

function formWith(text: string) {
  return {
    provider: 'compatible',
    label: 'x',
    baseUrl: server.baseUrl,
    dialect: 'responses',
    key: { source: 'typed', text },
  } as const;
}
