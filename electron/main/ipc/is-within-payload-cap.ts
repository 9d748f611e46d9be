/** Above the largest input any route takes (64 MiB of message text), below what could exhaust main. */
const MAX_CHARACTERS = 65 * 1_048_576;
const MAX_VALUES = 10_000;
const MAX_DEPTH = 16;

/** Whether an input is plain JSON-like data of bearable size. Looked at before any schema sees it. */
export function isWithinPayloadCap(input: unknown): boolean {
  const budget = { characters: MAX_CHARACTERS, values: MAX_VALUES };
  return fits(input, MAX_DEPTH, budget);
}

function fits(value: unknown, depth: number, budget: { characters: number; values: number }): boolean {
  budget.values -= 1;
  if (depth === 0 || budget.values < 0) return false;
  if (typeof value === 'string') {
    budget.characters -= value.length;
    return budget.characters >= 0;
  }
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean')
    return true;
  if (typeof value !== 'object' || !isPlain(value)) return false;
  return Object.entries(value).every(
    ([key, item]) => fits(key, depth, budget) && fits(item, depth - 1, budget),
  );
}

/** Structured clone also carries Maps, Dates and buffers; no route takes one. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}
