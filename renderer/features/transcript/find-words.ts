/** More marks than these help nobody. */
const MAX_RANGES = 200;

/** Where any of the words stand in an element's text, in whatever case. A word that markup splits in two is not found. */
export function findWords(element: HTMLElement, words: readonly string[]): Range[] {
  const wanted = words.map((word) => word.toLowerCase()).filter((word) => word !== '');
  const ranges: Range[] = [];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null && ranges.length < MAX_RANGES; node = walker.nextNode()) {
    ranges.push(...wanted.flatMap((word) => rangesIn(node, word)));
  }
  return ranges.slice(0, MAX_RANGES);
}

function rangesIn(node: Node, word: string): Range[] {
  const text = node.nodeValue ?? '';
  const lower = text.toLowerCase();
  // A few letters change their length with their case: positions would then not be those of the text.
  if (lower.length !== text.length) return [];
  const ranges: Range[] = [];
  for (let at = lower.indexOf(word); at !== -1; at = lower.indexOf(word, at + word.length)) {
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + word.length);
    ranges.push(range);
  }
  return ranges;
}
