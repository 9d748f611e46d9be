/** Longest text looked at, in characters: far more keys than anybody has. */
const MAX_LENGTH = 4_000_000;

/**
 * Finds the JSON objects that are still whole in a damaged file of ours: a file that was cut short or hit in one place must
 * not take the undamaged entries along. Returns candidates; the caller parses each with its schema.
 */
export function salvageEntries(damagedText: string): readonly unknown[] {
  const text = damagedText.slice(0, MAX_LENGTH);
  const entries: unknown[] = [];
  for (const { index: start } of text.matchAll(/\{\s*"id"/g)) {
    const end = endOfObject(text, start);
    const entry = end === null ? undefined : parse(text.slice(start, end));
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

/** The position after the brace that closes the object at `start`, or null when the text ends first. */
function endOfObject(text: string, start: number): number | null {
  let depth = 0;
  let isInString = false;
  for (let index = start; index < text.length; index += 1) {
    const character = text[index];
    if (isInString && character === '\\') index += 1;
    else if (character === '"') isInString = !isInString;
    else if (!isInString && character === '{') depth += 1;
    else if (!isInString && character === '}') {
      depth -= 1;
      if (depth === 0) return index + 1;
    }
  }
  return null;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // This one is what was damaged; it stays in the file that was set aside.
    return undefined;
  }
}
