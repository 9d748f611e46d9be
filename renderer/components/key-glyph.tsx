/** How a key looks: cut and solid when it can be used, hollow when it is not kept, blank when there is none. */
export type KeyGlyphKind = 'kept' | 'session' | 'blank';

interface KeyGlyphProps {
  /** Any text that is the key's own, e.g. its id: the cuts follow from it, so that a key is known at a glance. */
  readonly seed: string;
  readonly kind: KeyGlyphKind;
  readonly height?: number;
}

const CUTS = 6;
const CUT_WIDTH = 5;
const SHALLOW = 6.5;
const BLADE_START = 18;

/** A key whose bitting is its own. Decoration only: everything it says is said in words beside it. */
export function KeyGlyph({ seed, kind, height = 18 }: KeyGlyphProps) {
  const isSolid = kind === 'kept';
  return (
    <svg
      viewBox="0 0 58 20"
      height={height}
      width={(height * 58) / 20}
      aria-hidden
      fill={isSolid ? 'currentColor' : 'none'}
      fillRule="evenodd"
      stroke="currentColor"
      strokeWidth={isSolid ? 0 : 1.2}
      strokeLinejoin="round"
      strokeDasharray={kind === 'session' ? '2.4 1.8' : undefined}
    >
      <path d={`${bow()} ${blade(kind === 'blank' ? null : seed)}`} />
    </svg>
  );
}

function bow(): string {
  return 'M9.5 2a8 8 0 1 1 0 16a8 8 0 1 1 0-16Z M6.2 7.4a2.6 2.6 0 1 0 0 5.2a2.6 2.6 0 1 0 0-5.2Z';
}

function blade(seed: string | null): string {
  const depths = cutDepths(seed);
  const top = depths.map((depth, index) => {
    const start = BLADE_START + 2 + index * CUT_WIDTH;
    const y = SHALLOW + depth;
    return `L${start + 1.2} ${y}L${start + 3.6} ${y}L${start + CUT_WIDTH} ${SHALLOW}`;
  });
  return `M${BLADE_START - 1} ${SHALLOW}L${BLADE_START + 2} ${SHALLOW}${top.join('')}L53 ${SHALLOW}L56.5 10.5L53.5 13.5L${BLADE_START - 1} 13.5Z`;
}

function cutDepths(seed: string | null): readonly number[] {
  if (seed === null) return Array.from({ length: CUTS }, () => 0);
  // FNV-1a: small, and the same on every start.
  let hash = 0x811c9dc5;
  for (const character of seed) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return Array.from({ length: CUTS }, (_, index) => ((hash >>> (index * 5)) % 5) * 1.05);
}
