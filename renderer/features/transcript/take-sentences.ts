/** Whole sentences at the beginning of a text, and how much of it they are. */
export interface TakenSentences {
  readonly sentences: string;
  readonly length: number;
}

/** Takes the whole sentences or lines that a growing text begins with, without Markdown's marks. */
export function takeSentences(text: string): TakenSentences {
  let length = 0;
  for (const match of text.matchAll(/[.!?…:](?=\s)|[。！？]|\n/g)) length = match.index + match[0].length;
  const sentences = text
    .slice(0, length)
    .replace(/```[a-z]*|[*_`#>|]|^\s*[-+]\s/gim, ' ')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  return { sentences, length };
}
