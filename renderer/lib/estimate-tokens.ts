/**
 * About how many tokens a text is, rather too many than too few: four letters to a token, one sign of Chinese. Main reckons the
 * same way when it estimates what a request costs.
 */
export function estimateTokens(text: string): number {
  let quarters = 0;
  for (let index = 0; index < text.length; index += 1) quarters += quartersOf(text.charCodeAt(index));
  return Math.ceil(quarters / 4);
}

function quartersOf(unit: number): number {
  if (unit < 0x80) return 1;
  return unit < 0x800 ? 2 : 4;
}
