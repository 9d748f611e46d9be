/** Strings (with the colon that makes one a name) and brackets: all there is to follow in a text that is known to be JSON. */
const TOKENS = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}[\]]/g;

/**
 * The first name that stands twice in one object, or null. `JSON.parse` silently takes the last of them, and what an
 * administrator reads first must not be what does not count. `json` has to be valid JSON.
 */
export function findDuplicateName(json: string): string | null {
  const open: Set<string>[] = [];
  for (const [token, text, colon] of json.matchAll(TOKENS)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (text !== undefined && colon !== undefined) {
      // Parsed, since "\u0061" and "a" are one name.
      const name = String(JSON.parse(text));
      if (open.at(-1)?.has(name)) return name;
      open.at(-1)?.add(name);
    }
  }
  return null;
}
