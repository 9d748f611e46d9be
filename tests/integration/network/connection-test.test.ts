import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSecureServer } from '../../harness/secure-server.ts';
import { createTestAuthority } from '../../harness/test-certificates.ts';
import { HOST, KEY, NetworkWorld, PASSWORD, USER } from './network-world.ts';

let world: NetworkWorld;

beforeEach(async () => {
  world = await new NetworkWorld().open();
});

afterEach(() => world.close());

const own = (): string => `https://localhost:${world.front.port}`;

describe('the test of a connection', () => {
  it('walks all the way', async () => {
    await world.trust();
    const { steps, outcomes } = await world.test(await world.connect(own()));
    expect(outcomes).toEqual(['proxy: skipped', 'dns: ok', 'tcp: ok', 'tls: ok', 'http: ok']);
    expect(steps.map(({ detail }) => detail)).toEqual([
      'None: this computer is never reached through a proxy.',
      expect.stringMatching(/^localhost is .*(127\.0\.0\.1|::1)/),
      expect.stringMatching(new RegExp(`^Connected to .*, port ${world.front.port}\\.$`)),
      expect.stringMatching(/^TLSv1\.3, issued by Test Company Root, valid until \d{4}-\d\d-\d\d\.$/),
      expect.stringMatching(/^The server answered and offers \d+ models?\.$/),
    ]);
    await expect.poll(() => world.app.get('network.list', {})).toHaveLength(1);
  });

  it('walks through a proxy', async () => {
    const proxy = await world.startProxy({ login: `${USER}:${PASSWORD}` });
    const url = `http://127.0.0.1:${proxy.port}`;
    await world.trust();
    await world.enterLogin(url);
    const { steps, outcomes } = await world.test(await world.connect());
    expect(outcomes).toEqual(['proxy: ok', 'dns: skipped', 'tcp: skipped', 'tls: ok', 'http: ok']);
    expect(steps[0]?.detail).toBe(`${url} opened the way.`);
    expect(JSON.stringify(steps)).not.toContain(PASSWORD);
    expect(JSON.stringify(steps)).not.toContain(KEY);
  });

  it('needs no TLS on this computer', async () => {
    const { outcomes } = await world.test(await world.connect(world.api.url));
    expect(outcomes).toEqual(['proxy: skipped', 'dns: skipped', 'tcp: ok', 'tls: skipped', 'http: ok']);
  });

  it('leaves no socket behind', async () => {
    await world.trust();
    const connectionId = await world.connect(own());
    await world.test(connectionId);
    await world.app.get('settings.change', { certificates: { usesSystemStore: false } });
    await expect.poll(() => world.front.openSockets()).toBe(0);
  });

  it('does not know of a connection that is gone', async () => {
    const result = await world.app.call('network.test', {
      connectionId: 'a0000000-0000-4000-8000-000000000001',
    });
    expect(result).toMatchObject({ error: { code: 'connection/not-found' } });
  });
});

describe('the test says what failed', () => {
  it('a name that nobody knows', async () => {
    const found = await world.test(await world.connect('https://no-such-host.test'));
    expect(found).toMatchObject({
      outcomes: ['proxy: skipped', 'dns: failed', 'tcp: skipped', 'tls: skipped', 'http: skipped'],
      code: 'network/dns',
      detail: 'No server is known by the name no-such-host.test.',
    });
    expect(found.steps[0]?.detail).toBe('None: the system names no proxy for this address.');
    expect(found.steps.at(-1)?.detail).toBe('Not tried.');
  });

  it('a port where nobody listens', async () => {
    const found = await world.test(await world.connect('https://127.0.0.1:9'));
    expect(found).toMatchObject({
      outcomes: ['proxy: skipped', 'dns: skipped', 'tcp: failed', 'tls: skipped', 'http: skipped'],
      code: 'network/unreachable',
      detail: 'Port 9 cannot be reached: nothing listens there.',
    });
  });

  it('an issuer nobody knows', async () => {
    const found = await world.test(await world.connect(own()));
    expect(found).toMatchObject({
      outcomes: ['proxy: skipped', 'dns: ok', 'tcp: ok', 'tls: failed', 'http: skipped'],
      code: 'network/tls',
      detail: 'The certificate was issued by Test Company Root, whom Latchkey does not know.',
    });
  });

  it('a wrong name', async () => {
    await world.trust();
    const front = await world.startFront(['one.test', 'two.test', 'three.test', 'four.test']);
    const found = await world.test(await world.connect(`https://localhost:${front.port}`));
    expect(found).toMatchObject({
      code: 'network/tls',
      detail: 'The certificate is for one.test, two.test, three.test and 1 more, not for localhost.',
    });
  });

  it('an expired certificate', async () => {
    await world.trust();
    const front = await world.startFront(['localhost'], { isExpired: true });
    const found = await world.test(await world.connect(`https://localhost:${front.port}`));
    expect(found.code).toBe('network/tls');
    expect(found.detail).toMatch(/^The certificate ended on \d{4}-\d\d-\d\d/);
  });

  it('a server that does not speak TLS', async () => {
    const found = await world.test(await world.connect(world.api.url.replace('http:', 'https:')));
    expect(found).toMatchObject({
      code: 'network/tls',
      detail: 'The server did not complete a secure handshake.',
    });
  });

  it('a certificate whose issuer hides invisible characters in its name', async () => {
    const sly = await createTestAuthority('Good\u202eRoot');
    const front = await world.startFront(['localhost'], { authority: sly });
    const found = await world.test(await world.connect(`https://localhost:${front.port}`));
    expect(found.detail).toContain('Good Root');
  });

  it('a key that is refused', async () => {
    await world.trust();
    const identity = await world.authority.issue(['localhost']);
    const server = await startSecureServer(identity, (_request, response) => {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: `Incorrect API key provided: ${KEY}` } }));
    });
    const found = await world.test(await world.connect(`https://localhost:${server.port}`));
    expect(found).toMatchObject({
      outcomes: ['proxy: skipped', 'dns: ok', 'tcp: ok', 'tls: ok', 'http: failed'],
      code: 'auth/rejected-key',
      detail: 'The server answered and refused the key (401).',
    });
    expect(JSON.stringify(found)).not.toContain(KEY);
    await server.stop();
  });

  it.each([
    [
      'wants a login',
      { login: 'a:b' },
      'network/proxy-login',
      'wants a login (407), and none is kept for it.',
    ],
    [
      'wants a login of another kind',
      { login: 'a:b', offers: 'Negotiate' },
      'network/proxy-login',
      'wants a NEGOTIATE login (407). Latchkey speaks Basic logins only.',
    ],
    ['refuses', { status: 403 }, 'network/proxy-refused', 'answered, but did not open the way (403).'],
  ])('a proxy that %s', async (_name, options, code, detail) => {
    const proxy = await world.startProxy(options);
    const url = `http://127.0.0.1:${proxy.port}`;
    await world.useProxy(url);
    const found = await world.test(await world.connect());
    expect(found).toMatchObject({
      outcomes: ['proxy: failed', 'dns: skipped', 'tcp: skipped', 'tls: skipped', 'http: skipped'],
      code,
      detail: `${url} ${detail}`,
    });
  });

  it('a login that the proxy refuses', async () => {
    const proxy = await world.startProxy({ login: 'a:b' });
    const url = `http://127.0.0.1:${proxy.port}`;
    await world.enterLogin(url);
    const found = await world.test(await world.connect());
    expect(found.detail).toBe(`${url} refused the login it was given (407).`);
  });

  it.each([
    ['http://127.0.0.1:9', 'nothing listens there'],
    ['socks5://127.0.0.1:9', 'nothing listens there'],
    ['http://no-such-proxy.test:3128', 'its name is not known'],
  ])('a proxy that is not there (%s)', async (url, reason) => {
    await world.useProxy(url);
    const found = await world.test(await world.connect());
    expect(found).toMatchObject({
      code: 'network/proxy-unreachable',
      detail: `${url} cannot be reached: ${reason}.`,
    });
  });

  it('an exception of the manual proxy', async () => {
    await world.useProxy('http://127.0.0.1:9', [HOST]);
    const found = await world.test(await world.connect());
    expect(found.steps[0]?.detail).toBe('None: this address is one of the exceptions.');
    expect(found.code).toBe('network/dns');
  });
});
