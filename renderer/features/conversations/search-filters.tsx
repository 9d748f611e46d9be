import { useQuery } from '@tanstack/react-query';
import { conversationsQuery } from '../../lib/queries.ts';
import { useView } from '../../lib/view-store.ts';
import type { SearchFilter } from '../../lib/view-store.ts';

const PERIODS = [
  [1, 'Past day'],
  [7, 'Past week'],
  [31, 'Past month'],
  [366, 'Past year'],
] as const;

/** Whether anything but the text narrows the search. */
export function isFiltering({ role, model, days, isHere }: SearchFilter): boolean {
  return role !== null || model !== null || days !== null || isHere;
}

/** Narrows a search, in one or two short lines. */
export function SearchFilters() {
  const filter = useView((state) => state.searchFilter);
  const hasShown = useView((state) => state.conversationId !== null);
  const rows = useQuery(conversationsQuery).data ?? [];
  const models = [...new Set(rows.flatMap(({ model }) => model ?? []))].sort();
  return (
    <div role="group" aria-label="Filters" className="flex flex-wrap gap-x-1 pt-1">
      <select
        className={pickerClass(filter.role !== null)}
        aria-label="From"
        value={filter.role ?? ''}
        onChange={({ target }) => change({ role: target.value === '' ? null : (target.value as 'user') })}
      >
        <option value="">Anyone</option>
        <option value="user">You</option>
        <option value="assistant">Assistant</option>
      </select>
      <select
        className={pickerClass(filter.days !== null)}
        aria-label="When"
        value={filter.days ?? ''}
        onChange={({ target }) => change({ days: target.value === '' ? null : Number(target.value) })}
      >
        <option value="">Any time</option>
        {PERIODS.map(([days, name]) => (
          <option key={days} value={days}>
            {name}
          </option>
        ))}
      </select>
      <select
        className={pickerClass(filter.model !== null)}
        aria-label="Answered by"
        value={filter.model ?? ''}
        onChange={({ target }) => change({ model: target.value === '' ? null : target.value })}
      >
        <option value="">Any model</option>
        {models.map((model) => (
          <option key={model}>{model}</option>
        ))}
      </select>
      {hasShown && (
        <select
          className={pickerClass(filter.isHere)}
          aria-label="Where"
          value={filter.isHere ? 'here' : ''}
          onChange={({ target }) => change({ isHere: target.value === 'here' })}
        >
          <option value="">Everywhere</option>
          <option value="here">This chat</option>
        </select>
      )}
    </div>
  );
}

function pickerClass(isSet: boolean): string {
  return `picker h-6 text-[12px] ${isSet ? 'text-accent' : ''}`;
}

function change(patch: Partial<SearchFilter>): void {
  useView.setState(({ searchFilter }) => ({ searchFilter: { ...searchFilter, ...patch } }));
}
