import { splitBlocks } from './bounded-lexer.ts';

/** Blocks that will not change any more, kept together so that React can skip them together. */
export type BlockGroup = readonly string[];

const GROUP_SIZE = 24;

/**
 * Cuts a growing text into blocks. Only the part after the last finished block is looked at again;
 * the result is the same as cutting the whole text at once.
 */
export class BlockStream {
  #text = '';
  #groups: BlockGroup[] = [];
  #open: string[] = [];
  #frozenLength = 0;
  #tail: readonly string[] = [];

  /** Groups of finished blocks, each the same array for as long as it lives. */
  get groups(): readonly BlockGroup[] {
    return this.#groups;
  }

  /** The last finished blocks and the ones that may still change. */
  get tail(): readonly string[] {
    return this.#tail;
  }

  /** All blocks in order. */
  get blocks(): readonly string[] {
    return [...this.#groups.flat(), ...this.#tail];
  }

  /** Shows a text: cheap when it continues the one before, from the start when it does not. */
  update(text: string): void {
    if (text === this.#text) return;
    if (!text.startsWith(this.#text)) this.#reset();
    this.#text = text;
    const rest = text.slice(this.#frozenLength);
    const finished = this.#freeze(rest);
    this.#tail = [...this.#open, ...cut(rest.slice(finished))];
  }

  /** Finished is what a complete line after it has begun another block; returns how much of `rest` that is. */
  #freeze(rest: string): number {
    const lastBreak = rest.lastIndexOf('\n');
    if (lastBreak === -1) return 0;
    // Line ends are made the same by one character for one, so that lengths stay those of the text.
    const tokens = splitBlocks(sameLineEnds(rest.slice(0, lastBreak + 1)));
    const lastBlock = tokens.findLastIndex((token) => token.type !== 'space');
    let length = 0;
    for (const token of tokens.slice(0, Math.max(0, lastBlock))) {
      length += token.raw.length;
      if (token.type !== 'space') this.#keep(token.raw);
    }
    this.#frozenLength += length;
    return length;
  }

  #keep(block: string): void {
    this.#open.push(block);
    if (this.#open.length === GROUP_SIZE) {
      this.#groups = [...this.#groups, this.#open];
      this.#open = [];
    }
  }

  #reset(): void {
    this.#groups = [];
    this.#open = [];
    this.#frozenLength = 0;
    this.#tail = [];
  }
}

function cut(text: string): readonly string[] {
  return splitBlocks(sameLineEnds(text))
    .filter((token) => token.type !== 'space')
    .map((token) => token.raw);
}

function sameLineEnds(text: string): string {
  // A carriage return before a line feed becomes a space at the end of its line, where Markdown ignores one.
  return text.includes('\r') ? text.replaceAll('\r\n', ' \n').replaceAll('\r', '\n') : text;
}
