import { Search, SlidersHorizontal, X } from 'lucide-react';
import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useView } from '../../lib/view-store.ts';
import { isFiltering, SearchFilters } from './search-filters.tsx';
import { firstResult } from './walk-results.ts';

/** Where one types what to look for: titles and messages are searched at every key. */
export function SearchBox() {
  const search = useView((state) => state.search);
  const hasFilter = useView((state) => isFiltering(state.searchFilter));
  const [isOpen, setIsOpen] = useState(false);
  const isSearching = search.trim() !== '';
  return (
    <div className="mx-2 mb-1">
      <div className="relative">
        <Search size={14} aria-hidden className="pointer-events-none absolute top-2 left-2.5 text-ink-3" />
        <input
          type="search"
          aria-label="Search"
          placeholder="Search"
          value={search}
          maxLength={400}
          dir="auto"
          className={`h-[30px] w-full rounded-[7px] border border-line bg-raised pl-8 placeholder:text-ink-3 focus-visible:outline-offset-0 ${isSearching ? 'pr-15' : 'pr-2'}`}
          onChange={(event) => useView.setState({ search: event.target.value })}
          onKeyDown={onKey}
        />
        {isSearching && (
          <div className="absolute top-0.5 right-0.5 flex">
            <button
              type="button"
              className={`icon-button size-[26px] ${hasFilter ? 'text-accent' : ''}`}
              aria-label="Filters"
              aria-expanded={isOpen}
              title="Filters"
              onClick={() => setIsOpen(!isOpen)}
            >
              <SlidersHorizontal size={14} aria-hidden />
            </button>
            <button
              type="button"
              className="icon-button size-[26px]"
              aria-label="Clear search"
              title="Clear search"
              onClick={clear}
            >
              <X size={14} aria-hidden />
            </button>
          </div>
        )}
      </div>
      {isSearching && isOpen && <SearchFilters />}
    </div>
  );
}

function onKey(event: KeyboardEvent<HTMLInputElement>): void {
  // While a Japanese or Chinese word is being composed, Enter and arrows belong to the input method.
  if (event.nativeEvent.isComposing) return;
  if (event.key === 'Escape') clear();
  else if (event.key === 'ArrowDown') firstResult(event.currentTarget)?.focus();
  else if (event.key === 'Enter') firstResult(event.currentTarget)?.click();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function clear(): void {
  useView.setState({ search: '', searchFilter: { role: null, model: null, days: null, isHere: false } });
}
