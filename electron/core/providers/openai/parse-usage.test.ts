import { describe, expect, it } from 'vitest';
import { parseCompletionUsage, parseResponseUsage } from './parse-usage.ts';

describe('usage', () => {
  it('is read from both dialects, with its parts', () => {
    const usage = {
      inputTokens: 100,
      outputTokens: 50,
      cachedInputTokens: 60,
      cacheWriteTokens: 10,
      reasoningTokens: 30,
    };
    const input = { cached_tokens: 60, cache_write_tokens: 10 };
    const output = { reasoning_tokens: 30 };
    expect(
      parseResponseUsage({
        input_tokens: 100,
        output_tokens: 50,
        total_tokens: 150,
        input_tokens_details: input,
        output_tokens_details: output,
      }),
    ).toEqual(usage);
    expect(
      parseCompletionUsage({
        prompt_tokens: 100,
        completion_tokens: 50,
        prompt_tokens_details: { ...input, audio_tokens: 0 },
        completion_tokens_details: output,
      }),
    ).toEqual(usage);
  });

  it('says nothing about parts that the API did not name', () => {
    const usage = { inputTokens: 1, outputTokens: 2 };
    expect(parseResponseUsage({ input_tokens: 1, output_tokens: 2 })).toEqual(usage);
    expect(
      parseCompletionUsage({ prompt_tokens: 1, completion_tokens: 2, prompt_tokens_details: null }),
    ).toEqual(usage);
  });

  it.each([
    undefined,
    null,
    'many',
    [],
    {},
    { input_tokens: 1 },
    { input_tokens: -1, output_tokens: 2 },
    { input_tokens: 1, output_tokens: -0.5 },
    { input_tokens: Number.NaN, output_tokens: 2 },
    { input_tokens: Number.POSITIVE_INFINITY, output_tokens: 2 },
    { input_tokens: 1e300, output_tokens: 2 },
    { input_tokens: 100_000_001, output_tokens: 2 },
    { input_tokens: '12', output_tokens: 2 },
    { input_tokens: null, output_tokens: 2 },
    { input_tokens: { valueOf: 1 }, output_tokens: 2 },
    { prompt_tokens: 1, completion_tokens: 2 },
  ])('is unknown for %j', (raw) => {
    expect(parseResponseUsage(raw)).toBeNull();
    if (raw && 'prompt_tokens' in Object(raw)) return;
    expect(parseCompletionUsage(raw)).toBeNull();
  });

  it.each([
    ['more cached than sent', { cached_tokens: 11 }, {}],
    ['cached and written more than sent', { cached_tokens: 6, cache_write_tokens: 6 }, {}],
    ['a negative part', { cached_tokens: -1 }, {}],
    ['a part in words', { cached_tokens: 'all' }, {}],
    ['details that are none', 'details', {}],
    ['more thought than written', {}, { reasoning_tokens: 21 }],
    ['thought without a number', {}, { reasoning_tokens: Number.NaN }],
    ['thought that is none', {}, 7],
  ])('keeps its sums and drops %s', (_name, input, output) => {
    expect(
      parseResponseUsage({
        input_tokens: 10,
        output_tokens: 20,
        input_tokens_details: input,
        output_tokens_details: output,
      }),
    ).toEqual({ inputTokens: 10, outputTokens: 20 });
  });
});
