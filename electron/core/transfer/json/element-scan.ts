/** What the scan can say is wrong with an element. */
export type ScanProblem = 'syntax' | 'too-deep';

/** How far one step came; `position` is behind the last byte that was looked at. */
export type ScanOutcome =
  | { readonly kind: 'more'; readonly position: number }
  | { readonly kind: 'whole'; readonly position: number }
  | { readonly kind: 'damaged'; readonly position: number; readonly problem: ScanProblem };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** What may stand outside a string. Anything else shows that a quotation mark was lost. */
const OUTSIDE = new Uint8Array(256);
for (const byte of Buffer.from('{}[]:,"0123456789+-.eEtrufalsn \t\r\n')) OUTSIDE[byte] = 1;

/** Whether a byte is white space of JSON. */
export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Whether a value can begin with a byte. */
export function canBegin(byte: number): boolean {
  return (
    byte === QUOTE ||
    byte === OPEN_OBJECT ||
    byte === OPEN_LIST ||
    byte === 0x2d ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x74 ||
    byte === 0x66 ||
    byte === 0x6e
  );
}

/** Finds the end of one JSON value by its strings and brackets, however its bytes arrive. */
export class ElementScan {
  readonly #closers: Uint8Array;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #isBare = false;
  #hasBegun = false;
  #isLoose = false;

  constructor(maxDepth: number) {
    this.#closers = new Uint8Array(maxDepth);
  }

  /** A new value begins. */
  begin(): void {
    this.#depth = 0;
    this.#isInString = false;
    this.#isEscaped = false;
    this.#isBare = false;
    this.#hasBegun = false;
    this.#isLoose = false;
  }

  /** From now on brackets are counted only, so that depth costs nothing. */
  looseBrackets(): void {
    this.#isLoose = true;
  }

  /** Reads from `from` up to `to`. A number or word ends before the byte that follows it. */
  advance(bytes: Uint8Array, from: number, to: number): ScanOutcome {
    let position = from;
    while (position < to) {
      if (this.#isInString) {
        position = this.#passString(bytes, position, to);
        if (position < 0) return { kind: 'damaged', position: -position, problem: 'syntax' };
        if (!this.#isInString && this.#depth === 0) return { kind: 'whole', position };
        continue;
      }
      const byte = bytes[position] ?? 0;
      if (this.#isBare && (byte === COMMA || byte === CLOSE_LIST || byte === CLOSE_OBJECT || isSpace(byte)))
        return { kind: 'whole', position };
      position += 1;
      const outcome = this.#take(byte, position);
      if (outcome !== null) return outcome;
    }
    return { kind: 'more', position };
  }

  #take(byte: number, position: number): ScanOutcome | null {
    if (OUTSIDE[byte] !== 1) return { kind: 'damaged', position, problem: 'syntax' };
    if (byte === QUOTE) this.#isInString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      if (!this.#isLoose && this.#depth >= this.#closers.length) {
        this.#depth += 1;
        return { kind: 'damaged', position, problem: 'too-deep' };
      }
      if (!this.#isLoose) this.#closers[this.#depth] = byte === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_LIST;
      this.#depth += 1;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      this.#depth -= 1;
      if (this.#depth < 0 || (!this.#isLoose && this.#closers[this.#depth] !== byte))
        return { kind: 'damaged', position, problem: 'syntax' };
      if (this.#depth === 0) return { kind: 'whole', position };
    } else if (!this.#hasBegun) this.#isBare = true;
    this.#hasBegun = true;
    return null;
  }

  /** Behind the string's end, at `to`, or minus the place of a byte that no string may hold. */
  #passString(bytes: Uint8Array, from: number, to: number): number {
    let position = from;
    while (position < to) {
      const byte = bytes[position] ?? 0;
      position += 1;
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) {
        this.#isInString = false;
        return position;
      }
      if (byte < 0x20) return -position;
    }
    return position;
  }
}
