import { describe, expect, it } from 'vitest';
import { judgeCallback, type CallbackRequest } from './judge-callback.ts';

const PATH = `/${'p'.repeat(43)}`;
const CODE = '4f0c1a52-8a2e-4a53-9c1d-0f6a1b2c3d4e';
const EXPECTED = { host: 'localhost:51423', path: PATH };

const NAVIGATION: CallbackRequest = {
  method: 'GET',
  target: `${PATH}?code=${CODE}`,
  headers: {
    host: ['localhost:51423'],
    'sec-fetch-site': ['cross-site'],
    'sec-fetch-mode': ['navigate'],
    'sec-fetch-dest': ['document'],
  },
};

function judge(change: Partial<CallbackRequest>) {
  const headers = { ...NAVIGATION.headers, ...change.headers };
  return judgeCallback({ ...NAVIGATION, ...change, headers }, EXPECTED);
}

describe('judgeCallback', () => {
  it('takes the navigation that brings the code', () => {
    expect(judge({})).toEqual({ kind: 'code', code: CODE });
  });

  it('takes it from a browser that says nothing of what a request is for, and with parameters it does not know', () => {
    expect(judgeCallback({ ...NAVIGATION, headers: { host: ['localhost:51423'] } }, EXPECTED).kind).toBe(
      'code',
    );
    expect(judge({ target: `${PATH}?code=${CODE}&user=1` }).kind).toBe('code');
  });

  it.each([
    ['access_denied', 'denied'],
    ['server_error', 'failed'],
    ['<script>', 'failed'],
  ])('reads the error %s as %s', (error, kind) => {
    expect(judge({ target: `${PATH}?error=${encodeURIComponent(error)}` })).toEqual({ kind });
  });

  it.each([
    ['another path', { target: `/${'q'.repeat(43)}?code=${CODE}` }, 404],
    ['the path without its end', { target: `${PATH.slice(0, -1)}?code=${CODE}` }, 404],
    ['more than the path', { target: `${PATH}/?code=${CODE}` }, 404],
    ['the path in other letters', { target: `${PATH.toUpperCase()}?code=${CODE}` }, 404],
    ['the path with an escape', { target: `${PATH.slice(0, -1)}%70?code=${CODE}` }, 404],
    ['a detour to the path', { target: `/x/..${PATH}?code=${CODE}` }, 404],
    ['a whole URL as target', { target: `http://localhost:51423${PATH}?code=${CODE}` }, 404],
    ['the root', { target: '/' }, 404],
    ['an empty target', { target: '' }, 404],
    ['no query', { target: PATH }, 400],
    ['an empty code', { target: `${PATH}?code=` }, 400],
    ['a short code', { target: `${PATH}?code=abc` }, 400],
    ['a long code', { target: `${PATH}?code=${'a'.repeat(513)}` }, 400],
    ['a code with a line break', { target: `${PATH}?code=${CODE}%0d%0a` }, 400],
    ['a code with a NUL', { target: `${PATH}?code=${CODE}%00` }, 400],
    ['two codes', { target: `${PATH}?code=${CODE}&code=${CODE}` }, 400],
    ['a code and an error', { target: `${PATH}?code=${CODE}&error=access_denied` }, 400],
    ['two errors', { target: `${PATH}?error=a&error=b` }, 400],
    ['a target that is too long', { target: `${PATH}?code=${CODE}&x=${'a'.repeat(2048)}` }, 414],
    ['POST', { method: 'POST' }, 405],
    ['HEAD', { method: 'HEAD' }, 405],
    ['OPTIONS', { method: 'OPTIONS' }, 405],
    ['get', { method: 'get' }, 405],
    ['a rebound name', { headers: { host: ['attacker.example:51423'] } }, 403],
    ['another name of this computer', { headers: { host: ['127.0.0.1:51423'] } }, 403],
    ['another port', { headers: { host: ['localhost:51424'] } }, 403],
    ['no port', { headers: { host: ['localhost'] } }, 403],
    ['a name that begins alike', { headers: { host: ['localhost:51423.attacker.example'] } }, 403],
    ['no Host', { headers: { host: undefined } }, 403],
    ['two Hosts', { headers: { host: ['localhost:51423', 'attacker.example'] } }, 403],
    ['an Origin', { headers: { origin: ['https://attacker.example'] } }, 403],
    ['an opaque Origin', { headers: { origin: ['null'] } }, 403],
    ['an Origin of its own', { headers: { origin: ['http://localhost:51423'] } }, 403],
    ['a fetch', { headers: { 'sec-fetch-mode': ['cors'] } }, 403],
    ['a fetch that may not read', { headers: { 'sec-fetch-mode': ['no-cors'] } }, 403],
    ['a web socket', { headers: { 'sec-fetch-mode': ['websocket'] } }, 403],
    ['a frame', { headers: { 'sec-fetch-dest': ['iframe'] } }, 403],
    ['an image', { headers: { 'sec-fetch-mode': ['no-cors'], 'sec-fetch-dest': ['image'] } }, 403],
    ['two modes', { headers: { 'sec-fetch-mode': ['navigate', 'cors'] } }, 403],
  ] as const)('refuses %s', (_what, change, status) => {
    expect(judge(change as Partial<CallbackRequest>)).toEqual({ kind: 'refused', status });
  });
});
