/** A text that was cut, without the half of a character at its end. */
export function wholeCharacters(text: string): string {
  return text.replace(/[\ud800-\udbff]$/, '');
}
