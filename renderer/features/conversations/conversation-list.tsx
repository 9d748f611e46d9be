import type { KeyboardEvent } from 'react';
import type { ConversationSummary } from '../../../electron/contract/model/conversation.ts';
import { dayGroup } from '../../lib/format.ts';
import { removeConversation } from '../../lib/conversation-actions.ts';
import { useView } from '../../lib/view-store.ts';
import { ConversationRow } from './conversation-row.tsx';

interface ConversationListProps {
  readonly rows: readonly ConversationSummary[];
  /** Whether they stand under the days they changed. */
  readonly hasDays: boolean;
}

/** The conversations, last changed first. F2 renames, Delete deletes. */
export function ConversationList({ rows, hasDays }: ConversationListProps) {
  const now = Date.now();
  return (
    <ul aria-label="Conversations" onKeyDown={onListKey}>
      {rows.map((row, index) => {
        const group = dayGroup(row.updatedAt, now);
        const above = rows[index - 1];
        const isFirst = above === undefined || dayGroup(above.updatedAt, now) !== group;
        return <ConversationRow key={row.id} row={row} heading={hasDays && isFirst ? group : null} />;
      })}
    </ul>
  );
}

function onListKey(event: KeyboardEvent<HTMLUListElement>): void {
  const row = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-row]') : null;
  const id = row?.dataset['row'];
  // A row that is being renamed is a text field, which needs these keys itself.
  if (id === undefined || event.target instanceof HTMLInputElement) return;
  if (event.key === 'F2') useView.setState({ renamingId: id });
  else if (event.key === 'Delete') void removeConversation(id);
  else return;
  event.preventDefault();
  event.stopPropagation();
}
