import type { ProviderFile, ProviderTurn } from '../providers/chat-provider.ts';

/** What a turn costs besides its text: roles and separators. */
const TOKENS_PER_TURN = 4;

/** Between English (four bytes to a token) and Chinese (three). */
const TEXT_BYTES_PER_TOKEN = 3;
/** A page is some 60 kB and, as text and as a picture, some 1,500 tokens. It can be ten times more or less. */
const PDF_BYTES_PER_TOKEN = 40;
const MIN_PDF_TOKENS = 1_500;
/** https://platform.openai.com/docs/guides/images-vision, read 2026-11-26. */
const IMAGE_TOKENS = 85;
const TILE_TOKENS = 170;
const TILE_SIDE = 512;
const MAX_SHORT_SIDE = 768;

/**
 * What a picture comes to that a model makes: a square of 1024 pixels in high quality from gpt-image-2, the dearest that is made
 * where nobody names a size. A wide one takes 5,488, and gpt-image-1 takes at most 6,240.
 * https://community.openai.com/t/livestream-starting-now-chatgpt-images-2-0/1379464?page=2, read 2026-11-26.
 */
export const PICTURE_TOKENS = 7_024;

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

/** Counted once: the fitter, the ledger and whoever learns from a refusal ask about the same turns. */
const countedTexts = new WeakMap<ProviderTurn, number>();

/** Tells how many tokens the text of a turn is, where that is known from before. */
export function noteTextTokens(turn: ProviderTurn, tokens: number): void {
  countedTexts.set(turn, tokens);
}

/** The same for all that is sent. */
export function estimateTurns(turns: readonly ProviderTurn[]): number {
  return turns.reduce((sum, turn) => {
    const fileTokens = (turn.files ?? []).reduce((tokens, file) => tokens + estimateFile(file), 0);
    return sum + TOKENS_PER_TURN + textTokensOf(turn) + fileTokens;
  }, 0);
}

function textTokensOf(turn: ProviderTurn): number {
  const tokens = countedTexts.get(turn) ?? estimateTokens(turn.text);
  countedTexts.set(turn, tokens);
  return tokens;
}

/** About what a file comes to (docs/attachments.md): text by its length, a picture by its tiles, a PDF very roughly by its bytes. */
export function estimateFile({
  kind,
  byteCount,
  width,
  height,
}: Pick<ProviderFile, 'kind' | 'byteCount' | 'width' | 'height'>): number {
  switch (kind) {
    case 'text':
      return Math.ceil(byteCount / TEXT_BYTES_PER_TOKEN);
    case 'image':
      return estimateImage(width ?? TILE_SIDE, height ?? TILE_SIDE);
    case 'pdf':
      return Math.max(MIN_PDF_TOKENS, Math.ceil(byteCount / PDF_BYTES_PER_TOKEN));
    default:
      return kind satisfies never;
  }
}

/** As OpenAI counts for GPT-4o: the shorter side is brought down to 768 pixels, then each tile of 512 by 512 that is begun counts. */
function estimateImage(width: number, height: number): number {
  const scale = Math.min(1, MAX_SHORT_SIDE / Math.min(width, height));
  const tiles = (side: number): number => Math.max(1, Math.ceil((side * scale) / TILE_SIDE));
  return IMAGE_TOKENS + TILE_TOKENS * tiles(width) * tiles(height);
}

function quartersOf(unit: number): number {
  if (unit < 0x80) return QUARTERS.ascii;
  if (unit < 0x800) return QUARTERS.twoBytes;
  // Half of a character outside the first plane: it takes two of them.
  if (unit >= 0xd800 && unit <= 0xdfff) return QUARTERS.fourBytes / 2;
  return QUARTERS.threeBytes;
}
