/** Above the largest input any route takes (64 MiB of message text), below what could exhaust main. */
const MAX_CHARACTERS = 65 * 1_048_576;
/** Above the largest file (32 MiB); counted by what travels: the whole buffer behind a view. */
const MAX_BYTES = 40 * 1_048_576;
const MAX_VALUES = 10_000;
const MAX_DEPTH = 16;

/** Whether an input is plain JSON-like data, bytes included, of bearable size. Looked at before any schema sees it. */
export function isWithinPayloadCap(input: unknown): boolean {
  const budget = { characters: MAX_CHARACTERS, bytes: MAX_BYTES, values: MAX_VALUES };
  return fits(input, MAX_DEPTH, budget);
}

function fits(
  value: unknown,
  depth: number,
  budget: { characters: number; bytes: number; values: number },
): boolean {
  budget.values -= 1;
  if (depth === 0 || budget.values < 0) return false;
  if (typeof value === 'string') {
    budget.characters -= value.length;
    return budget.characters >= 0;
  }
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean')
    return true;
  if (isBytes(value)) {
    budget.bytes -= value.buffer.byteLength;
    return budget.bytes >= 0;
  }
  if (typeof value !== 'object' || !isPlain(value)) return false;
  return Object.entries(value).every(
    ([key, item]) => fits(key, depth, budget) && fits(item, depth - 1, budget),
  );
}

/** A plain `Uint8Array` over memory of its own: no kind derived from it, nothing another thread could write to meanwhile. */
function isBytes(value: unknown): value is Uint8Array {
  return (
    value instanceof Uint8Array &&
    Object.getPrototypeOf(value) === Uint8Array.prototype &&
    value.buffer instanceof ArrayBuffer
  );
}

/** Structured clone also carries Maps, Dates and other buffers; no route takes one. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}
