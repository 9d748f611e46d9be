import { describe, expect, it, vi } from 'vitest';
import { guardFetch } from './guarded-fetch.ts';

const guard = { origin: 'https://api.example.com', expectedType: 'application/json' } as const;

describe('guardFetch', () => {
  it.each([
    'https://api.example.com.evil.tld/v1',
    'https://evil.tld/v1',
    'http://api.example.com/v1',
    'https://api.example.com:8443/v1',
    'https://api.example.com@evil.tld/v1',
  ])('never asks %s', async (url) => {
    const fetch = vi.fn();
    await expect(guardFetch(fetch, guard)(url)).rejects.toMatchObject({ code: 'network/forbidden-origin' });
    expect(fetch).not.toHaveBeenCalled();
  });

  it('lets an answer of the expected type through and asks for no redirect', async () => {
    const answer = Response.json({ ok: true });
    const fetch = vi.fn(() => Promise.resolve(answer));
    expect(await guardFetch(fetch, guard)('https://api.example.com/v1/models', { method: 'GET' })).toBe(
      answer,
    );
    expect(fetch).toHaveBeenCalledWith('https://api.example.com/v1/models', {
      method: 'GET',
      redirect: 'manual',
    });
  });

  it('lets errors through whatever their type: the SDK reads their status', async () => {
    const answer = new Response('<h1>Bad gateway</h1>', {
      status: 502,
      headers: { 'content-type': 'text/html' },
    });
    expect(await guardFetch(() => Promise.resolve(answer), guard)('https://api.example.com/')).toBe(answer);
  });

  it('refuses a page that says 200', async () => {
    const answer = new Response('<h1>Sign in</h1>', {
      headers: { 'content-type': 'text/html; charset=utf-8' },
    });
    await expect(
      guardFetch(() => Promise.resolve(answer), guard)('https://api.example.com/'),
    ).rejects.toMatchObject({
      code: 'provider/unexpected-response',
    });
  });
});
