// The end of a half-finished text may still be redrawn, when `**` turns out to be bold: that much is held back.
const heldBackCharacters = 48;

/** Prints a text that grows to `write`, each part once; feed it the whole text so far, and at last with `isFinal`. */
export function createGrowingPrinter(write) {
  let printed = '';
  return (text, isFinal = false) => {
    const settled = isFinal ? text : text.slice(0, Math.max(0, text.length - heldBackCharacters));
    if (settled.length <= printed.length && !isFinal) return;
    if (settled.startsWith(printed)) {
      write(settled.slice(printed.length));
    } else {
      // What was printed has been redrawn: go on with the line in which it changed.
      const changedAt = [...printed].findIndex((character, index) => character !== settled[index]);
      const lineStart = settled.lastIndexOf('\n', changedAt) + 1;
      write(`\n${settled.slice(lineStart)}`);
    }
    printed = settled;
    if (isFinal) write('\n');
  };
}
