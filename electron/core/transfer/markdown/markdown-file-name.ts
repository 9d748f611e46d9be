import { safeFileName } from '../../attachments/safe-file-name.ts';

/** With a day before it and an ending behind it, no file system finds it too long. */
const MAX_TITLE_BYTES = 150;

/** The name of a conversation's Markdown file, for any system. */
export function markdownFileName(title: string): string {
  const name = safeFileName(title.replaceAll(/[/\\]/g, '-'));
  // Cutting can leave a blank or a dot at the end, which Windows does not take.
  return `${cutToBytes(name, MAX_TITLE_BYTES).replace(/[. ]+$/, '') || 'conversation'}.md`;
}

/** A name like it that is not among the taken ones, whatever the case; it is taken then. */
export function freeName(name: string, taken: Set<string>): string {
  const stem = name.slice(0, -'.md'.length);
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${stem} (${number}).md`;
    // macOS and Windows tell neither case nor how an accent is written.
    const key = candidate.normalize('NFKC').toLowerCase();
    if (taken.has(key)) continue;
    taken.add(key);
    return candidate;
  }
}

function cutToBytes(text: string, maxBytes: number): string {
  let bytes = 0;
  let end = 0;
  for (const sign of text) {
    bytes += Buffer.byteLength(sign);
    if (bytes > maxBytes) break;
    end += sign.length;
  }
  return text.slice(0, end);
}
