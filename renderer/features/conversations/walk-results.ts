import type { KeyboardEvent } from 'react';

const RESULT = '[data-row], [data-hit]';

/** The first of what is listed in the sidebar. */
export function firstResult(inSidebar: Element): HTMLElement | null {
  return inSidebar.closest('nav')?.querySelector<HTMLElement>(RESULT) ?? null;
}

/** Arrow keys walk through everything that is listed, and from the first up into the search box. */
export function walkResults(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  // A row that is being renamed is a text field, which needs these keys itself.
  if (step === 0 || event.altKey || event.target instanceof HTMLInputElement) return;
  const current = event.target instanceof Element ? event.target.closest<HTMLElement>(RESULT) : null;
  if (current === null) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(RESULT)];
  const next = all[all.indexOf(current) + step];
  const box = event.currentTarget.closest('nav')?.querySelector<HTMLElement>('[aria-label="Search"]');
  (next ?? (step === -1 ? box : null))?.focus();
  event.preventDefault();
  event.stopPropagation();
}
