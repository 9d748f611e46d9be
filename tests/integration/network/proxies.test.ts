import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSecureServer } from '../../harness/secure-server.ts';
import { HOST, KEY, NetworkWorld, PASSWORD, USER } from './network-world.ts';
import { proves } from '../../harness/proves.ts';

let world: NetworkWorld;

beforeEach(async () => {
  world = await new NetworkWorld().open();
});

afterEach(() => world.close());

const LOGIN = `${USER}:${PASSWORD}`;

describe('a request through a proxy', () => {
  it('goes by CONNECT, its name left to the proxy, and the log names the proxy', async () => {
    const proxy = await world.startProxy();
    await world.trust();
    await world.useProxy(`http://127.0.0.1:${proxy.port}`);
    const end = await world.ask(await world.connect());
    expect(end).toMatchObject({ state: 'done', text: 'An answer.' });
    // One tunnel for one request: nothing is opened that nobody uses.
    expect(proxy.asked).toEqual([`${HOST}:443`]);
    expect((await world.app.get('network.list', {}))[0]).toMatchObject({
      origin: `https://${HOST}`,
      proxy: `http://127.0.0.1:${proxy.port}`,
      status: 200,
      outcome: 'done',
    });
  });

  it('says nothing but the address to the proxy', async () => {
    const proxy = await world.startProxy();
    await world.trust();
    await world.useProxy(`http://127.0.0.1:${proxy.port}`);
    await world.ask(await world.connect());
    expect(proxy.heads.join()).not.toContain(KEY);
    expect(Object.keys(JSON.parse(proxy.heads[0] ?? '') as object).toSorted()).toEqual([
      'connection',
      'host',
      'user-agent',
    ]);
  });

  it('logs in where the proxy wants it, with a login from the key window', async () => {
    const proxy = await world.startProxy({ login: LOGIN });
    await world.trust();
    await world.enterLogin(`http://127.0.0.1:${proxy.port}`);
    expect(await world.ask(await world.connect())).toMatchObject({ state: 'done', text: 'An answer.' });
  });

  it('goes through a proxy that is reached over TLS itself', async () => {
    await world.trust();
    const identity = await world.authority.issue(['127.0.0.1']);
    const proxy = await world.startProxy({ login: LOGIN, identity });
    await world.enterLogin(`https://127.0.0.1:${proxy.port}`);
    expect(await world.ask(await world.connect())).toMatchObject({ state: 'done', text: 'An answer.' });
  });

  it('gives its login to no proxy that cannot prove who it is', async () => {
    await world.trust();
    const proxy = await world.startProxy({
      login: LOGIN,
      identity: await world.authority.issue(['another.example']),
    });
    await world.enterLogin(`https://127.0.0.1:${proxy.port}`);
    const end = await world.ask(await world.connect());
    expect(end.error).toMatchObject({ code: 'network/tls', details: { reason: 'wrong-name' } });
    expect(proxy.heads).toEqual([]);
  });

  it.each([
    ['without a login', undefined],
    ['with a login', LOGIN],
  ])('goes through SOCKS 5 %s, the name left to the proxy', async (_name, login) => {
    const proxy = await world.startSocks(login === undefined ? {} : { login });
    await world.trust();
    const url = `socks5://127.0.0.1:${proxy.port}`;
    await (login === undefined ? world.useProxy(url) : world.enterLogin(url));
    expect(await world.ask(await world.connect())).toMatchObject({ state: 'done', text: 'An answer.' });
    expect(proxy.asked[0]).toBe(`${HOST}:443`);
  });

  it('closes the way when the answer is stopped', async () => {
    const proxy = await world.startProxy();
    await world.trust();
    await world.useProxy(`http://127.0.0.1:${proxy.port}`);
    world.api.clearFixtures();
    world.api.onMessage(
      /./,
      { content: 'word '.repeat(400) },
      { chunkSize: 5, streamingProfile: { ttft: 5, tps: 60 } },
    );
    const connectionId = await world.connect();
    const { streamId } = await world.app.get('chat.send', {
      conversationId: null,
      connectionId,
      model: 'gpt-4o',
      text: 'hi',
    });
    await world.app.events.next('chat.delta', () => true);
    expect(proxy.openSockets()).toBeGreaterThan(0);
    await world.app.get('chat.cancel', { streamId });
    await world.app.events.next('chat.ended', (end) => end.streamId === streamId);
    await expect.poll(() => proxy.openSockets()).toBe(0);
  });

  it('lets a running answer end when the settings change, and takes the new way after that', async () => {
    const [first, second] = [await world.startProxy(), await world.startProxy()];
    await world.trust();
    await world.useProxy(`http://127.0.0.1:${first.port}`);
    world.api.clearFixtures();
    world.api.onMessage(
      /./,
      { content: 'word '.repeat(60) },
      { chunkSize: 5, streamingProfile: { ttft: 5, tps: 200 } },
    );
    const connectionId = await world.connect();
    const running = world.ask(connectionId);
    await world.app.events.next('chat.delta', () => true);
    await world.useProxy(`http://127.0.0.1:${second.port}`);
    expect(await running).toMatchObject({ state: 'done', text: 'word '.repeat(60) });
    expect(second.asked).toEqual([]);
    expect(await world.ask(connectionId)).toMatchObject({ state: 'done' });
    expect(second.asked).toEqual([`${HOST}:443`]);
    await expect.poll(() => first.openSockets()).toBe(0);
  });

  it.each(['system', 'environment', 'manual'] as const)(
    'is never made for this computer, whatever mode %s says',
    async (mode) => {
      const proxy = await world.startProxy();
      const url = `http://127.0.0.1:${proxy.port}`;
      await world.restart({
        resolveProxy: () => Promise.resolve(`PROXY 127.0.0.1:${proxy.port}`),
        proxyVariables: { https_proxy: url, all_proxy: url, http_proxy: url },
      });
      await world.app.get('settings.change', { proxy: { mode, url, bypass: [], followsScripts: false } });
      await world.trust();
      const plain = await world.connect(world.api.url);
      const secure = await world.connect(`https://localhost:${world.front.port}`);
      expect(await world.ask(plain)).toMatchObject({ state: 'done' });
      expect(await world.ask(secure)).toMatchObject({ state: 'done' });
      expect(proxy.asked).toEqual([]);
    },
  );

  it('follows what the system says, and asks it for the origin only', async () => {
    const proxy = await world.startProxy();
    const asked: string[] = [];
    await world.restart({
      resolveProxy(origin) {
        asked.push(origin);
        return Promise.resolve(`PROXY 127.0.0.1:${proxy.port}; DIRECT`);
      },
    });
    await world.trust();
    expect(await world.ask(await world.connect())).toMatchObject({ state: 'done' });
    expect(new Set(asked)).toEqual(new Set([`https://${HOST}/`]));
    expect(proxy.asked).toEqual([`${HOST}:443`]);
  });

  it('takes a proxy and a login from the environment in that mode only', async () => {
    const proxy = await world.startProxy({ login: 'env:secret-of-the-environment' });
    await world.restart({
      proxyVariables: { https_proxy: `http://env:secret-of-the-environment@127.0.0.1:${proxy.port}` },
    });
    await world.trust();
    const connectionId = await world.connect();
    expect((await world.ask(connectionId)).error?.code).toBe('network/dns');
    expect(proxy.asked).toEqual([]);
    await world.app.get('settings.change', {
      proxy: { mode: 'environment', url: null, bypass: [], followsScripts: false },
    });
    expect(await world.ask(connectionId)).toMatchObject({ state: 'done' });
    expect(JSON.stringify(await world.app.get('network.list', {}))).not.toContain('secret-of');
    expect(world.app.logger.lines.join()).not.toContain('secret-of');
  });

  it('does not follow a redirect through the proxy either', proves('bound-to-origin'), async () => {
    await world.trust();
    const redirecting = await startSecureServer(await world.authority.issue([HOST]), (_request, response) =>
      response.writeHead(307, { location: 'https://evil.test/v1/responses' }).end(),
    );
    const other = await world.startProxy({ targetPort: redirecting.port });
    await world.useProxy(`http://127.0.0.1:${other.port}`);
    expect((await world.ask(await world.connect())).error?.code).toBe('provider/redirected');
    expect(new Set(other.asked)).toEqual(new Set([`${HOST}:443`]));
    await redirecting.stop();
  });
});

describe('a proxy that does not do its part', () => {
  it.each([
    ['wants a login', { login: LOGIN }, 'network/proxy-login', { wasSent: false }],
    [
      'wants a login of another kind',
      { login: LOGIN, offers: 'NTLM' },
      'network/proxy-login',
      { method: 'NTLM' },
    ],
    ['forbids the address', { status: 403 }, 'network/proxy-refused', { status: 403 }],
    ['cannot reach it', { status: 502 }, 'network/proxy-refused', { status: 502 }],
  ])('%s', async (_name, options, code, details) => {
    const proxy = await world.startProxy(options);
    const url = `http://127.0.0.1:${proxy.port}`;
    await world.useProxy(url);
    const end = await world.ask(await world.connect());
    expect(end).toMatchObject({ state: 'failed', error: { code, details: { proxy: url, ...details } } });
    expect((await world.app.get('network.list', {}))[0]).toMatchObject({ proxy: url, outcome: code });
    await expect.poll(() => proxy.openSockets()).toBe(0);
  });

  it.each(['http', 'socks5'])('refuses the login it was given (%s)', async (scheme) => {
    const proxy = await (scheme === 'http' ? world.startProxy : world.startSocks).call(world, {
      login: 'someone:else',
    });
    await world.enterLogin(`${scheme}://127.0.0.1:${proxy.port}`);
    const end = await world.ask(await world.connect());
    expect(end.error).toMatchObject({ code: 'network/proxy-login', details: { wasSent: true } });
  });

  it('says so when a SOCKS proxy wants a login and there is none', async () => {
    const proxy = await world.startSocks({ login: LOGIN });
    await world.useProxy(`socks5://127.0.0.1:${proxy.port}`);
    const end = await world.ask(await world.connect());
    expect(end.error).toMatchObject({ code: 'network/proxy-login', details: { wasSent: false } });
  });

  it.each(['http://127.0.0.1:9', 'socks5://127.0.0.1:9', 'http://no-such-proxy.test:3128'])(
    'is not there (%s), and nothing goes around it',
    async (url) => {
      await world.useProxy(url);
      await world.trust();
      const end = await world.ask(await world.connect());
      expect(end.error).toMatchObject({ code: 'network/proxy-unreachable', details: { proxy: url } });
      expect(world.front.requests).toEqual([]);
    },
  );

  it('is no proxy at all', async () => {
    await world.useProxy(`socks5://127.0.0.1:${new URL(world.api.url).port}`);
    const end = await world.ask(await world.connect());
    expect(end.error?.code).toBe('network/proxy-unreachable');
  });

  it(
    'is named by the system in words that make no sense, and nothing goes around it',
    proves('proxy-login'),
    async () => {
      await world.restart({ resolveProxy: () => Promise.resolve('PROXY') });
      const end = await world.ask(await world.connect());
      expect(end.error).toMatchObject({ code: 'network/proxy-invalid' });
    },
  );
});

describe('a login', () => {
  it.each([
    ['http://ada:canary-pw@127.0.0.1:3128'],
    ['ada:canary-pw@proxy.test:3128'],
    ['socks5://ada:canary-pw@proxy.test'],
    ['http://ada@proxy.test'],
  ])('in a URL is refused in the chat window, and stored nowhere: %s', async (url) => {
    const before = await world.app.get('settings.get', {});
    const result = await world.app.call('settings.change', {
      proxy: { mode: 'manual', url, bypass: [], followsScripts: false },
    });
    expect(result).toMatchObject({ ok: false, error: { code: 'network/proxy-url-with-login' } });
    expect(JSON.stringify(result)).not.toContain('canary-pw');
    expect(await world.app.get('settings.get', {})).toEqual(before);
  });

  it(
    'in a URL typed into the key window moves to the vault; the URL is stored without it',
    proves('proxy-login'),
    async () => {
      const proxy = await world.startProxy({ login: 'ada:canary pw' });
      await world.trust();
      await world.enterLogin(`http://ada:canary%20pw@127.0.0.1:${proxy.port}`, '', '');
      expect((await world.app.get('settings.get', {})).proxy).toMatchObject({
        mode: 'manual',
        url: `http://127.0.0.1:${proxy.port}`,
      });
      expect(await world.ask(await world.connect())).toMatchObject({ state: 'done' });
      for (const file of ['settings.json', 'vault.json'])
        expect(readFileSync(path.join(world.folder, file), 'utf8')).not.toMatch(/canary|YWRhOmNhbmFyeS/);
    },
  );

  it('is given to its own proxy only', proves('proxy-login'), async () => {
    const [own, other] = [await world.startProxy({ login: LOGIN }), await world.startProxy({ login: LOGIN })];
    await world.enterLogin(`http://127.0.0.1:${own.port}`);
    await world.useProxy(`http://127.0.0.1:${other.port}`);
    const end = await world.ask(await world.connect());
    expect(end.error).toMatchObject({ code: 'network/proxy-login', details: { wasSent: false } });
    expect(other.heads.join()).not.toContain('proxy-authorization');
  });

  it('for a proxy that the system named leaves the settings alone', async () => {
    const proxy = await world.startProxy({ login: LOGIN });
    await world.restart({ resolveProxy: () => Promise.resolve(`PROXY 127.0.0.1:${proxy.port}`) });
    await world.trust();
    const connectionId = await world.connect();
    expect((await world.ask(connectionId)).error?.code).toBe('network/proxy-login');
    await world.app.get('network.enterLogin', { proxy: 'asking' });
    const url = `http://127.0.0.1:${proxy.port}`;
    expect((await world.app.get('keyWindow.describe', {}, 'key')).proxy).toEqual({ url, isFixed: true });
    await world.app.get(
      'keyWindow.saveProxy',
      { url: 'http://evil.test:1', userName: USER, password: PASSWORD },
      'key',
    );
    expect((await world.app.get('settings.get', {})).proxy.mode).toBe('system');
    expect((await world.app.get('network.status', {})).login).toMatchObject({ proxy: url, state: 'ok' });
    expect(await world.ask(connectionId)).toMatchObject({ state: 'done' });
  });

  it('survives a restart, is not sent while the keystore is locked, and is gone when removed', async () => {
    const proxy = await world.startProxy({ login: LOGIN });
    await world.trust();
    await world.enterLogin(`http://127.0.0.1:${proxy.port}`);
    const connectionId = await world.connect();
    await world.restart();
    expect(await world.ask(connectionId)).toMatchObject({ state: 'done' });
    const sent = proxy.heads.length;
    world.app.cipher.failure = 'locked';
    expect(await world.test(connectionId)).toMatchObject({ code: 'secret/locked' });
    expect(proxy.heads).toHaveLength(sent);
    world.app.cipher.failure = null;
    await world.app.get('network.removeLogin', {});
    expect((await world.app.get('network.status', {})).login).toBeNull();
    expect((await world.ask(connectionId)).error?.code).toBe('network/proxy-login');
    expect(readFileSync(path.join(world.folder, 'vault.json'), 'utf8')).not.toContain('Proxy login');
  });

  it('is in no log, no event, no answer and no file', proves('proxy-login'), async () => {
    const proxy = await world.startProxy({ login: LOGIN });
    await world.trust();
    await world.enterLogin(`http://127.0.0.1:${proxy.port}`);
    await world.ask(await world.connect());
    const seen = [
      ...world.app.logger.lines,
      JSON.stringify(world.app.events.all),
      JSON.stringify(await world.app.get('network.status', {})),
      JSON.stringify(await world.app.get('network.list', {})),
      ...['settings.json', 'vault.json', 'certificates.json', 'connections.json'].map((file) =>
        readFileSync(path.join(world.folder, file), 'utf8'),
      ),
    ].join('\n');
    const forms = [
      PASSWORD,
      encodeURIComponent(PASSWORD),
      Buffer.from(LOGIN).toString('base64'),
      // The last four characters, which a key would show.
      PASSWORD.slice(-4),
      '%A9',
    ];
    expect(forms.filter((form) => seen.includes(form))).toEqual([]);
    expect(proxy.heads.join()).toContain(Buffer.from(LOGIN).toString('base64'));
  });

  it.each([
    ['http://proxy.test', '', 'pw'],
    ['http://proxy.test', 'a:b', 'pw'],
    ['http://proxy.test', 'ada', 'p\nw'],
    ['http://proxy.test', 'ada', 'x'.repeat(300)],
    ['ftp://proxy.test', 'ada', 'pw'],
    ['http://proxy.test/path', 'ada', 'pw'],
    ['', 'ada', 'pw'],
  ])('that no proxy could take is refused: %s %j %j', async (url, userName, password) => {
    await world.app.get('network.enterLogin', { proxy: 'manual' });
    const result = await world.app.call('keyWindow.saveProxy', { url, userName, password }, 'key');
    expect(result).toMatchObject({ ok: false, error: { code: 'network/proxy-invalid' } });
    expect(world.app.keyWindow.isOpen).toBe(true);
    expect((await world.app.get('network.status', {})).login).toBeNull();
  });

  it('is taken by a window that is open for it, which takes no key, and the other way round', async () => {
    await world.app.get('keys.openWindow', { connectionId: null });
    const login = { url: 'http://proxy.test:1', userName: USER, password: PASSWORD };
    expect(await world.app.call('keyWindow.saveProxy', login, 'key')).toMatchObject({
      error: { code: 'ipc/forbidden' },
    });
    expect(await world.app.call('keyWindow.saveProxy', login, 'chat')).toMatchObject({
      error: { code: 'ipc/forbidden' },
    });
    await world.app.get('network.enterLogin', { proxy: 'manual' });
    const key = {
      provider: 'compatible' as const,
      label: '',
      baseUrl: 'https://api.example.com',
      dialect: 'responses' as const,
      key: { source: 'typed' as const, text: KEY },
    };
    expect(await world.app.call('keyWindow.save', key, 'key')).toMatchObject({
      error: { code: 'ipc/forbidden' },
    });
  });
});
