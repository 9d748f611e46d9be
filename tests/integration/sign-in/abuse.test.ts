import { createConnection } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestCore } from '../../harness/create-test-core.ts';
import { approve, callLoopback, callbackUrlOf, navigate } from '../../harness/play-browser.ts';
import { startRawServer } from '../../harness/raw-server.ts';
import { SignInWorld, expectClosed } from '../../harness/sign-in-world.ts';
import { proves } from '../../harness/proves.ts';

let world: SignInWorld;

beforeEach(async () => {
  world = new SignInWorld();
  await world.open();
});

afterEach(() => world.close());

/** What is attacked with, and how: the right callback URL with a change to it, and a request that no browser would make. */
type Attack = readonly [
  what: string,
  change: ((url: URL) => unknown) | null,
  options: Parameters<typeof callLoopback>[1],
  status: number,
];

describe('abuse of the loopback port', () => {
  const CODE = 'a1b2c3d4-0000-4000-8000-000000000000';

  const attacks: readonly Attack[] = [
    ['another path', (url: URL) => Object.assign(url, { pathname: '/callback' }), {}, 404],
    [
      'a path that is nearly right',
      (url: URL) => Object.assign(url, { pathname: url.pathname.slice(0, -1) }),
      {},
      404,
    ],
    ['a page of another origin that fetches', null, { headers: { origin: 'https://attacker.example' } }, 403],
    [
      'a page that fetches without reading',
      null,
      { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'empty' } },
      403,
    ],
    [
      'a page that embeds it',
      null,
      {
        headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
      },
      403,
    ],
    ['a rebound name', null, { headers: { host: 'attacker.example:80' } }, 403],
    ['the same address by its number', null, { headers: { host: '127.0.0.1:80' } }, 403],
    ['POST', null, { method: 'POST', body: 'code=1' }, 405],
    ['OPTIONS', null, { method: 'OPTIONS' }, 405],
    ['a URL that is too long', (url: URL) => url.searchParams.set('x', 'a'.repeat(4_000)), {}, 414],
    ['headers that are too long', null, { headers: { 'x-long': 'a'.repeat(20_000) } }, 431],
    ['no code', (url: URL) => url.searchParams.delete('code'), {}, 400],
    ['two codes', (url: URL) => url.searchParams.append('code', CODE), {}, 400],
  ];

  it.each(attacks)(
    'refuses %s, and still takes the right browser after it',
    async (_what, change, options, status) => {
      const page = await world.begin();
      const attack = new URL(callbackUrlOf(page));
      attack.searchParams.set('code', CODE);
      change?.(attack);
      const refused = await callLoopback(attack.href, options);
      expect(refused.status).toBe(status);
      expect(refused.body).toBe('');
      expect(world.openRouter.exchanges).toEqual([]);
      expect(await world.app.get('signIn.status', {})).toMatchObject({ state: 'waiting' });
      await navigate(await approve(page));
      expect(await world.outcome()).toMatchObject({ state: 'done' });
    },
  );

  it(
    'tells a second callback that it comes too late, and exchanges the first only',
    proves('sign-in-blind'),
    async () => {
      let answerExchange: () => void = () => undefined;
      const asked = new Promise<void>((resolve) => {
        world.openRouter.options.answerExchange = (response) => {
          answerExchange = () =>
            response
              .writeHead(200, { 'content-type': 'application/json' })
              .end(JSON.stringify({ key: 'sk-or-v1-0123456789abcdef' }));
          resolve();
        };
      });
      const page = await world.begin();
      const [first, second] = [await approve(page), await approve(page)];
      expect((await navigate(first)).status).toBe(200);
      await asked;
      const late = await navigate(second);
      expect(late.status).toBe(409);
      expect(late.body).toContain('Already used');
      expect((await navigate(first)).status).toBe(409);
      answerExchange();
      expect(await world.outcome()).toMatchObject({ state: 'done' });
      expect(world.openRouter.exchanges).toHaveLength(1);
    },
  );

  it('takes one of many callbacks that arrive at once', async () => {
    const page = await world.begin();
    const callbacks = await Promise.all(Array.from({ length: 8 }, () => approve(page)));
    const answers = await Promise.allSettled(callbacks.map((callback) => navigate(callback)));
    const statuses = answers.flatMap((each) => (each.status === 'fulfilled' ? [each.value.status] : []));
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(await world.outcome()).toMatchObject({ state: 'done' });
    expect(world.openRouter.exchanges).toHaveLength(1);
  });

  it('gains nothing by replaying a code that was exchanged', proves('sign-in-blind'), async () => {
    const page = await world.begin();
    const callback = await approve(page);
    await navigate(callback);
    await world.outcome();
    const replayed = callbackUrlOf(await world.begin());
    await navigate(`${replayed}${new URL(callback).search}`);
    const failed = await world.app.events.next('signIn.changed', ({ state }) => state === 'failed');
    expect(failed.error?.code).toBe('sign-in/refused');
    expect(world.openRouter.minted).toHaveLength(1);
  });

  it(
    'gains nothing by bringing a code of its own: it was made for another challenge',
    proves('sign-in-blind'),
    async () => {
      const stranger = await createTestCore({
        folder: path.join(world.folder.path, 'stranger'),
        openRouterOrigin: world.openRouter.origin,
      });
      await stranger.get('signIn.start', { provider: 'openrouter' });
      const foreign = new URL(await approve(stranger.desktop.browserUrls[0] ?? ''));
      await navigate(`${callbackUrlOf(await world.begin())}${foreign.search}`);
      expect((await world.outcome()).error).toMatchObject({
        code: 'sign-in/refused',
        details: { status: 403 },
      });
      expect(await world.app.get('connections.list', {})).toEqual([]);
      await stranger.stop();
    },
  );

  it('takes no request without a Host, with two, or with a whole URL', async () => {
    const url = new URL(callbackUrlOf(await world.begin()));
    const target = `${url.pathname}?code=${CODE}`;
    for (const [head, status] of [
      [`GET ${target} HTTP/1.1\r\n`, '400'],
      [`GET ${target} HTTP/1.0\r\n`, '403'],
      [`GET ${target} HTTP/1.1\r\nHost: ${url.host}\r\nHost: attacker.example\r\n`, '40[03]'],
      [`GET http://${url.host}${target} HTTP/1.1\r\nHost: ${url.host}\r\n`, '404'],
      [`GET ${target} HTTP/1.1\r\nHost: ${url.host}\r\nbad header\r\n`, '400'],
      ['\u0016\u0003\u0001 not http\r\n', '400'],
    ] as const)
      expect(await sendRaw(Number(url.port), `${head}\r\n`)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(await world.app.get('signIn.status', {})).toMatchObject({ state: 'waiting' });
    expect(world.openRouter.exchanges).toEqual([]);
  });

  it('drops clients that dawdle or come in crowds, and still takes the right browser', async () => {
    const page = await world.begin();
    const port = Number(new URL(callbackUrlOf(page)).port);
    const crowd = Array.from({ length: 40 }, () => createConnection({ port, host: '127.0.0.1' }));
    const ends = crowd.map(
      (socket) =>
        new Promise<void>((resolve) => {
          socket.on('error', () => undefined);
          socket.once('connect', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: '));
          socket.once('close', () => resolve());
        }),
    );
    await Promise.all(ends);
    await navigate(await approve(page));
    expect(await world.outcome()).toMatchObject({ state: 'done' });
  }, 20_000);

  it('is not held up by a client that stays connected', async () => {
    const page = await world.begin();
    const port = Number(new URL(callbackUrlOf(page)).port);
    const idle = createConnection({ port, host: '127.0.0.1' });
    const closed = new Promise<void>((resolve) => void idle.once('close', () => resolve()));
    await new Promise<void>((resolve) => void idle.once('connect', () => resolve()));
    await world.app.get('signIn.cancel', {});
    await closed;
    await expectClosed(callbackUrlOf(page));
  });
});

describe('an exchange that goes wrong', () => {
  const json = { 'content-type': 'application/json' };
  const key = (value: unknown) => JSON.stringify({ key: value });

  it.each([
    ['a redirect', 302, { location: 'http://127.0.0.1:9/', ...json }, '', 'sign-in/unexpected-answer'],
    [
      'a redirect that repeats the post',
      307,
      { location: '/elsewhere', ...json },
      '',
      'sign-in/unexpected-answer',
    ],
    ['HTML', 200, { 'content-type': 'text/html' }, '<h1>hi</h1>', 'sign-in/unexpected-answer'],
    ['no content type', 200, {}, key('sk-or-v1-0123456789'), 'sign-in/unexpected-answer'],
    ['broken JSON', 200, json, '{"key":', 'sign-in/unexpected-answer'],
    ['nothing', 200, json, '', 'sign-in/unexpected-answer'],
    ['another object', 200, json, '{"token":"sk-or-v1-0123456789"}', 'sign-in/unexpected-answer'],
    ['a list', 200, json, '["sk-or-v1-0123456789"]', 'sign-in/unexpected-answer'],
    ['null', 200, json, 'null', 'sign-in/unexpected-answer'],
    ['a key that is a number', 200, json, key(1), 'sign-in/unexpected-answer'],
    ['an empty key', 200, json, key(''), 'sign-in/unexpected-answer'],
    ['a key of two lines', 200, json, key('sk-or-1\nsk-or-2'), 'sign-in/unexpected-answer'],
    ['a key that would be two headers', 200, json, key('sk\r\nx-evil: 1'), 'sign-in/unexpected-answer'],
    ['a key of 5 kB', 200, json, key('k'.repeat(5_000)), 'sign-in/unexpected-answer'],
    ['a key of 100 kB', 200, json, key('k'.repeat(100_000)), 'sign-in/unexpected-answer'],
    ['400', 400, json, '{"error":"Invalid code_challenge_method"}', 'sign-in/refused'],
    ['403', 403, json, '{"error":"Invalid code or code_verifier"}', 'sign-in/refused'],
    ['405', 405, json, '{}', 'sign-in/refused'],
    ['429', 429, { ...json, 'retry-after': '7' }, '{}', 'quota/rate-limited'],
    ['500', 500, json, '{"error":"oops"}', 'provider/server-error'],
    ['503 in HTML', 503, { 'content-type': 'text/html' }, '<h1>down</h1>', 'provider/server-error'],
  ] as const)('by %s adds nothing and says so', async (_what, status, headers, body, code) => {
    world.openRouter.options.answerExchange = (response) => response.writeHead(status, headers).end(body);
    const page = await world.begin();
    await navigate(await approve(page));
    const { error } = await world.outcome();
    expect(error?.code).toBe(code);
    expect(JSON.stringify(error)).not.toMatch(/sk-or|oops|Invalid code/);
    expect(await world.app.get('connections.list', {})).toEqual([]);
    expect(world.openRouter.exchanges).toHaveLength(1);
    await expectClosed(callbackUrlOf(page));
  });

  it('by an answer without end is cut off', async () => {
    let sent = 0;
    world.openRouter.options.answerExchange = (response) => {
      response.writeHead(200, json);
      const more = setInterval(() => {
        sent += 1024;
        response.write('x'.repeat(1024));
      }, 1);
      response.once('close', () => clearInterval(more));
    };
    await navigate(await approve(await world.begin()));
    expect((await world.outcome()).error?.code).toBe('sign-in/unexpected-answer');
    expect(sent).toBeLessThan(4 * 1024 * 1024);
  });

  it('by a connection that breaks says so', async () => {
    world.openRouter.options.answerExchange = (response) => response.destroy();
    await navigate(await approve(await world.begin()));
    expect((await world.outcome()).error?.code).toBe('network/interrupted');
  });

  it('by a server that is not there says so', async () => {
    const gone = await startRawServer((_request, socket) => socket.end());
    await gone.stop();
    await world.restart({ openRouterOrigin: new URL(gone.baseUrl).origin });
    await navigate(`${callbackUrlOf(await world.begin())}?code=0123456789`);
    expect((await world.outcome()).error?.code).toBe('network/unreachable');
  });

  it('can be tried again', async () => {
    world.openRouter.options.answerExchange = (response) => response.writeHead(500, json).end('{}');
    await navigate(await approve(await world.begin()));
    expect((await world.outcome()).error?.code).toBe('provider/server-error');
    delete world.openRouter.options.answerExchange;
    await world.signIn();
    expect(await world.app.get('connections.list', {})).toHaveLength(1);
  });
});

/** Writes raw bytes and returns the first line of the answer. */
function sendRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = createConnection({ port, host: '127.0.0.1' }, () => socket.write(bytes));
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => (answer += text));
    socket.once('error', reject);
    socket.once('close', () => resolve(answer.split('\r\n')[0] ?? ''));
  });
}
