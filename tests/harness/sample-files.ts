/** The smallest PNG: one pixel. */
export const PIXEL_PNG = Uint8Array.from(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
);

/** A PNG of one pixel like no other one: bytes after its end, which readers skip. */
export function pngNumber(number: number): Uint8Array {
  return Uint8Array.from([...PIXEL_PNG, ...Buffer.from(`number ${number}`)]);
}
