import type { ProviderTurn } from '../providers/chat-provider.ts';

/** What a turn costs besides its text: roles and separators. */
const TOKENS_PER_TURN = 4;

/** Quarters of a token per character, by how many bytes it has in UTF-8. English has four letters to a token, Chinese one sign. */
const QUARTERS = { ascii: 1, twoBytes: 2, threeBytes: 4, fourBytes: 8 } as const;

/**
 * About how many tokens a text is, rather too many than too few. Not a tokenizer: one would stop the main process for seconds
 * on a text made for it, and every provider has its own (docs/adr/0010-ledger.md).
 */
export function estimateTokens(text: string): number {
  let quarters = 0;
  for (let index = 0; index < text.length; index += 1) quarters += quartersOf(text.charCodeAt(index));
  return Math.ceil(quarters / 4);
}

/** The same for all that is sent. */
export function estimateTurns(turns: readonly ProviderTurn[]): number {
  return turns.reduce((sum, { text }) => sum + TOKENS_PER_TURN + estimateTokens(text), 0);
}

function quartersOf(unit: number): number {
  if (unit < 0x80) return QUARTERS.ascii;
  if (unit < 0x800) return QUARTERS.twoBytes;
  // Half of a character outside the first plane: it takes two of them.
  if (unit >= 0xd800 && unit <= 0xdfff) return QUARTERS.fourBytes / 2;
  return QUARTERS.threeBytes;
}
