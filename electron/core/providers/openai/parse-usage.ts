import { z } from 'zod';
import type { Usage } from '../../../contract/model/conversation.ts';

/** No request has as many tokens; a server that says so is not believed. */
const MAX_TOKENS = 100_000_000;

const countSchema = z.number().int().min(0).max(MAX_TOKENS);
/** A part that makes no sense is left out; it must not take the whole along. */
const partSchema = countSchema.nullish().catch(null);

const inputDetailsSchema = z
  .object({ cached_tokens: partSchema, cache_write_tokens: partSchema })
  .nullish()
  .catch(null);
const outputDetailsSchema = z.object({ reasoning_tokens: partSchema }).nullish().catch(null);

const responseUsageSchema = z.object({
  input_tokens: countSchema,
  output_tokens: countSchema,
  input_tokens_details: inputDetailsSchema,
  output_tokens_details: outputDetailsSchema,
});

const completionUsageSchema = z.object({
  prompt_tokens: countSchema,
  completion_tokens: countSchema,
  prompt_tokens_details: inputDetailsSchema,
  completion_tokens_details: outputDetailsSchema,
});

/** Usage as the Responses API reports it; null when it is absent or makes no sense: unknown, never zero. */
export function parseResponseUsage(raw: unknown): Usage | null {
  const parsed = responseUsageSchema.safeParse(raw);
  if (!parsed.success) return null;
  const { input_tokens, output_tokens, input_tokens_details, output_tokens_details } = parsed.data;
  return toUsage(input_tokens, output_tokens, { ...input_tokens_details, ...output_tokens_details });
}

/** The same for Chat Completions, which has other names for it. */
export function parseCompletionUsage(raw: unknown): Usage | null {
  const parsed = completionUsageSchema.safeParse(raw);
  if (!parsed.success) return null;
  const { prompt_tokens, completion_tokens, prompt_tokens_details, completion_tokens_details } = parsed.data;
  return toUsage(prompt_tokens, completion_tokens, {
    ...prompt_tokens_details,
    ...completion_tokens_details,
  });
}

type Parts = Partial<
  Record<'cached_tokens' | 'cache_write_tokens' | 'reasoning_tokens', number | null | undefined>
>;

/** Parts that are larger than their whole are not believed. */
function toUsage(inputTokens: number, outputTokens: number, parts: Parts): Usage {
  const { cached_tokens: cached, cache_write_tokens: written, reasoning_tokens: reasoning } = parts;
  const isInputSound = (cached ?? 0) + (written ?? 0) <= inputTokens;
  const isOutputSound = (reasoning ?? 0) <= outputTokens;
  return {
    inputTokens,
    outputTokens,
    ...(isInputSound && typeof cached === 'number' ? { cachedInputTokens: cached } : {}),
    ...(isInputSound && typeof written === 'number' ? { cacheWriteTokens: written } : {}),
    ...(isOutputSound && typeof reasoning === 'number' ? { reasoningTokens: reasoning } : {}),
  };
}
