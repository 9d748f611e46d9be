import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WireError } from '../../../electron/contract/app-error.ts';
import { routes, type RouteName } from '../../../electron/contract/contract.ts';
import type { KeystoreStatus } from '../../../electron/contract/model/connection.ts';
import { NetworkLog } from '../../../electron/core/network/network-log.ts';
import { restrictProvider } from '../../../electron/core/policy/restrict-provider.ts';
import { createOpenAIProvider } from '../../../electron/core/providers/openai/openai-provider.ts';
import { createTestCore, type TestCore, type TestCoreOptions } from '../../harness/create-test-core.ts';
import { FakeCipher, randomIds, systemClock } from '../../harness/fake-ports.ts';
import { startOpenRouterServer, type OpenRouterServer } from '../../harness/openrouter-server.ts';
import { approve, navigate } from '../../harness/play-browser.ts';
import { proves } from '../../harness/proves.ts';
import {
  EVENT_STREAM_HEAD,
  responseEvent,
  startRawServer,
  type RawServer,
} from '../../harness/raw-server.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';
import { openTestHistory } from '../history/open-test-history.ts';
import { MANAGED_ID, managedConnection, testPolicy } from '../../harness/test-policy.ts';
import { PLAIN_GENERATION } from '../../../electron/contract/model/plain.ts';

const KEY = 'sk-test-canary-0123456789abcdef';
const MODELS = JSON.stringify({
  object: 'list',
  data: [{ id: 'gpt-5.2' }, { id: 'gpt-5.2-mini' }, { id: 'gpt-4o' }, { id: 'o4-mini' }],
});
const SESSION_ONLY = { kind: 'session-only', backend: 'basic_text', reason: 'No keyring answered.' } as const;
const KEYRING = { backend: 'gnome_libsecret', name: 'GNOME Keyring' } as const;
const AVAILABLE = { kind: 'available', ...KEYRING } as const;
const CHECKING = { kind: 'checking', ...KEYRING } as const;
const LOCKED = { kind: 'locked', ...KEYRING, cause: 'locked', advice: 'Unlock it.' } as const;

let folder: ReturnType<typeof temporaryFolder>;
let server: RawServer;
let other: RawServer;
let app: TestCore;
let stopApp = (): Promise<void> => Promise.resolve();

/** Lists models and answers every question with one word. */
function startServer(): Promise<RawServer> {
  return startRawServer(({ head }, socket) => {
    if (head.startsWith('GET'))
      socket.end(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${MODELS.length}\r\nconnection: close\r\n\r\n${MODELS}`,
      );
    else
      socket.end(
        EVENT_STREAM_HEAD +
          responseEvent({ type: 'response.output_text.delta', delta: 'Yes' }) +
          responseEvent({ type: 'response.completed', response: { status: 'completed', output: [] } }),
      );
  });
}

beforeEach(async () => {
  folder = temporaryFolder();
  [server, other] = await Promise.all([startServer(), startServer()]);
});

afterEach(async () => {
  await stop();
  await Promise.all([server.stop(), other.stop()]);
  folder.remove();
});

async function stop(): Promise<void> {
  await stopApp();
  stopApp = () => Promise.resolve();
}

/** Starts on the test's files, after quitting what ran on them. */
async function start(options: Omit<TestCoreOptions, 'folder'> = {}): Promise<void> {
  await stop();
  app = await createTestCore({ folder: folder.path, ...options });
  stopApp = () => app.stop();
}

const startWith = (rules: object, options: Omit<TestCoreOptions, 'folder'> = {}) =>
  start({ policy: testPolicy(rules), ...options });

const managed = (fields: object = {}) => managedConnection(server.baseUrl, fields);

async function enterManagedKey(): Promise<void> {
  await app.get('keys.openWindow', { connectionId: MANAGED_ID });
  await app.get(
    'keyWindow.save',
    {
      provider: 'compatible',
      label: 'mine',
      baseUrl: 'https://what-the-form-says.example/v1',
      dialect: 'responses',
      key: { source: 'typed', text: KEY },
    },
    'key',
  );
}

/** A save for a key window that was open before anybody asked whether it may be. */
async function replaceAt(connectionId: string, keyId: string) {
  await app.keyWindow.open({ connectionId, keyId });
  const key = { source: 'typed', text: `${KEY}-2` } as const;
  const form = { provider: 'compatible', label: '', baseUrl: other.baseUrl, dialect: 'responses' } as const;
  return app.call('keyWindow.save', { ...form, key }, 'key');
}

async function ask(connectionId: string, model: string, text = 'Hi') {
  const result = await app.call('chat.send', { conversationId: null, connectionId, model, text });
  if (result.ok) await app.events.next('chat.ended', ({ streamId }) => streamId === result.value.streamId);
  return result;
}

const refusedWith = (code: string) => ({ ok: false, error: { code } });

const fileOf = (name: string) => path.join(folder.path, name);

describe('a managed connection', () => {
  it('is listed first, takes a key of its person, and answers', async () => {
    await start();
    const ownId = await app.addConnection({ baseUrl: other.baseUrl, key: KEY });
    await startWith({
      connections: [managed({ organization: 'org-1', project: 'proj-1', defaultModel: 'gpt-5.2' })],
    });
    await enterManagedKey();
    const connections = await app.get('connections.list', {});
    expect(connections.map(({ id, isManaged, policyRefusal }) => [id, isManaged, policyRefusal])).toEqual([
      [MANAGED_ID, true, null],
      [ownId, false, null],
    ]);
    expect(connections[0]).toMatchObject({
      label: 'Example Ltd',
      baseUrl: server.baseUrl,
      defaultModel: 'gpt-5.2',
      key: { label: 'mine', state: 'ok' },
    });
    expect(await ask(MANAGED_ID, 'gpt-5.2')).toMatchObject({ ok: true });
    const head = server.requests.at(-1)?.head.toLowerCase();
    expect(head).toContain(`authorization: bearer ${KEY}`);
    expect(head).toContain('openai-organization: org-1');
    expect(head).toContain('openai-project: proj-1');
  });

  it(
    'cannot be changed or removed, and an edited file does not move it',
    proves('policy-holds'),
    async () => {
      await startWith({ connections: [managed()] });
      await enterManagedKey();
      const changes = [
        { label: 'Mine now' },
        { baseUrl: other.baseUrl },
        { dialect: 'chat-completions' as const },
        { defaultModel: 'gpt-4o' },
        { organization: null },
        { project: 'proj-2' },
      ];
      for (const change of changes)
        expect(await app.call('connections.change', { id: MANAGED_ID, ...change })).toMatchObject(
          refusedWith('policy/managed'),
        );
      expect(await app.call('connections.remove', { id: MANAGED_ID })).toMatchObject(
        refusedWith('policy/managed'),
      );
      await stop();
      const stored = readFileSync(fileOf('connections.json'), 'utf8');
      expect(stored).toContain(MANAGED_ID);
      writeFileSync(fileOf('connections.json'), stored.replaceAll(server.baseUrl, other.baseUrl));
      await startWith({ connections: [managed()] });
      expect((await app.get('connections.list', {}))[0]).toMatchObject({
        baseUrl: server.baseUrl,
        isManaged: true,
        key: { state: 'ok' },
      });
      await ask(MANAGED_ID, 'gpt-5.2');
      expect(other.requests).toEqual([]);
    },
  );

  it('keeps its keys manageable: a second one, which is used, its label, removal and undo', async () => {
    await startWith({ connections: [managed()] });
    await enterManagedKey();
    await enterManagedKey();
    const keyIds = (await app.get('connections.list', {}))[0]?.keys.map(({ id }) => id) ?? [];
    const [first = '', second = ''] = keyIds;
    const place = { connectionId: MANAGED_ID, keyId: second };
    expect((await app.get('keys.use', place)).key?.id).toBe(second);
    await app.get('keys.change', { ...place, label: 'spare' });
    await startWith({ connections: [managed()] });
    expect((await app.get('connections.list', {}))[0]?.key).toMatchObject({ id: second, label: 'spare' });
    await app.get('keys.remove', place);
    await app.get('keys.restore', place);
    expect(await app.get('keys.test', { connectionId: MANAGED_ID, keyId: first })).toEqual({ modelCount: 4 });
  });

  it('without a key leaves nothing behind when the policy drops it; with one it stays, as an own one', async () => {
    await startWith({ connections: [managed()] });
    const ownId = await app.addConnection({ baseUrl: other.baseUrl, key: KEY });
    await start();
    expect((await app.get('connections.list', {})).map(({ id }) => id)).toEqual([ownId]);
    await startWith({ connections: [managed()] });
    await enterManagedKey();
    await start();
    const left = (await app.get('connections.list', {})).find(({ id }) => id === MANAGED_ID);
    expect(left).toMatchObject({ isManaged: false, key: { state: 'ok' } });
    await app.get('connections.remove', { id: MANAGED_ID });
  });

  it('whose last key is removed leaves nothing behind; brought back, the key is there without the policy too', async () => {
    await startWith({ connections: [managed()] });
    await enterManagedKey();
    const keyId = (await app.get('connections.list', {}))[0]?.key?.id ?? '';
    await app.get('keys.remove', { connectionId: MANAGED_ID, keyId });
    expect(readFileSync(fileOf('connections.json'), 'utf8')).not.toContain(MANAGED_ID);
    await app.get('keys.restore', { connectionId: MANAGED_ID, keyId });
    await start();
    expect((await app.get('connections.list', {}))[0]).toMatchObject({
      id: MANAGED_ID,
      key: { id: keyId, state: 'ok' },
    });
  });

  it('whose address the organisation moves does not take its keys along', async () => {
    await startWith({ connections: [managed()] });
    await enterManagedKey();
    await startWith({ connections: [managedConnection(other.baseUrl)] });
    expect((await app.get('connections.list', {}))[0]?.key?.state).toBe('wrong-origin');
    expect(await ask(MANAGED_ID, 'gpt-5.2')).toMatchObject(refusedWith('secret/wrong-origin'));
    expect(other.requests).toEqual([]);
  });

  it('of a server on this computer needs no key', async () => {
    await startWith({ connections: [managed({ provider: 'local' })] });
    expect(await ask(MANAGED_ID, 'gpt-5.2')).toMatchObject({ ok: true });
    expect(server.requests.at(-1)?.head.toLowerCase()).not.toContain('authorization');
  });
});

describe('where own connections are not allowed', () => {
  it('none can be added, in whichever way', proves('policy-holds'), async () => {
    await startWith(
      { connections: [managed()], allowsOwnConnections: false },
      { demoBaseUrl: other.baseUrl },
    );
    const form = {
      provider: 'compatible',
      label: 'own',
      baseUrl: other.baseUrl,
      dialect: 'responses',
    } as const;
    const attempts = [
      await app.call('keys.openWindow', { connectionId: null }),
      await app.call('keyWindow.save', { ...form, key: { source: 'typed', text: KEY } }, 'key'),
      await app.call('keyWindow.save', { ...form, key: { source: 'none' } }, 'key'),
      await app.call('connections.addDemo', {}),
      await app.call('connections.addLocal', { baseUrl: other.baseUrl, label: 'own' }),
      await app.call('connections.findLocal', {}),
    ];
    for (const attempt of attempts) expect(attempt).toMatchObject(refusedWith('policy/own-connections'));
    expect(app.keyWindow.isOpen).toBe(false);
    expect((await app.get('connections.list', {})).map(({ id }) => id)).toEqual([MANAGED_ID]);
    expect(other.requests).toEqual([]);
  });

  it('a former one is listed with its key, refused for every use, and back when the policy is gone', async () => {
    await start();
    const ownId = await app.addConnection({ baseUrl: other.baseUrl, key: KEY });
    const before = readFileSync(fileOf('vault.json'), 'utf8');
    await startWith({ connections: [managed()], allowsOwnConnections: false });
    const own = (await app.get('connections.list', {}))[1];
    expect(own).toMatchObject({ id: ownId, policyRefusal: 'policy/own-connections', key: { state: 'ok' } });
    const attempts = [
      await ask(ownId, 'gpt-5.2'),
      await app.call('connections.models', { id: ownId, shouldRefresh: true }),
      await app.call('keys.test', { connectionId: ownId }),
      await app.call('network.test', { connectionId: ownId }),
      await app.call('keys.openWindow', { connectionId: ownId }),
      await replaceAt(ownId, await app.keyIdOf(ownId)),
      await app.call('connections.change', { id: ownId, baseUrl: server.baseUrl }),
    ];
    for (const attempt of attempts) expect(attempt).toMatchObject(refusedWith('policy/own-connections'));
    expect(other.requests).toEqual([]);
    expect(await app.get('conversations.list', {})).toEqual([]);
    expect(readFileSync(fileOf('vault.json'), 'utf8')).toBe(before);
    await start();
    expect(await ask(ownId, 'gpt-5.2')).toMatchObject({ ok: true });
  });

  it('a former one can still be removed', async () => {
    await start();
    const ownId = await app.addConnection({ baseUrl: other.baseUrl, key: KEY });
    await startWith({ allowsOwnConnections: false });
    await app.get('connections.remove', { id: ownId });
    expect(await app.get('connections.list', {})).toEqual([]);
  });
});

describe('an origin that is not allowed', () => {
  it(
    'is contacted by nothing, and a connection there is kept but unusable',
    proves('policy-holds'),
    async () => {
      await start();
      const ownId = await app.addConnection({ baseUrl: other.baseUrl, key: KEY });
      await startWith({ origins: [new URL(server.baseUrl).origin] });
      expect((await app.get('connections.list', {}))[0]?.policyRefusal).toBe('policy/origin');
      expect(await ask(ownId, 'gpt-5.2')).toEqual({
        ok: false,
        error: {
          code: 'policy/origin',
          message: 'The organisation does not allow this address.',
          details: { origin: new URL(other.baseUrl).origin },
        },
      });
      expect(await app.call('keys.test', { connectionId: ownId })).toMatchObject(
        refusedWith('policy/origin'),
      );
      expect(await app.call('network.test', { connectionId: ownId })).toMatchObject(
        refusedWith('policy/origin'),
      );
      expect(other.requests).toEqual([]);
      await app.get('connections.change', { id: ownId, label: 'renamed' });
      await app.get('connections.change', { id: ownId, baseUrl: server.baseUrl });
      expect((await app.get('connections.list', {}))[0]).toMatchObject({
        label: 'renamed',
        policyRefusal: null,
      });
    },
  );

  it('cannot be brought in by a new connection or by changing one', async () => {
    await startWith({ origins: [new URL(server.baseUrl).origin] });
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: KEY });
    await app.get('keys.openWindow', { connectionId: null });
    const saved = await app.call(
      'keyWindow.save',
      {
        provider: 'compatible',
        label: 'own',
        baseUrl: other.baseUrl,
        dialect: 'responses',
        key: { source: 'typed', text: KEY },
      },
      'key',
    );
    expect(saved).toMatchObject(refusedWith('policy/origin'));
    expect(await app.call('connections.change', { id, baseUrl: other.baseUrl })).toMatchObject(
      refusedWith('policy/origin'),
    );
    expect(await app.call('connections.addLocal', { baseUrl: other.baseUrl, label: 'x' })).toMatchObject(
      refusedWith('policy/origin'),
    );
    expect(await app.get('connections.list', {})).toHaveLength(1);
    expect(JSON.parse(readFileSync(fileOf('vault.json'), 'utf8'))).toMatchObject({
      keys: [{ connectionId: id }],
    });
  });

  it('is not asked even by a search for local servers', async () => {
    await startWith({ origins: ['https://api.openai.com'] });
    expect(await app.get('connections.findLocal', {})).toEqual([]);
    expect(await app.get('network.list', {})).toEqual([]);
  });

  it('stops at the provider whatever the way to it', proves('policy-holds'), async () => {
    const provider = restrictProvider(
      createOpenAIProvider(new NetworkLog(systemClock, randomIds, () => true), fetch),
      testPolicy({ origins: [new URL(server.baseUrl).origin], models: [{ names: ['gpt-5*'] }] }),
    );
    const target = (baseUrl: string) => ({
      baseUrl,
      origin: new URL(baseUrl).origin,
      dialect: 'responses' as const,
      apiKey: KEY,
      keyHeader: 'bearer' as const,
      organization: null,
      project: null,
      keyLabel: null,
    });
    const { signal } = new AbortController();
    const turns = [{ role: 'user' as const, text: 'Hi' }];
    const watch = { signal, onBytes: () => undefined };
    const first = (baseUrl: string, model: string) => {
      const events = provider.stream(target(baseUrl), { model, turns, generation: PLAIN_GENERATION }, watch);
      return events[Symbol.asyncIterator]().next();
    };
    await expect(first(other.baseUrl, 'gpt-5.2')).rejects.toMatchObject({ code: 'policy/origin' });
    await expect(provider.listModels(target(other.baseUrl), signal)).rejects.toMatchObject({
      code: 'policy/origin',
    });
    await expect(first(server.baseUrl, 'gpt-4o')).rejects.toMatchObject({ code: 'policy/model' });
    expect([...server.requests, ...other.requests]).toEqual([]);
    await expect(first(server.baseUrl, 'gpt-5.2')).resolves.toMatchObject({ value: { text: 'Yes' } });
  });
});

describe('the models of a policy', () => {
  const models = [{ names: ['gpt-5*', 'o4-mini'] }];

  it('are all that the list shows, and all that can be asked', proves('policy-holds'), async () => {
    await startWith({ connections: [managed()], models });
    await enterManagedKey();
    expect(await app.get('connections.models', { id: MANAGED_ID, shouldRefresh: true })).toMatchObject({
      models: ['gpt-5.2', 'gpt-5.2-mini', 'o4-mini'],
    });
    expect(await app.get('keys.test', { connectionId: MANAGED_ID })).toEqual({ modelCount: 3 });
    const asked = server.requests.length;
    for (const model of ['gpt-4o', 'GPT-5.2', 'gpt-5.2 gpt-4o', 'gpt-\u200b5', '*'])
      expect(await ask(MANAGED_ID, model)).toMatchObject(refusedWith('policy/model'));
    expect(server.requests).toHaveLength(asked);
    expect(await app.get('conversations.list', {})).toEqual([]);
    expect(await ask(MANAGED_ID, 'gpt-5.2')).toMatchObject({ ok: true });
  });

  it('hold for asking again and for going on, too', async () => {
    await start();
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: KEY });
    const result = await ask(id, 'gpt-4o');
    if (!result.ok) throw new Error(result.error.message);
    const messageId = result.value.assistantMessage.id;
    await startWith({ models });
    const asked = server.requests.length;
    const again = { messageId, connectionId: id, model: 'gpt-4o' };
    expect(await app.call('chat.regenerate', again)).toMatchObject(refusedWith('policy/model'));
    expect(await app.call('chat.continue', again)).toMatchObject(refusedWith('policy/model'));
    expect(server.requests).toHaveLength(asked);
    const allowed = await app.get('chat.regenerate', { ...again, model: 'gpt-5.2' });
    await app.events.next('chat.ended', ({ streamId }) => streamId === allowed.streamId);
  });

  it('take the default of an own connection away while they do not allow it', async () => {
    await start();
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: KEY });
    await app.get('connections.change', { id, defaultModel: 'gpt-4o' });
    await startWith({ models });
    expect((await app.get('connections.list', {}))[0]?.defaultModel).toBeNull();
    await start();
    expect((await app.get('connections.list', {}))[0]?.defaultModel).toBe('gpt-4o');
  });
});

describe('where links are turned off', () => {
  it('none is shown, and they cannot be registered, but taken back', proves('policy-holds'), async () => {
    await startWith({ allowsDeepLinks: false });
    app.core.links.receive('latchkey://v1/chat?prompt=Hello');
    expect(await app.get('link.pending', {})).toBeNull();
    expect((await app.get('app.info', {})).notices).toMatchObject([{ error: { code: 'policy/deep-links' } }]);
    expect(await app.call('protocol.register', {})).toMatchObject(refusedWith('policy/deep-links'));
    expect(app.desktop.isProtocolRegistered).toBe(false);
    app.desktop.isProtocolRegistered = true;
    expect(await app.get('protocol.unregister', {})).toMatchObject({ isRegistered: false });
  });
});

describe('where a keystore is required', () => {
  const form = { provider: 'compatible', label: 'x', baseUrl: 'ignored', dialect: 'responses' } as const;
  const save = () => app.call('keyWindow.save', { ...form, key: { source: 'typed', text: KEY } }, 'key');

  async function openOn(keystore: KeystoreStatus): Promise<FakeCipher> {
    const cipher = new FakeCipher();
    cipher.keystore = keystore;
    await startWith({ connections: [managed()], requiresKeystore: true }, { cipher });
    await app.get('keys.openWindow', { connectionId: MANAGED_ID });
    return cipher;
  }

  it(
    'a key for one session is refused before it is asked for, pasted or saved',
    proves('policy-holds'),
    async () => {
      await openOn(SESSION_ONLY);
      app.desktop.clipboardText = KEY;
      const attempts = [
        await app.call('keyWindow.describe', {}, 'key'),
        await app.call('keyWindow.recheck', {}, 'key'),
        await app.call('keyWindow.paste', {}, 'key'),
        await save(),
      ];
      for (const attempt of attempts)
        expect(attempt).toEqual({
          ok: false,
          error: {
            code: 'policy/keystore',
            message: 'The organisation requires a keystore, so a key for one session is not taken.',
            details: { reason: SESSION_ONLY.reason },
          },
        });
      expect((await app.get('connections.list', {}))[0]?.keys).toEqual([]);
      expect(server.requests).toEqual([]);
    },
  );

  it('one that is locked is waited for: it is asked with its prompt, and takes the key once it is open', async () => {
    const cipher = await openOn(LOCKED);
    const described = await app.get('keyWindow.describe', {}, 'key');
    expect(described).toMatchObject({ keystore: LOCKED, isKeystoreRequired: true });
    expect(await save()).toMatchObject({
      ok: false,
      error: {
        code: 'policy/keystore',
        details: { reason: LOCKED.advice, name: LOCKED.name, cause: LOCKED.cause },
      },
    });
    expect(cipher.questions).toContainEqual({ mayPrompt: true });
    expect(app.keyWindow.isOpen).toBe(true);
    expect((await app.get('connections.list', {}))[0]?.keys).toEqual([]);
    cipher.change(AVAILABLE);
    expect(await save()).toMatchObject({ ok: true });
    expect((await app.get('connections.list', {}))[0]?.key?.state).toBe('ok');
  });

  it('one that has not answered yet is waited for, and refused when it answers that there is none', async () => {
    const cipher = await openOn(CHECKING);
    expect(await app.get('keyWindow.describe', {}, 'key')).toMatchObject({ keystore: CHECKING });
    cipher.change(SESSION_ONLY);
    expect(await app.call('keyWindow.recheck', {}, 'key')).toMatchObject(refusedWith('policy/keystore'));
  });

  it('one that never answers takes no key', async () => {
    await openOn(CHECKING);
    expect(await save()).toMatchObject(refusedWith('policy/keystore'));
    expect((await app.get('connections.list', {}))[0]?.keys).toEqual([]);
  });

  it('a key that the keystore keeps is taken', async () => {
    await startWith({ connections: [managed()], requiresKeystore: true });
    await enterManagedKey();
    expect((await app.get('connections.list', {}))[0]?.key?.state).toBe('ok');
  });

  it('the login of a proxy is no key, and is taken for the session', async () => {
    await openOn(SESSION_ONLY);
    await app.get('keyWindow.cancel', {}, 'key');
    await app.get('network.enterLogin', { proxy: 'manual' });
    expect(await app.get('keyWindow.describe', {}, 'key')).toMatchObject({
      keystore: SESSION_ONLY,
      isKeystoreRequired: false,
    });
    await app.get(
      'keyWindow.saveProxy',
      { url: 'http://127.0.0.1:9', userName: 'ada', password: 'a-password' },
      'key',
    );
    expect((await app.get('network.status', {})).login).toMatchObject({ state: 'session-only' });
  });
});

describe('signing in with OpenRouter', () => {
  let openRouter: OpenRouterServer;

  beforeEach(async () => {
    openRouter = await startOpenRouterServer();
  });

  afterEach(() => openRouter.stop());

  const startToSignIn = (rules: object, cipher = new FakeCipher()) =>
    startWith(rules, { cipher, openRouterOrigin: openRouter.origin });

  const begin = () => app.get('signIn.start', { provider: 'openrouter' });

  const managedRouter = () =>
    managedConnection(`${openRouter.origin}/api/v1`, {
      provider: 'openrouter',
      dialect: 'chat-completions',
    });

  it.each<[string, object, KeystoreStatus, object]>([
    [
      'own connections are not allowed',
      { allowsOwnConnections: false },
      AVAILABLE,
      { code: 'policy/own-connections' },
    ],
    [
      'its address is not allowed',
      { origins: ['https://api.openai.com'] },
      AVAILABLE,
      { code: 'policy/origin' },
    ],
    [
      'a keystore is required and there is none',
      { requiresKeystore: true },
      SESSION_ONLY,
      { code: 'policy/keystore', details: { reason: SESSION_ONLY.reason } },
    ],
    [
      'a keystore is required and it stays locked',
      { requiresKeystore: true },
      LOCKED,
      { code: 'policy/keystore', details: { cause: LOCKED.cause } },
    ],
  ])(
    'is refused before a browser opens where %s',
    proves('policy-holds'),
    async (_where, rules, keystore, error) => {
      const cipher = new FakeCipher();
      cipher.keystore = keystore;
      await startToSignIn(rules, cipher);
      expect(await begin()).toMatchObject({ state: 'failed', error });
      expect(app.desktop.browserUrls).toEqual([]);
      expect(openRouter.exchanges).toEqual([]);
      expect(await app.get('connections.list', {})).toEqual([]);
      expect(await app.get('network.list', {})).toEqual([]);
    },
  );

  it('is refused for a former own connection that is not allowed any more', async () => {
    await startToSignIn({});
    await begin();
    await navigate(await approve(app.desktop.browserUrls.at(-1) ?? ''));
    await app.events.next('signIn.changed', ({ state }) => state === 'done');
    await startToSignIn({ allowsOwnConnections: false });
    expect(await begin()).toMatchObject({ state: 'failed', error: { code: 'policy/own-connections' } });
    expect(app.desktop.browserUrls).toEqual([]);
    expect(openRouter.minted).toHaveLength(1);
  });

  it('gives its key to the connection that the organisation set up, whose keystore is asked first', async () => {
    const cipher = new FakeCipher();
    await startToSignIn(
      { connections: [managedRouter()], allowsOwnConnections: false, requiresKeystore: true },
      cipher,
    );
    await begin();
    expect(cipher.questions.at(-1)).toEqual({ mayPrompt: true });
    await navigate(await approve(app.desktop.browserUrls.at(-1) ?? ''));
    await app.events.next('signIn.changed', ({ state }) => state === 'done');
    const connections = await app.get('connections.list', {});
    expect(connections).toHaveLength(1);
    expect(connections[0]).toMatchObject({ id: MANAGED_ID, isManaged: true, key: { state: 'ok' } });
    expect(readFileSync(fileOf('connections.json'), 'utf8')).toContain(MANAGED_ID);
  });
});

describe('a policy that cannot be used', () => {
  const broken: WireError = {
    code: 'policy/invalid',
    message: 'unknown field "x".',
    details: { path: '/etc/latchkey/policy.json' },
  };

  it(
    'refuses every request but what is wrong and starting again, and changes nothing',
    proves('policy-holds'),
    async () => {
      await start();
      const id = await app.addConnection({ baseUrl: server.baseUrl, key: KEY });
      const result = await ask(id, 'gpt-5.2');
      if (!result.ok) throw new Error(result.error.message);
      await app.get('conversations.remove', { id: result.value.conversationId });
      const asked = server.requests.length;
      const files = ['connections.json', 'vault.json'].map((name) => readFileSync(fileOf(name), 'utf8'));
      const cipher = new FakeCipher();
      let decrypted = 0;
      const { decrypt } = cipher;
      cipher.decrypt = (...args) => {
        decrypted += 1;
        return decrypt.apply(cipher, args);
      };
      await start({ policy: broken, cipher });

      const names = Object.keys(routes) as RouteName[];
      const refused = await Promise.all(
        names
          .filter((name) => name !== 'app.info' && name !== 'app.restart')
          .flatMap((name) =>
            routes[name].windows.map((kind) => app.core.router.dispatch({ kind, id: 1 }, name, {})),
          ),
      );
      expect(refused.length).toBeGreaterThan(40);
      expect(refused.filter((answer) => answer.ok || answer.error !== broken)).toEqual([]);
      expect(await ask(id, 'gpt-5.2')).toEqual({ ok: false, error: broken });
      expect(await app.get('app.info', {})).toMatchObject({ blocked: broken, policy: null });
      await app.get('app.restart', {});
      expect(app.desktop.restarts).toBe(1);
      app.core.links.receive('latchkey://v1/chat?prompt=Hello');
      expect(app.core.links.pending()).toBeNull();
      expect(app.events.of('connections.changed')).toEqual([]);
      expect(decrypted).toBe(0);
      expect(server.requests).toHaveLength(asked);
      expect(['connections.json', 'vault.json'].map((name) => readFileSync(fileOf(name), 'utf8'))).toEqual(
        files,
      );

      // Even what was on its way out is still there: nothing was purged meanwhile.
      await stop();
      const history = await openTestHistory(fileOf('history.sqlite'));
      await history.restoreConversation(result.value.conversationId);
      await history.close();
    },
  );
});

describe('a policy in force', () => {
  it('is told to the window with its path and its rules', async () => {
    await startWith({ allowsExport: false });
    expect((await app.get('app.info', {})).policy).toMatchObject({
      path: '/etc/latchkey/policy.json',
      rules: { allowsExport: false, allowsDeepLinks: true },
    });
    await start();
    expect((await app.get('app.info', {})).policy).toBeNull();
  });
});
