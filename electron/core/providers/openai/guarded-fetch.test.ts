import { randomUUID } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { NetworkLog } from '../../network/network-log.ts';
import { MAX_ANSWER_BYTES, MAX_LINE_BYTES, guardFetch } from './guarded-fetch.ts';

const log = new NetworkLog({ now: () => 1_000 }, { next: () => randomUUID() }, () => true);
const guard = {
  origin: 'https://api.example.com',
  purpose: 'model-list',
  keyLabel: 'work',
  log,
  signal: new AbortController().signal,
} as const;

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
    const fetch = vi.fn(() => Promise.resolve(Response.json({ ok: true })));
    const answer = await guardFetch(fetch, guard)('https://api.example.com/v1/models', { method: 'GET' });
    expect(await answer.json()).toEqual({ ok: true });
    expect(fetch).toHaveBeenCalledWith(
      'https://api.example.com/v1/models',
      { method: 'GET', redirect: 'manual' },
      expect.anything(),
    );
  });

  it('lets errors through whatever their type: the SDK reads their status', async () => {
    const answer = new Response('<h1>Bad gateway</h1>', {
      status: 502,
      headers: { 'content-type': 'text/html' },
    });
    const passed = await guardFetch(() => Promise.resolve(answer), guard)('https://api.example.com/');
    expect([passed.status, await passed.text()]).toEqual([502, '<h1>Bad gateway</h1>']);
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

  it.each([
    ['one endless line', MAX_LINE_BYTES, 'x'.repeat(65_536)],
    ['no end of lines', MAX_ANSWER_BYTES, 'data: {}\n\n'.repeat(6_554)],
  ])('stops an answer with %s and closes its source', async (_name, limit, chunk) => {
    let sent = 0;
    let isCancelled = false;
    const source = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += chunk.length;
        controller.enqueue(Buffer.from(chunk));
      },
      cancel() {
        isCancelled = true;
      },
    });
    const headers = { 'content-type': 'text/event-stream' };
    const fetch = () => Promise.resolve(new Response(source, { headers }));
    const answer = await guardFetch(fetch, { ...guard, purpose: 'answer' })('https://api.example.com/');
    await expect(answer.text()).rejects.toMatchObject({ code: 'provider/unexpected-response' });
    expect(sent).toBeLessThan(limit + 4 * chunk.length);
    await expect.poll(() => isCancelled).toBe(true);
    expect(log.list()[0]).toMatchObject({ outcome: 'provider/unexpected-response', status: 200 });
  });

  it('logs where, what for, with which key and how much, and nothing of the content', async () => {
    const fetch = () => Promise.resolve(Response.json({ secret: 'content' }));
    const answer = await guardFetch(fetch, guard)('https://api.example.com/v1/x', {
      method: 'POST',
      body: '{"a":"é"}',
    });
    await answer.text();
    expect(log.list()[0]).toMatchObject({
      origin: 'https://api.example.com',
      purpose: 'model-list',
      keyLabel: 'work',
      status: 200,
      sentBytes: 10,
      receivedBytes: 20,
      outcome: 'done',
    });
    expect(JSON.stringify(log.list())).not.toMatch(/content"|é|v1/);
  });
});
