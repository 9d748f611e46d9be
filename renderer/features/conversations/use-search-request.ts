import { useEffect, useMemo, useState } from 'react';
import { useView } from '../../lib/view-store.ts';

/** Long enough to skip the keys of a word typed quickly, too short to be felt. */
const DELAY_MS = 80;
const DAY_MS = 86_400_000;

/** What to ask main for: what is typed, when typing pauses. */
export function useSearchRequest() {
  const search = useView((state) => state.search);
  const { role, model, days, isHere } = useView((state) => state.searchFilter);
  const conversationId = useView((state) => (state.searchFilter.isHere ? state.conversationId : null));
  const [query, setQuery] = useState(search);
  useEffect(() => {
    const timer = setTimeout(() => setQuery(search), DELAY_MS);
    return () => clearTimeout(timer);
  }, [search]);
  return useMemo(
    () => ({
      query,
      role,
      model,
      from: days === null ? null : Date.now() - days * DAY_MS,
      conversationId: isHere ? conversationId : null,
    }),
    [query, role, model, days, isHere, conversationId],
  );
}
