import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../contract/app-error.ts';
import { closeEntry, NO_PICTURES } from './close-entry.ts';
import { PICTURE_TOKENS } from './estimate-tokens.ts';
import type { OpenEntry } from './ledger-store.ts';

const id = '00000000-0000-4000-8000-000000000000';
const rates = { cachedInputMicroUsd: null, cacheWriteMicroUsd: null };
const entry: OpenEntry = {
  id,
  at: 0,
  day: '2026-11-25',
  purpose: 'answer',
  connectionId: id,
  connectionLabel: '',
  keyId: null,
  keyLabel: null,
  model: 'm',
  conversationId: id,
  messageId: id,
  inputTokens: 100,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 2_000,
  reasoningTokens: 0,
  costMicroUsd: 2_100,
  isEstimated: true,
  price: {
    model: 'm',
    origin: 'own',
    rates: { ...rates, inputMicroUsd: 1_000_000, outputMicroUsd: 1_000_000 },
    longContext: null,
    sourceUrl: null,
    readOn: null,
  },
  textBefore: 0,
};

const failed = (code: ErrorCode) => ({ code, message: '', details: {} });

describe('closeEntry', () => {
  it('believes what the API reported, also of an answer that was cut short', () => {
    const usage = { inputTokens: 10, outputTokens: 20, reasoningTokens: 5 };
    const error = failed('provider/incomplete');
    expect(closeEntry(entry, { error, usage, receivedText: 'half', pictures: NO_PICTURES })).toMatchObject({
      inputTokens: 10,
      outputTokens: 20,
      reasoningTokens: 5,
      costMicroUsd: 30,
      isEstimated: false,
    });
  });

  it('estimates an answer that was stopped from what was sent and what came', () => {
    const end = closeEntry(entry, {
      error: null,
      usage: null,
      receivedText: 'x'.repeat(400),
      pictures: NO_PICTURES,
    });
    expect(end).toMatchObject({ inputTokens: 100, outputTokens: 100, costMicroUsd: 200, isEstimated: true });
  });

  it.each(['network/timeout', 'network/interrupted', 'storage/full', 'provider/failed'] as const)(
    'counts what was sent when it ended with %s before the first word',
    (code) => {
      const end = closeEntry(entry, {
        error: failed(code),
        usage: null,
        receivedText: '',
        pictures: NO_PICTURES,
      });
      expect(end).toMatchObject({ outputTokens: 0, costMicroUsd: 100, isEstimated: true });
    },
  );

  it.each([
    'auth/rejected-key',
    'quota/rate-limited',
    'network/unreachable',
    'network/proxy-login',
    'secret/locked',
    'provider/server-error',
  ] as const)('counts nothing for %s, unless words had come before it', (code) => {
    const error = failed(code);
    expect(closeEntry(entry, { error, usage: null, receivedText: '', pictures: NO_PICTURES })).toBeNull();
    expect(
      closeEntry(entry, { error, usage: null, receivedText: 'word', pictures: NO_PICTURES }),
    ).toMatchObject({
      outputTokens: 1,
    });
  });

  it('keeps unknown what was unknown', () => {
    const price = entry.price === null ? null : { ...entry.price, rates: null, origin: 'unknown' as const };
    const usage = { inputTokens: 10, outputTokens: 20 };
    expect(
      closeEntry({ ...entry, price }, { error: null, usage, receivedText: '', pictures: NO_PICTURES })
        ?.costMicroUsd,
    ).toBeNull();
    expect(
      closeEntry({ ...entry, price: null }, { error: null, usage, receivedText: '', pictures: NO_PICTURES })
        ?.costMicroUsd,
    ).toBeNull();
  });

  it.each([
    ['arrived', { received: 2, begun: 2 }, 2],
    ['was stopped', { received: 0, begun: 1 }, 1],
    ['was stopped after another', { received: 1, begun: 2 }, 2],
  ])('estimates a picture that %s as a whole when nobody counted it', (_what, pictures, count) => {
    const end = closeEntry(entry, { error: null, usage: null, receivedText: '', pictures });
    const outputTokens = count * PICTURE_TOKENS;
    expect(end).toMatchObject({ outputTokens, costMicroUsd: 100 + outputTokens, isEstimated: true });
  });

  it('bills a picture that arrived before the server gave up, and none that was refused', () => {
    const error = failed('provider/server-error');
    const refused = { received: 0, begun: 1 };
    expect(closeEntry(entry, { error, usage: null, receivedText: '', pictures: refused })).toBeNull();
    const arrived = { received: 1, begun: 1 };
    expect(closeEntry(entry, { error, usage: null, receivedText: '', pictures: arrived })).toMatchObject({
      outputTokens: PICTURE_TOKENS,
      isEstimated: true,
    });
  });
});
