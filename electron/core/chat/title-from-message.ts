/** Longest title made from a message, in characters. */
const MAX_LENGTH = 60;

/** A title from the first message: its first line with words, without Markdown marks, cut at a word. */
export function titleFromMessage(text: string): string {
  const line = text
    .split('\n', 50)
    .map((candidate) =>
      candidate
        .slice(0, 400)
        .replace(/[`*_#>~|]+/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .find((candidate) => /[\p{L}\p{N}]/u.test(candidate));
  if (line === undefined) return 'New chat';
  const characters = [...line];
  if (characters.length <= MAX_LENGTH) return line;
  const cut = characters.slice(0, MAX_LENGTH).join('');
  const wordEnd = cut.lastIndexOf(' ');
  return `${wordEnd > MAX_LENGTH / 2 ? cut.slice(0, wordEnd) : cut}…`;
}
