import type { Message } from '../../contract/model/conversation.ts';
import { estimateTokens } from '../ledger/estimate-tokens.ts';

/** Messages remembered at most, those counted longest ago go first: several of the longest conversations, and some MB. */
const MAX_MESSAGES = 50_000;

/**
 * How many tokens the texts of messages are. A long conversation is asked about again with every pause in typing; counting all of
 * it each time would hold main up.
 */
export class CountedMessages {
  readonly #counted = new Map<string, { readonly length: number; readonly tokens: number }>();
  readonly #count: (text: string) => number;

  constructor(count: (text: string) => number = estimateTokens) {
    this.#count = count;
  }

  /** A text only ever grows (Continue, a running answer), so its length tells whether it is the one that was counted. */
  tokensOf({ id, text }: Pick<Message, 'id' | 'text'>): number {
    const known = this.#counted.get(id);
    if (known?.length === text.length) return known.tokens;
    const tokens = this.#count(text);
    this.#counted.delete(id);
    this.#counted.set(id, { length: text.length, tokens });
    const [oldest] = this.#counted.keys();
    if (this.#counted.size > MAX_MESSAGES && oldest !== undefined) this.#counted.delete(oldest);
    return tokens;
  }
}
