import { Lexer, Tokenizer } from 'marked';
import type { Token, Tokens } from 'marked';

/** Deeper quotes and lists than this are shown as they were written. */
const MAX_BLOCK_DEPTH = 12;
/** Deeper emphasis and links than this are shown as they were written. */
const MAX_INLINE_DEPTH = 12;
/** A block longer than this is shown as plain text: nobody formats a paragraph of 20,000 characters. */
const MAX_BLOCK_LENGTH = 20_000;
/** A table or list may be longer, since its inline text comes in small pieces. */
const MAX_CONTAINER_LENGTH = 200_000;
/** More characters than this that could open or close inline markup make matching them slow. */
const MAX_INLINE_MARKS = 600;

const quoteStart = /^ {0,3}>/;
const listStart = /^ {0,3}(?:[*+-]|\d{1,9}[.)])(?:[ \t\n]|$)/;

/** Marked's tokenizer with bounded recursion, and without reference definitions (a later line must not change an earlier one). */
class BoundedTokenizer extends Tokenizer {
  #blockDepth = 0;
  #inlineDepth = 0;

  override def(): undefined {
    return undefined;
  }

  override blockquote(src: string): Tokens.Blockquote | undefined {
    if (!quoteStart.test(src)) return undefined;
    return this.#nestBlock(src, () => super.blockquote(src));
  }

  override list(src: string): Tokens.List | undefined {
    if (!listStart.test(src)) return undefined;
    return this.#nestBlock(src, () => super.list(src));
  }

  override link(src: string): Tokens.Link | Tokens.Image | undefined {
    return this.#nestInline(() => super.link(src));
  }

  override emStrong(src: string, masked: string, before?: string): Tokens.Em | Tokens.Strong | undefined {
    return this.#nestInline(() => super.emStrong(src, masked, before));
  }

  override del(src: string, masked: string, before?: string): Tokens.Del | undefined {
    return this.#nestInline(() => super.del(src, masked, before));
  }

  #nestBlock<T extends Tokens.Blockquote | Tokens.List>(
    src: string,
    read: () => T | undefined,
  ): T | undefined {
    // `text` is not the type marked expects here, but its lexer only pushes the token and moves on by `raw`.
    if (this.#blockDepth >= MAX_BLOCK_DEPTH) return plainToken(firstParagraph(src)) as unknown as T;
    this.#blockDepth += 1;
    try {
      return read();
    } finally {
      this.#blockDepth -= 1;
    }
  }

  #nestInline<T>(read: () => T | undefined): T | undefined {
    if (this.#inlineDepth >= MAX_INLINE_DEPTH) return undefined;
    this.#inlineDepth += 1;
    try {
      return read();
    } finally {
      this.#inlineDepth -= 1;
    }
  }
}

/** A piece of text that ends where a block ends. */
export interface BlockSource {
  readonly type: string;
  readonly raw: string;
}

/** Cuts text into top-level blocks. The pieces put together are the text again. Never throws. */
export function splitBlocks(text: string): readonly BlockSource[] {
  try {
    const lexer = new Lexer({ gfm: true, tokenizer: new BoundedTokenizer() });
    return lexer.blockTokens(text, []);
  } catch {
    // The budgets should make this impossible; plain text is right whatever happened.
    return [{ type: 'plain', raw: text }];
  }
}

/** The tokens of one block, inline text included; plain text when it is over budget. Never throws. */
export function lexBlock(raw: string): readonly Token[] {
  const [first] = splitBlocks(raw);
  if (first === undefined || isOverBudget(first)) return [plainToken(raw)];
  try {
    return new Lexer({ gfm: true, tokenizer: new BoundedTokenizer() }).lex(raw);
  } catch {
    return [plainToken(raw)];
  }
}

function isOverBudget(block: BlockSource): boolean {
  if (block.type === 'code' || block.type === 'html') return false;
  const isContainer = block.type === 'list' || block.type === 'table' || block.type === 'blockquote';
  if (block.raw.length > (isContainer ? MAX_CONTAINER_LENGTH : MAX_BLOCK_LENGTH)) return true;
  return block.raw.split('\n\n').some(hasTooManyMarks);
}

function hasTooManyMarks(text: string): boolean {
  // Tables have many cells, each a small inline text of its own: count per line there, per paragraph elsewhere.
  const pieces = text.includes('|') ? text.split('\n') : [text];
  return pieces.some((piece) => (piece.match(/[*_~[\]`<!\\]/g)?.length ?? 0) > MAX_INLINE_MARKS);
}

function plainToken(raw: string): Tokens.Generic {
  return { type: 'plain', raw, text: raw };
}

function firstParagraph(src: string): string {
  const end = src.search(/\n[ \t]*\n/);
  return end === -1 ? src : src.slice(0, end);
}
