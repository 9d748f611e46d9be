import type { KeyBreadth, ProviderKind } from '../../contract/model/connection.ts';

/** What the public prefix of a key tells. */
export interface KeyShape {
  /** Whose key it looks like, for people; null when the prefix says nothing. */
  readonly provider: string | null;
  readonly breadth: KeyBreadth;
}

/**
 * Prefixes as the providers publish them, longest first. `kinds` are the connections such a key belongs to: a provider that
 * Latchkey has no kind of its own for is reached as `compatible`.
 */
const SHAPES: readonly {
  readonly prefix: string;
  readonly provider: string;
  readonly breadth: KeyBreadth;
  readonly kinds: readonly ProviderKind[];
}[] = [
  { prefix: 'sk-svcacct-', provider: 'OpenAI', breadth: 'project', kinds: ['openai'] },
  { prefix: 'sk-admin-', provider: 'OpenAI', breadth: 'admin', kinds: ['openai'] },
  { prefix: 'sk-proj-', provider: 'OpenAI', breadth: 'project', kinds: ['openai'] },
  { prefix: 'sk-None-', provider: 'OpenAI', breadth: 'account', kinds: ['openai'] },
  { prefix: 'sk-or-', provider: 'OpenRouter', breadth: 'account', kinds: ['openrouter'] },
  { prefix: 'sk-ant-admin', provider: 'Anthropic', breadth: 'admin', kinds: ['compatible'] },
  { prefix: 'sk-ant-', provider: 'Anthropic', breadth: 'unknown', kinds: ['compatible'] },
  { prefix: 'gsk_', provider: 'Groq', breadth: 'unknown', kinds: ['compatible'] },
  { prefix: 'xai-', provider: 'xAI', breadth: 'unknown', kinds: ['compatible'] },
  { prefix: 'AIza', provider: 'Google', breadth: 'unknown', kinds: ['compatible'] },
  { prefix: 'pplx-', provider: 'Perplexity', breadth: 'unknown', kinds: ['compatible'] },
  { prefix: 'hf_', provider: 'Hugging Face', breadth: 'unknown', kinds: ['compatible'] },
];

/** A key of OpenAI's from before there were projects: `sk-` and 48 letters and digits. It can do whatever its account can. */
const OLD_OPENAI_KEY = /^sk-[A-Za-z0-9]{40,}$/;

/** Reads the public prefix of a key. */
export function readKeyShape(key: string): KeyShape {
  const shape = SHAPES.find(({ prefix }) => key.startsWith(prefix));
  if (shape !== undefined) return { provider: shape.provider, breadth: shape.breadth };
  if (OLD_OPENAI_KEY.test(key)) return { provider: 'OpenAI', breadth: 'account' };
  return { provider: null, breadth: 'unknown' };
}

/** Whose key it looks like, when that is not the provider it is entered for; null when nothing speaks against it. */
export function findOtherProvider(key: string, kind: ProviderKind): string | null {
  // A compatible server may hand out keys of any shape, and gateways take those of others.
  if (kind !== 'openai' && kind !== 'openrouter') return null;
  const shape = SHAPES.find(({ prefix }) => key.startsWith(prefix));
  return shape === undefined || shape.kinds.includes(kind) ? null : shape.provider;
}

/** A stretch of text. */
export interface Stretch {
  readonly start: number;
  readonly length: number;
}

/** Keys as they stand in running text: a published prefix, then at least 20 characters of which some are digits and some letters. */
const KEY_IN_TEXT =
  /(?<![A-Za-z0-9_-])(?:sk-(?:proj-|svcacct-|admin-|None-|or-v\d-|ant-(?:api|admin)\d\d-)?|gsk_|xai-|pplx-|hf_|AIza)[A-Za-z0-9_-]{20,}/g;

/** The stretches of a text that look like an API key, in order. */
export function findKeysInText(text: string): readonly Stretch[] {
  return [...text.matchAll(KEY_IN_TEXT)]
    .filter(([match]) => /\d/.test(match) && /[A-Za-z]/.test(match.slice(3)))
    .map(({ 0: match, index }) => ({ start: index, length: match.length }));
}

/** The text without these stretches. */
export function cutStretches(text: string, stretches: readonly Stretch[]): string {
  return stretches.toReversed().reduce((rest, { start, length }) => {
    return rest.slice(0, start) + rest.slice(start + length);
  }, text);
}
