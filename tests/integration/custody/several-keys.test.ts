import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KEY_UNDO_MS } from '../../../electron/core/connections/connection-service.ts';
import { createTestCore, type TestCore } from '../../harness/create-test-core.ts';
import { startRawServer, type RawServer } from '../../harness/raw-server.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';
import { proves } from '../../harness/proves.ts';

const FIRST = 'sk-test-first-0123456789abcdef-aaaa';
const SECOND = 'sk-test-second-0123456789abcdef-bbbb';
const REFUSED = 'sk-test-refused-0123456789abcdef-cccc';
const MODELS = JSON.stringify({ object: 'list', data: [{ id: 'm' }] });

let folder: ReturnType<typeof temporaryFolder>;
let server: RawServer;
let app: TestCore;
/** Every answer of the server waits for it. */
let answered: Promise<void>;

beforeEach(async () => {
  folder = temporaryFolder();
  answered = Promise.resolve();
  server = await startRawServer(({ head }, socket) => {
    const [status, body] = head.includes(REFUSED) ? ['401 Unauthorized', '{}'] : ['200 OK', MODELS];
    const answer = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`;
    void answered.then(() => socket.end(answer));
  });
  app = await createTestCore({ folder: folder.path });
});

afterEach(async () => {
  vi.useRealTimers();
  await app.stop();
  await server.stop();
  folder.remove();
});

async function connectionOf(id: string) {
  const connection = (await app.get('connections.list', {})).find((each) => each.id === id);
  if (connection === undefined) throw new Error('no such connection');
  return connection;
}

/** Types a key into the window that is open for `keyId` (null: one more). */
async function enter(
  connectionId: string,
  key: string,
  options: { keyId?: string; label?: string; isConfirmed?: boolean } = {},
) {
  await app.get('keys.openWindow', { connectionId, keyId: options.keyId ?? null });
  return app.get('keyWindow.save', formOf(key, options), 'key');
}

function formOf(key: string, options: { label?: string; isConfirmed?: boolean } = {}) {
  return {
    provider: 'compatible',
    label: options.label ?? '',
    baseUrl: server.baseUrl,
    dialect: 'responses',
    key: { source: 'typed', text: key },
    isConfirmed: options.isConfirmed ?? false,
  } as const;
}

function everythingOnDisk(): string {
  return readdirSync(folder.path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

function cipherTexts(): string[] {
  const document = JSON.parse(readFileSync(path.join(folder.path, 'vault.json'), 'utf8')) as {
    keys: { cipherText: string }[];
  };
  return document.keys.map(({ cipherText }) => cipherText);
}

const lastKeySent = () => /^authorization: Bearer (\S+)/im.exec(server.requests.at(-1)?.head ?? '')?.[1];

describe('several keys of one connection', () => {
  it('stand beside each other; the first stays in use until another is chosen, over a restart too', async () => {
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: FIRST });
    await enter(id, SECOND, { label: 'private' });
    const before = await connectionOf(id);
    expect(before.keys.map(({ label, last4 }) => [label, last4])).toEqual([
      ['work', 'aaaa'],
      ['private', 'bbbb'],
    ]);
    expect(before.key?.last4).toBe('aaaa');
    await app.get('keys.use', { connectionId: id, keyId: before.keys[1]?.id ?? '' });
    await app.stop();
    app = await createTestCore({ folder: folder.path });
    expect((await connectionOf(id)).key?.last4).toBe('bbbb');
    await app.get('keys.test', { connectionId: id });
    expect(lastKeySent()).toBe(SECOND);
    await app.get('keys.test', { connectionId: id, keyId: before.keys[0]?.id ?? null });
    expect(lastKeySent()).toBe(FIRST);
  });

  it('are chosen per conversation, and what each was used for can be told', async () => {
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: FIRST });
    await enter(id, SECOND);
    const [first, second] = (await connectionOf(id)).keys;
    const ask = (keyId: string | null, text: string) =>
      app.get('chat.send', { conversationId: null, connectionId: id, keyId, model: 'm', text });
    const started = await ask(second?.id ?? null, 'with the second');
    await app.events.next('chat.ended', ({ streamId }) => streamId === started.streamId);
    expect(lastKeySent()).toBe(SECOND);
    const { conversation } = await app.get('conversations.open', { id: started.conversationId });
    expect(conversation.keyId).toBe(second?.id);
    const other = await ask(null, 'with whichever');
    await app.events.next('chat.ended', ({ streamId }) => streamId === other.streamId);
    expect(lastKeySent()).toBe(FIRST);

    const exposure = (keyId = '') => app.get('keys.exposure', { connectionId: id, keyId });
    expect(await exposure(second?.id)).toMatchObject({
      origin: new URL(server.baseUrl).origin,
      requestCount: 1,
      conversations: [{ title: 'with the second', answerCount: 1 }],
      revokeUrl: null,
    });
    expect((await exposure(first?.id)).conversations.map(({ title }) => title)).toEqual(['with whichever']);
  });

  it('that belong to another connection cannot be reached through this one', async () => {
    const one = await app.addConnection({ baseUrl: server.baseUrl, key: FIRST });
    const other = await app.addConnection({ baseUrl: server.baseUrl, key: SECOND });
    const keyId = await app.keyIdOf(other);
    for (const route of ['keys.use', 'keys.change', 'keys.remove', 'keys.exposure'] as const) {
      const result = await app.call(route, { connectionId: one, keyId });
      expect(result, route).toMatchObject({ ok: false, error: { code: 'auth/missing-key' } });
    }
    await app.get('keys.test', { connectionId: one, keyId });
    expect(lastKeySent()).toBe(FIRST);
  });
});

describe('replacing a key', () => {
  it(
    'tries the new one first, then swaps; the old one is in no file any more',
    proves('removed-means-removed'),
    async () => {
      const id = await app.addConnection({ baseUrl: server.baseUrl, key: FIRST });
      const keyId = await app.keyIdOf(id);
      const [former] = cipherTexts();
      expect(await enter(id, SECOND, { keyId })).toEqual({ outcome: 'saved' });
      expect(lastKeySent()).toBe(SECOND);
      const { keys } = await connectionOf(id);
      expect(keys).toMatchObject([{ id: keyId, label: 'work', last4: 'bbbb', requestCount: 0 }]);
      expect(everythingOnDisk()).not.toContain(former);
    },
  );

  it('leaves the old one in place when the provider refuses the new one, and asks', async () => {
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: FIRST });
    const keyId = await app.keyIdOf(id);
    const answer = await enter(id, REFUSED, { keyId });
    expect(answer).toEqual({
      outcome: 'asked',
      concerns: [{ kind: 'refused' }],
      last4: 'cccc',
      length: REFUSED.length,
    });
    expect(app.keyWindow.isOpen).toBe(true);
    expect((await connectionOf(id)).key?.last4).toBe('aaaa');
    // "Save anyway": main has held the key meanwhile, the window sends it no second time.
    const held = { ...formOf(''), key: { source: 'held' }, isConfirmed: true } as const;
    expect(await app.get('keyWindow.save', held, 'key')).toEqual({ outcome: 'saved' });
    expect((await connectionOf(id)).key?.last4).toBe('cccc');
  });

  it('changes nothing when the window was closed while the new one was tried', async () => {
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: FIRST });
    const keyId = await app.keyIdOf(id);
    for (const key of [SECOND, REFUSED]) {
      let answer = (): void => undefined;
      answered = new Promise((resolve) => {
        answer = resolve;
      });
      const saving = enter(id, key, { keyId });
      await expect.poll(() => lastKeySent()).toBe(key);
      await app.get('keyWindow.cancel', {}, 'key');
      answer();
      await saving;
      expect((await connectionOf(id)).keys).toMatchObject([{ id: keyId, last4: 'aaaa' }]);
    }
    await app.get('keys.openWindow', { connectionId: id, keyId });
    const held = { ...formOf(''), key: { source: 'held' }, isConfirmed: true } as const;
    expect(await app.call('keyWindow.save', held, 'key')).toMatchObject({
      ok: false,
      error: { code: 'secret/clipboard-empty' },
    });
  });

  it('keeps the old one where the new one could be kept for the session only', async () => {
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: FIRST });
    const keyId = await app.keyIdOf(id);
    const [cipherText] = cipherTexts();
    app.cipher.keystore = { kind: 'session-only', backend: 'basic_text', reason: 'No keyring answered.' };
    await enter(id, SECOND, { keyId });
    expect((await connectionOf(id)).key).toMatchObject({ last4: 'bbbb', restsIn: 'this session only' });
    expect(cipherTexts()).toEqual([cipherText]);
  });

  it('is not blamed for what its predecessor was told', async () => {
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: REFUSED });
    const keyId = await app.keyIdOf(id);
    const test = app.call('keys.test', { connectionId: id });
    await enter(id, SECOND, { keyId, isConfirmed: true });
    expect(await test).toMatchObject({ ok: false, error: { code: 'auth/rejected-key' } });
    expect((await connectionOf(id)).key).toMatchObject({ last4: 'bbbb', state: 'ok', requestCount: 0 });
  });

  it('says so when the new one cannot be tried', async () => {
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: FIRST });
    const keyId = await app.keyIdOf(id);
    await server.stop();
    const answer = await enter(id, SECOND, { keyId });
    expect(answer).toMatchObject({
      outcome: 'asked',
      concerns: [{ kind: 'untested', error: { code: 'network/unreachable' } }],
    });
    expect(JSON.stringify(answer)).not.toContain(SECOND);
  });
});

describe('a key that gives cause for thought', () => {
  const TAIL = 'aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7dE9fG1hJ3';

  it.each([
    [`sk-ant-api03-${TAIL}`, 'openai', [{ kind: 'other-provider', looksLike: 'Anthropic' }]],
    [`sk-admin-${TAIL}`, 'openai', [{ kind: 'admin-key' }]],
    [`sk-proj-${TAIL}`, 'openrouter', [{ kind: 'other-provider', looksLike: 'OpenAI' }]],
  ] as const)('%s for %s is asked about, and saved when confirmed', async (key, provider, concerns) => {
    await app.get('keys.openWindow', { connectionId: null });
    const form = { ...formOf(key), provider };
    expect(await app.get('keyWindow.save', form, 'key')).toMatchObject({ outcome: 'asked', concerns });
    expect(await app.get('connections.list', {})).toEqual([]);
    expect(await app.get('keyWindow.save', { ...form, isConfirmed: true }, 'key')).toEqual({
      outcome: 'saved',
    });
  });

  it('is forgotten when the window closes instead', async () => {
    await app.get('keys.openWindow', { connectionId: null });
    await app.get('keyWindow.save', { ...formOf(`sk-admin-${TAIL}`), provider: 'openai' }, 'key');
    await app.get('keyWindow.cancel', {}, 'key');
    await app.get('keys.openWindow', { connectionId: null });
    const held = { ...formOf(''), key: { source: 'held' }, isConfirmed: true } as const;
    expect(await app.call('keyWindow.save', held, 'key')).toMatchObject({
      ok: false,
      error: { code: 'secret/clipboard-empty' },
    });
  });
});

describe('removing a key', () => {
  it('takes it off the disk at once; Undo brings it back', proves('removed-means-removed'), async () => {
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: FIRST });
    const place = { connectionId: id, keyId: await app.keyIdOf(id) };
    const [cipherText] = cipherTexts();
    await app.get('keys.remove', place);
    expect(everythingOnDisk()).not.toContain(cipherText);
    expect(await app.call('keys.test', { connectionId: id })).toMatchObject({
      ok: false,
      error: { code: 'auth/missing-key' },
    });
    expect((await app.get('keys.restore', place)).key).toMatchObject({ last4: 'aaaa', state: 'ok' });
    expect(cipherTexts()).toEqual([cipherText]);
    await app.get('keys.test', { connectionId: id });
    expect(lastKeySent()).toBe(FIRST);
  });

  it(
    'cannot be undone after its time, and takes the key out of files that were set aside too',
    proves('removed-means-removed'),
    async () => {
      const id = await app.addConnection({ baseUrl: server.baseUrl, key: FIRST });
      const place = { connectionId: id, keyId: await app.keyIdOf(id) };
      const [cipherText = ''] = cipherTexts();
      const aside = path.join(folder.path, 'vault.damaged-1.json');
      const { writeFileSync } = await import('node:fs');
      writeFileSync(aside, `{"keys":[{"id":"x","cipherText":"${cipherText}"`);
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      await app.get('keys.remove', place);
      // At once: a crash in the time for Undo must not leave it there.
      expect(readFileSync(aside, 'utf8')).not.toContain(cipherText);
      vi.advanceTimersByTime(KEY_UNDO_MS + 2_000);
      vi.useRealTimers();
      expect(everythingOnDisk()).not.toContain(cipherText);
      expect(await app.call('keys.restore', place)).toMatchObject({
        ok: false,
        error: { code: 'auth/missing-key' },
      });
    },
  );

  it('can be undone for the whole time after each removal', async () => {
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: FIRST });
    const place = { connectionId: id, keyId: await app.keyIdOf(id) };
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await app.get('keys.remove', place);
    vi.advanceTimersByTime(KEY_UNDO_MS - 2_000);
    await app.get('keys.restore', place);
    await app.get('keys.remove', place);
    vi.advanceTimersByTime(KEY_UNDO_MS - 2_000);
    expect((await app.get('keys.restore', place)).key?.last4).toBe('aaaa');
    vi.advanceTimersByTime(KEY_UNDO_MS * 2);
    vi.useRealTimers();
    expect((await connectionOf(id)).key?.last4).toBe('aaaa');
  });

  it('is final when the app quits', async () => {
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: FIRST });
    await app.get('keys.remove', { connectionId: id, keyId: await app.keyIdOf(id) });
    await app.stop();
    app = await createTestCore({ folder: folder.path });
    expect((await connectionOf(id)).keys).toEqual([]);
  });
});

describe('an expiry', () => {
  it('stops a key from being sent, keeps it, and can be changed', async () => {
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: FIRST });
    const place = { connectionId: id, keyId: await app.keyIdOf(id) };
    const changed = await app.get('keys.change', { ...place, label: 'old', expiresAt: Date.now() - 1 });
    expect(changed.key).toMatchObject({ label: 'old', state: 'expired' });
    expect(await app.call('keys.test', { connectionId: id })).toMatchObject({
      ok: false,
      error: { code: 'secret/expired' },
    });
    expect(server.requests).toHaveLength(0);
    await app.get('keys.change', { ...place, expiresAt: null });
    expect(await app.get('keys.test', { connectionId: id })).toEqual({ modelCount: 1 });
  });
});

describe('a connection', () => {
  it(
    'voids its keys when it is moved to another origin, and has them again when it is moved back',
    proves('bound-to-origin'),
    async () => {
      const elsewhere = await startRawServer((_request, socket) => socket.end());
      const id = await app.addConnection({ baseUrl: server.baseUrl, key: FIRST });
      await app.get('connections.change', { id, baseUrl: elsewhere.baseUrl });
      expect((await connectionOf(id)).key?.state).toBe('wrong-origin');
      expect(await app.call('keys.test', { connectionId: id })).toMatchObject({
        ok: false,
        error: { code: 'secret/wrong-origin' },
      });
      expect(elsewhere.requests).toHaveLength(0);
      await app.get('connections.change', { id, baseUrl: server.baseUrl });
      expect(await app.get('keys.test', { connectionId: id })).toEqual({ modelCount: 1 });
      await elsewhere.stop();
    },
  );

  it.each(['not a url', 'http://example.com/v1', 'https://u:p@example.com/v1'])(
    'is not moved to %s',
    async (baseUrl) => {
      const id = await app.addConnection({ baseUrl: server.baseUrl, key: FIRST });
      const result = await app.call('connections.change', { id, baseUrl });
      expect(result.ok).toBe(false);
      expect((await connectionOf(id)).baseUrl).toBe(server.baseUrl);
    },
  );

  it('sends its organization and project, and takes no header apart', async () => {
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: FIRST });
    await app.get('connections.change', { id, organization: 'org-1', project: 'proj_2' });
    await app.get('keys.test', { connectionId: id });
    expect(server.requests.at(-1)?.head).toMatch(/^openai-organization: org-1$/im);
    expect(server.requests.at(-1)?.head).toMatch(/^openai-project: proj_2$/im);
    const split = await app.call('connections.change', { id, organization: 'org\r\nx-evil: 1' });
    expect(split).toMatchObject({ ok: false, error: { code: 'ipc/invalid-input' } });
  });

  it('to Azure sends its key as Azure wants it', async () => {
    await app.get('keys.openWindow', { connectionId: null });
    await app.get('keyWindow.save', { ...formOf(FIRST), provider: 'azure' }, 'key');
    const [connection] = await app.get('connections.list', {});
    await app.get('keys.test', { connectionId: connection?.id ?? '' });
    expect(server.requests.at(-1)?.head).toMatch(new RegExp(`^api-key: ${FIRST}$`, 'im'));
    expect(server.requests.at(-1)?.head).not.toMatch(/^authorization:/im);
  });
});

describe('a key in a message', () => {
  const PASTED = 'sk-proj-aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7dE9fG1hJ3';

  it(
    'is noticed before it is sent or stored, and goes out only when that is meant',
    proves('ciphertext-only'),
    async () => {
      const id = await app.addConnection({ baseUrl: server.baseUrl, key: FIRST });
      const input = { conversationId: null, connectionId: id, model: 'm', text: `use ${PASTED} please` };
      expect(await app.call('chat.send', input)).toMatchObject({
        ok: false,
        error: { code: 'secret/key-in-message', details: { start: 4, length: PASTED.length } },
      });
      expect(server.requests).toHaveLength(0);
      expect(everythingOnDisk()).not.toContain(PASTED);
      expect(await app.get('conversations.list', {})).toEqual([]);
      const started = await app.get('chat.send', { ...input, isKeyIntended: true });
      expect(started.userMessage.text).toBe(input.text);
    },
  );

  it('is noticed whatever its shape when it is one of ours', async () => {
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: 'a-strange-key-of-my-own-server' });
    const input = { conversationId: null, connectionId: id, model: 'm' };
    const result = await app.call('chat.send', { ...input, text: 'a-strange-key-of-my-own-server' });
    expect(result).toMatchObject({ ok: false, error: { code: 'secret/key-in-message' } });
  });

  it('is cut out of a draft on its way to the disk', proves('ciphertext-only'), async () => {
    await app.get('drafts.save', { conversationId: null, text: `use ${PASTED} please` });
    expect(await app.get('drafts.get', { conversationId: null })).toEqual({ text: 'use  please' });
    expect(everythingOnDisk()).not.toContain(PASTED);
  });
});

describe('a key in a wrong field', () => {
  const PASTED = 'sk-proj-aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7dE9fG1hJ3';

  it('is not taken for a label, an organization or a part of an address', async () => {
    const id = await app.addConnection({ baseUrl: server.baseUrl, key: FIRST });
    const keyId = await app.keyIdOf(id);
    const refused = { ok: false, error: { code: 'secret/key-in-field' } };
    for (const change of [
      { label: PASTED },
      { organization: PASTED },
      { baseUrl: `${server.baseUrl}/${PASTED}` },
    ])
      expect(await app.call('connections.change', { id, ...change })).toMatchObject(refused);
    expect(await app.call('keys.change', { connectionId: id, keyId, label: PASTED })).toMatchObject(refused);
    await app.get('keys.openWindow', { connectionId: null });
    expect(await app.call('keyWindow.save', formOf(SECOND, { label: PASTED }), 'key')).toMatchObject(refused);
    expect(everythingOnDisk()).not.toContain(PASTED);
  });
});

describe('local servers', () => {
  it('are added once, without a key, and only on this computer', async () => {
    const added = await app.get('connections.addLocal', { baseUrl: server.baseUrl, label: 'Ollama' });
    expect(added).toMatchObject({ provider: 'local', needsKey: false, label: 'Ollama' });
    const again = await app.get('connections.addLocal', { baseUrl: server.baseUrl, label: 'Ollama' });
    expect(again.id).toBe(added.id);
    const remote = { baseUrl: 'https://example.com/v1', label: 'x' };
    expect(await app.call('connections.addLocal', remote)).toMatchObject({
      ok: false,
      error: { code: 'connection/insecure-url' },
    });
    await app.get('keys.test', { connectionId: added.id });
    expect(server.requests.at(-1)?.head).not.toMatch(/^authorization:/im);
  });
});
