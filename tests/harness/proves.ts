import type { PromiseId } from '../../scripts/proof/promises.mjs';

declare module 'vitest' {
  interface TaskMeta {
    /** See {@link proves}. */
    proves?: readonly string[];
  }
}

/**
 * Marks a test as the proof of promises in docs/security.md: pass it between the test's name and its function. vitest
 * reports the `meta`, Playwright the `annotation`; `npm run docs:security` makes the table from both.
 */
export function proves(...promises: readonly PromiseId[]) {
  return {
    meta: { proves: promises },
    annotation: promises.map((promise) => ({ type: 'proves', description: promise })),
  };
}
