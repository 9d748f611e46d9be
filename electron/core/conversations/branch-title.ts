import { MAX_TITLE_LENGTH } from '../../contract/routes/conversations.ts';

/** What a branch's title ends with; the number from the second on. */
const SUFFIX = / \(branch(?: \d{1,6})?\)$/;

/** The title of a branch: that of its source, marked, and numbered where the mark alone is taken. */
export function branchTitle(title: string, taken: ReadonlySet<string>): string {
  // A branch of a branch counts on instead of growing a second mark.
  const base = title.replace(SUFFIX, '');
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? ' (branch)' : ` (branch ${number})`;
    const branch = base.slice(0, MAX_TITLE_LENGTH - suffix.length).trimEnd() + suffix;
    if (!taken.has(branch)) return branch;
  }
}
