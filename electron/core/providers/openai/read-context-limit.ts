/** Smaller windows than this do not exist, larger ones neither for years: such a number means something else. */
const MIN_TOKENS = 256;
const MAX_TOKENS = 100_000_000;

/**
 * How servers name the size of a window when a request was too long for it. The number must stand at a fixed place in a known
 * sentence: nothing is guessed from a text that anybody may have written.
 */
const SENTENCES: readonly RegExp[] = [
  // OpenAI, Azure, OpenRouter, vLLM.
  /\bmaximum context length is (\d{1,9}) tokens\b/i,
  // llama.cpp's server.
  /\bexceeds the available context size \((\d{1,9}) tokens\)/i,
  // LM Studio.
  /\bmodel is loaded with context length of only (\d{1,9}) tokens\b/i,
  // Anthropic.
  /\bprompt is too long: \d{1,9} tokens > (\d{1,9}) maximum\b/i,
  // Gemini.
  /\bexceeds the maximum number of tokens allowed \(?(\d{1,9})\)?/i,
];

/** Longer texts are not searched. */
const MAX_LENGTH = 2_000;

/** The size of a model's window in tokens, as a server's error states it; null when it does not. */
export function readContextLimit(message: unknown): number | null {
  if (typeof message !== 'string') return null;
  const text = message.slice(0, MAX_LENGTH);
  const stated = SENTENCES.map((sentence) => sentence.exec(text)?.[1]).find((found) => found !== undefined);
  const tokens = Number(stated);
  return Number.isSafeInteger(tokens) && tokens >= MIN_TOKENS && tokens <= MAX_TOKENS ? tokens : null;
}
