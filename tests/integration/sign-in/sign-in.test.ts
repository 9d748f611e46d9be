import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../electron/contract/app-error.ts';
import { approve, callLoopback, callbackUrlOf, navigate } from '../../harness/play-browser.ts';
import { LOOPBACK_ADDRESSES, SignInWorld, expectClosed } from '../../harness/sign-in-world.ts';
import { proves } from '../../harness/proves.ts';

let world: SignInWorld;

beforeEach(async () => {
  world = new SignInWorld();
  await world.open();
});

afterEach(() => world.close());

describe('signing in', () => {
  it('puts the minted key into the vault of a new connection, which can use it', async () => {
    await world.signIn();
    const [connection, ...others] = await world.app.get('connections.list', {});
    expect(others).toEqual([]);
    expect(connection).toMatchObject({
      label: 'OpenRouter',
      provider: 'openrouter',
      baseUrl: `${world.openRouter.origin}/api/v1`,
      dialect: 'chat-completions',
      needsKey: true,
      key: {
        origin: world.openRouter.origin,
        state: 'ok',
        restsIn: 'GNOME Keyring',
        last4: world.openRouter.minted[0]?.slice(-4),
      },
    });
    expect(await world.app.get('keys.test', { connectionId: connection?.id ?? '' })).toEqual({
      modelCount: 1,
    });
    expect(world.openRouter.bearers).toEqual([`Bearer ${world.openRouter.minted[0]}`]);
  });

  it('asks the browser for what is documented, and the exchange without any key', async () => {
    const page = new URL(await world.begin());
    expect(page.origin + page.pathname).toBe(`${world.openRouter.origin}/auth`);
    expect([...page.searchParams.keys()]).toEqual([
      'callback_url',
      'code_challenge',
      'code_challenge_method',
    ]);
    expect(page.searchParams.get('code_challenge_method')).toBe('S256');
    expect(callbackUrlOf(page.href)).toMatch(/^http:\/\/localhost:\d{4,5}\/[\w-]{43}$/);
    await navigate(await approve(page.href));
    await world.outcome();
    const [exchange] = world.openRouter.exchanges;
    expect(exchange?.headers.authorization).toBeUndefined();
    expect(exchange?.headers['user-agent']).toBe('Latchkey');
    expect(Object.keys(JSON.parse(exchange?.body ?? '{}') as object)).toEqual([
      'code',
      'code_verifier',
      'code_challenge_method',
    ]);
  });

  it('says what it is doing, and nothing else, to the window', async () => {
    await world.signIn();
    expect(world.app.events.of('signIn.changed')).toEqual([
      { state: 'waiting', error: null, expiresAt: expect.any(Number) as number },
      { state: 'exchanging', error: null, expiresAt: null },
      { state: 'done', error: null, expiresAt: null },
    ]);
    expect(await world.app.get('signIn.status', {})).toEqual({ state: 'done', error: null, expiresAt: null });
  });

  it('leaves code, verifier, path and key in no event, log or file', proves('sign-in-blind'), async () => {
    const page = await world.begin();
    const callback = await approve(page);
    await navigate(callback);
    await world.outcome();
    const { code, code_verifier: verifier } = JSON.parse(world.openRouter.exchanges[0]?.body ?? '{}') as {
      code: string;
      code_verifier: string;
    };
    const seen = world.everythingSeen();
    for (const secret of [code, verifier, new URL(callback).pathname, world.openRouter.minted[0] ?? '']) {
      expect(secret.length).toBeGreaterThan(30);
      expect(seen).not.toContain(secret);
    }
  });

  it('shows the request in the network log, under its own purpose', async () => {
    await world.signIn();
    expect(await world.app.get('network.list', {})).toEqual([
      expect.objectContaining({
        origin: world.openRouter.origin,
        purpose: 'sign-in',
        keyLabel: null,
        status: 200,
        outcome: 'done',
      }),
    ]);
  });

  it('answers the browser with a page that holds nothing and may do nothing', async () => {
    const callback = await approve(await world.begin());
    const { status, headers, body } = await navigate(callback);
    expect(status).toBe(200);
    expect(body).toContain('You can close this tab');
    expect(body).not.toContain(new URL(callback).searchParams.get('code'));
    expect(body).not.toMatch(/<script|<img|<link|<form|https?:/);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      connection: 'close',
    });
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
  });

  it('listens on both halves of localhost, and on no other address', async () => {
    const callback = callbackUrlOf(await world.begin());
    for (const address of LOOPBACK_ADDRESSES)
      expect((await callLoopback(callback, { address })).status).toBe(400);
    const { port } = new URL(callback);
    const table = LOOPBACK_ADDRESSES.map((address) =>
      readFileSync(address === '::1' ? '/proc/net/tcp6' : '/proc/net/tcp', 'utf8'),
    ).join('\n');
    const hexPort = Number(port).toString(16).toUpperCase().padStart(4, '0');
    const listening = table.split('\n').flatMap((line) => {
      const [, local, , state] = line.trim().split(/\s+/);
      return state === '0A' && local?.endsWith(`:${hexPort}`) === true ? [local.split(':')[0]] : [];
    });
    const inKernelsWords = { '127.0.0.1': '0100007F', '::1': '00000000000000000000000001000000' };
    expect(listening).toEqual(LOOPBACK_ADDRESSES.map((address) => inKernelsWords[address]));
  });

  it('uses another port, path and challenge each time', async () => {
    const pages = [await world.begin(), await world.begin(), await world.begin()].map(
      (page) => new URL(page),
    );
    expect(new Set(pages.map((page) => callbackUrlOf(page.href))).size).toBe(3);
    expect(new Set(pages.map((page) => page.searchParams.get('code_challenge'))).size).toBe(3);
  });

  it('frees the port', async () => {
    const page = await world.begin();
    await navigate(await approve(page));
    await world.outcome();
    await expectClosed(callbackUrlOf(page));
  });

  it('replaces the key of its own connection the second time', async () => {
    await world.signIn();
    const [first] = await world.app.get('connections.list', {});
    await world.signIn();
    const [second, ...others] = await world.app.get('connections.list', {});
    expect(others).toEqual([]);
    expect(second?.id).toBe(first?.id);
    expect(second?.keys).toHaveLength(1);
    expect(second?.key?.last4).not.toBe(first?.key?.last4);
    expect(second?.key?.last4).toBe(world.openRouter.minted[1]?.slice(-4));
  });

  it('keeps the former key when the new one cannot be stored', async () => {
    await world.signIn();
    const [before] = await world.app.get('connections.list', {});
    world.app.cipher.encrypt = () => Promise.reject(new AppError('secret/locked', 'The keystore is locked.'));
    await navigate(await approve(await world.begin()));
    const failed = await world.app.events.next('signIn.changed', ({ state }) => state === 'failed');
    expect(failed.error?.code).toBe('secret/locked');
    const [after] = await world.app.get('connections.list', {});
    expect(after?.key).toEqual(before?.key);
    expect(await world.app.get('keys.test', { connectionId: after?.id ?? '' })).toEqual({ modelCount: 1 });
  });

  it('leaves a connection to the same address alone that was entered by hand', async () => {
    const id = await world.app.addConnection({
      baseUrl: `${world.openRouter.origin}/api/v1`,
      key: 'sk-or-v1-by-hand-0000',
    });
    await world.signIn();
    const connections = await world.app.get('connections.list', {});
    expect(connections).toHaveLength(2);
    expect(connections.find((connection) => connection.id === id)?.key?.last4).toBe('0000');
  });

  it('keeps the key for the session where nothing can be encrypted', async () => {
    world.app.cipher.keystore = { kind: 'session-only', backend: 'basic_text', reason: 'No keyring.' };
    await world.signIn();
    expect((await world.app.get('connections.list', {}))[0]?.key?.state).toBe('session-only');
    expect(world.everythingSeen()).not.toContain(world.openRouter.minted[0]);
  });

  it('opens the same page again, only while it waits', async () => {
    const page = await world.begin();
    await world.app.get('signIn.openBrowser', {});
    expect(world.app.desktop.browserUrls).toEqual([page, page]);
    await navigate(await approve(page));
    await world.outcome();
    await world.app.get('signIn.openBrowser', {});
    expect(world.app.desktop.browserUrls).toHaveLength(2);
  });

  it('says so when no browser opens, and stops listening', async () => {
    world.app.desktop.browserFailure = new AppError('sign-in/no-browser', 'No browser could be opened.');
    expect(await world.app.get('signIn.start', { provider: 'openrouter' })).toMatchObject({
      state: 'failed',
      error: { code: 'sign-in/no-browser' },
    });
    await expectClosed(callbackUrlOf(world.app.desktop.browserUrls[0] ?? ''));
  });

  it('is refused on a development runtime before any browser opens, except at a server of this computer', async () => {
    await world.restart({ isDevelopment: true });
    expect(await world.app.get('signIn.start', { provider: 'openrouter' })).toMatchObject({
      state: 'failed',
      error: { code: 'connection/development-runtime' },
    });
    expect(world.app.desktop.browserUrls).toEqual([]);
    await world.restart({ isDevelopment: true, openRouterOrigin: world.openRouter.origin });
    await world.signIn();
    expect(await world.app.get('connections.list', {})).toHaveLength(1);
  });

  it('goes to OpenRouter itself unless told otherwise', async () => {
    await world.restart({});
    expect(new URL(await world.begin()).origin).toBe('https://openrouter.ai');
  });
});

describe('what ends a sign-in', () => {
  it('its two minutes, after which the port is closed', async () => {
    const before = Date.now();
    const page = await world.begin();
    const { expiresAt } = await world.app.get('signIn.status', {});
    expect((expiresAt ?? 0) - before).toBeGreaterThanOrEqual(120_000);
    expect(world.app.timer.delaysMs).toEqual([120_000]);
    const callback = await approve(page);
    world.app.timer.elapse();
    expect((await world.outcome()).error?.code).toBe('sign-in/expired');
    await expectClosed(callback);
    expect(world.openRouter.exchanges).toEqual([]);
  });

  it('the person, who declines in the browser', async () => {
    world.openRouter.options.decision = 'deny';
    const page = await navigate(await approve(await world.begin()));
    expect(page.body).toContain('Not signed in');
    expect((await world.outcome()).error?.code).toBe('sign-in/denied');
    expect(await world.app.get('connections.list', {})).toEqual([]);
    expect(world.app.timer.delaysMs).toEqual([]);
  });

  it('Cancel, which is no error, and may be pressed twice', async () => {
    const page = await world.begin();
    expect(await world.app.get('signIn.cancel', {})).toEqual({ state: 'idle', error: null, expiresAt: null });
    expect(await world.app.get('signIn.cancel', {})).toMatchObject({ state: 'idle' });
    await expectClosed(callbackUrlOf(page));
    expect(world.app.timer.delaysMs).toEqual([]);
    expect(world.app.events.of('signIn.changed').map(({ state }) => state)).toEqual(['waiting', 'idle']);
  });

  it('Cancel during the exchange: its request ends, and what it would have brought is not kept', async () => {
    const asked = new Promise<void>((resolve) => {
      world.openRouter.options.answerExchange = () => resolve();
    });
    const page = await world.begin();
    await navigate(await approve(page));
    await asked;
    expect(await world.app.get('signIn.cancel', {})).toMatchObject({ state: 'idle' });
    await expectClosed(callbackUrlOf(page));
    expect(await world.app.get('connections.list', {})).toEqual([]);
    expect(await world.app.get('network.list', {})).toMatchObject([
      { purpose: 'sign-in', outcome: 'cancelled' },
    ]);
  });

  it('nothing any more, once a key has arrived: it is saved whatever is pressed', async () => {
    let release: () => void = () => undefined;
    const encrypt = world.app.cipher.encrypt.bind(world.app.cipher);
    const reached = new Promise<void>((resolve) => {
      world.app.cipher.encrypt = async (text) => {
        resolve();
        await new Promise<void>((go) => {
          release = go;
        });
        return encrypt(text);
      };
    });
    await navigate(await approve(await world.begin()));
    await reached;
    expect(await world.app.get('signIn.cancel', {})).toMatchObject({ state: 'exchanging' });
    release();
    expect(await world.outcome()).toMatchObject({ state: 'done' });
    expect(await world.app.get('connections.list', {})).toHaveLength(1);
  });

  it('starting again: the former port is closed, the former code is worth nothing', async () => {
    const former = await world.begin();
    const formerCallback = await approve(former);
    const page = await world.begin();
    await expectClosed(formerCallback);
    await navigate(await approve(page));
    expect(await world.outcome()).toMatchObject({ state: 'done' });
    expect(world.openRouter.minted).toHaveLength(1);
    expect(await world.app.get('connections.list', {})).toHaveLength(1);
  });

  it('starting many at once: the last one counts, and no port stays open', async () => {
    await Promise.all(
      Array.from({ length: 5 }, () => world.app.get('signIn.start', { provider: 'openrouter' })),
    );
    expect(world.app.timer.delaysMs).toHaveLength(1);
    const pages = world.app.desktop.browserUrls.map((page) => callbackUrlOf(page));
    for (const callback of pages.slice(0, -1)) await expectClosed(callback);
    expect((await callLoopback(pages.at(-1) ?? '')).status).toBe(400);
  });

  it('quitting while it waits, and while it exchanges', async () => {
    const waiting = callbackUrlOf(await world.begin());
    await world.restart({ openRouterOrigin: world.openRouter.origin });
    await expectClosed(waiting);
    const asked = new Promise<void>((resolve) => {
      world.openRouter.options.answerExchange = () => resolve();
    });
    const page = await world.begin();
    await navigate(await approve(page));
    await asked;
    await world.restart({ openRouterOrigin: world.openRouter.origin });
    await expectClosed(callbackUrlOf(page));
    expect(await world.app.get('connections.list', {})).toEqual([]);
  });
});
