import { isSpace } from './element-scan.ts';

const COMMA = 0x2c;
const OPEN_OBJECT = 0x7b;
const OPEN_LIST = 0x5b;
/** So much before and behind a bracket decides whether it may begin an element. */
const LOOK_AROUND_BYTES = 64;

/** Where an element may begin, or from where to look on when more bytes have come. */
export interface Candidate {
  readonly isFound: boolean;
  readonly position: number;
}

/** The next bracket behind a comma whose object begins with one of the keys. */
export function findCandidate(bytes: Buffer, from: number, firstKeys: readonly string[]): Candidate {
  let position = from;
  for (;;) {
    const bracket = bytes.indexOf(OPEN_OBJECT, position);
    if (bracket < 0) return { isFound: false, position: bytes.length };
    const match = isAfterSeparator(bytes, bracket) ? matchKey(bytes, bracket, firstKeys) : 'no';
    // The key may not have arrived yet.
    if (match !== 'no') return { isFound: match === 'yes', position: bracket };
    position = bracket + 1;
  }
}

function isAfterSeparator(bytes: Buffer, bracket: number): boolean {
  for (let at = bracket - 1; at >= 0 && at > bracket - LOOK_AROUND_BYTES; at -= 1) {
    const byte = bytes[at] ?? 0;
    if (!isSpace(byte)) return byte === COMMA || byte === OPEN_LIST;
  }
  // What stood before it has been dropped, or is all white space.
  return true;
}

function matchKey(bytes: Buffer, bracket: number, firstKeys: readonly string[]): 'yes' | 'no' | 'cut-off' {
  let at = bracket + 1;
  while (at < bytes.length && at < bracket + LOOK_AROUND_BYTES && isSpace(bytes[at] ?? 0)) at += 1;
  const here = bytes.toString('latin1', at, at + LOOK_AROUND_BYTES);
  const wanted = firstKeys.map((key) => `"${key}"`);
  if (wanted.some((key) => here.startsWith(key))) return 'yes';
  return wanted.some((key) => here.length < key.length && key.startsWith(here)) ? 'cut-off' : 'no';
}
