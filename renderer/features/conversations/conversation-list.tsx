import type { KeyboardEvent } from 'react';
import type { ConversationSummary } from '../../../electron/contract/model/conversation.ts';
import { dayGroup } from '../../lib/format.ts';
import { removeConversation } from '../../lib/conversation-actions.ts';
import { useView } from '../../lib/view-store.ts';
import { ConversationRow } from './conversation-row.tsx';

/** The conversations, last changed first, under the day they changed. Arrow keys move, F2 renames, Delete deletes. */
export function ConversationList({ rows }: { readonly rows: readonly ConversationSummary[] }) {
  const now = Date.now();
  return (
    <ul aria-label="Conversations" onKeyDown={onListKey}>
      {rows.map((row, index) => {
        const group = dayGroup(row.updatedAt, now);
        const above = rows[index - 1];
        const isFirst = above === undefined || dayGroup(above.updatedAt, now) !== group;
        return <ConversationRow key={row.id} row={row} heading={isFirst ? group : null} />;
      })}
    </ul>
  );
}

function onListKey(event: KeyboardEvent<HTMLUListElement>): void {
  const row = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-row]') : null;
  const id = row?.dataset['row'];
  // A row that is being renamed is a text field, which needs these keys itself.
  if (row === null || id === undefined || event.target instanceof HTMLInputElement) return;
  if (event.key === 'F2') useView.setState({ renamingId: id });
  else if (event.key === 'Delete') void removeConversation(id);
  else if (event.key === 'ArrowDown') move(event.currentTarget, row, 1);
  else if (event.key === 'ArrowUp') move(event.currentTarget, row, -1);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function move(list: HTMLElement, row: HTMLElement, step: 1 | -1): void {
  const all = [...list.querySelectorAll<HTMLElement>('[data-row]')];
  all[all.indexOf(row) + step]?.focus();
}
