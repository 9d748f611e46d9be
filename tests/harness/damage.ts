/** One way to damage a file: cut it off before `position`, or flip one bit of the byte there. */
export interface Damage {
  readonly kind: 'cut' | 'flip';
  readonly position: number;
  readonly bit: number;
}

/** Spreads `count` kinds of damage over a file of `length` bytes; every other one is a cut. */
export function spreadDamage(count: number, length: number): readonly Damage[] {
  return Array.from({ length: count }, (_, index) => ({
    kind: index % 2 === 0 ? 'cut' : 'flip',
    position: Math.floor((index * length) / count),
    // Only every other one is a flip, so the bits go by half as fast: all eight get their turn.
    bit: Math.floor(index / 2) % 8,
  }));
}

/** The damaged bytes; the whole ones stay as they are. */
export function applyDamage(whole: Buffer, { kind, position, bit }: Damage): Buffer {
  if (kind === 'cut') return Buffer.from(whole.subarray(0, position));
  const damaged = Buffer.from(whole);
  damaged[position] = (damaged[position] ?? 0) ^ (1 << bit);
  return damaged;
}

/** Whether the damage reaches into the JSON object, without objects inside, that holds `mark`. */
export function hitsEntry(whole: Buffer, mark: string, { kind, position }: Damage): boolean {
  const text = whole.toString('latin1');
  const inside = text.indexOf(mark);
  if (inside < 0) throw new Error(`there is no ${mark} in the file`);
  const start = text.lastIndexOf('{', inside);
  const end = text.indexOf('}', inside) + 1;
  return kind === 'cut' ? position < end : position >= start && position < end;
}
