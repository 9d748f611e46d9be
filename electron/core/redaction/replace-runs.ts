/** All stretches of `length` characters of a text, by which a piece of it can be known wherever it turns up. */
export function runsOf(text: string, length: number): ReadonlySet<string> {
  const runs = new Set<string>();
  for (let start = 0; start + length <= text.length; start += 1) runs.add(text.slice(start, start + length));
  return runs;
}

/** Replaces every stretch of text that consists of overlapping known runs, all of which have the same length. */
export function replaceRuns(text: string, runs: ReadonlySet<string>, replacement: string): string {
  const [first] = runs;
  if (first === undefined) return text;
  const { length } = first;
  const parts: string[] = [];
  let kept = 0;
  for (let start = 0; start + length <= text.length; start += 1) {
    if (!runs.has(text.slice(start, start + length))) continue;
    let end = start + length;
    while (runs.has(text.slice(end - length + 1, end + 1))) end += 1;
    parts.push(text.slice(kept, start), replacement);
    kept = end;
    start = end - 1;
  }
  return parts.join('') + text.slice(kept);
}
