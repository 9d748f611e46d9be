import { describe, expect, it } from 'vitest';
import { readContextLimit } from './read-context-limit.ts';

describe('readContextLimit', () => {
  it.each([
    [
      "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
      8_192,
    ],
    ["400 This model's maximum context length is 128000 tokens.", 128_000],
    ['request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it', 4_096],
    ['However, the model is loaded with context length of only 2048 tokens, which is not enough.', 2_048],
    ['prompt is too long: 210000 tokens > 200000 maximum', 200_000],
    ['The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).', 1_048_576],
  ])('reads %j', (message, tokens) => {
    expect(readContextLimit(message)).toBe(tokens);
  });

  it.each([
    undefined,
    null,
    42,
    { message: 'maximum context length is 8192 tokens' },
    '',
    'too long',
    'maximum context length is 0 tokens',
    'maximum context length is 12 tokens',
    'maximum context length is -8192 tokens',
    'maximum context length is 8e9 tokens',
    'maximum context length is 9999999999999 tokens',
    'maximum context length is 999999999 tokens',
    'maximum context length is 8192.5 tokens',
    'maximum context length is  tokens',
    `${'x'.repeat(5_000)} maximum context length is 8192 tokens`,
  ])('reads nothing from %j', (message) => {
    expect(readContextLimit(message)).toBeNull();
  });
});
