import { useState } from 'react';
import type { Citation } from '../../../electron/contract/model/conversation.ts';
import { OutgoingLink } from '../../components/outgoing-link.tsx';

/** So many are shown at once; the others a press away. */
const SHOWN_AT_FIRST = 5;

/** The pages an answer names, each once, in the order in which it names them. */
export function Sources({ citations }: { readonly citations: readonly Citation[] }) {
  const [showsAll, setShowsAll] = useState(false);
  const pages = [...new Map(citations.toReversed().map((citation) => [citation.url, citation])).values()];
  if (pages.length === 0) return null;
  const shown = showsAll ? pages.toReversed() : pages.toReversed().slice(0, SHOWN_AT_FIRST);
  return (
    <section aria-label="Sources" className="mt-4 border-t border-line pt-2.5 text-[13px]">
      <p className="mb-1 text-[12px] text-ink-3">Sources</p>
      <ul className="flex flex-col gap-0.5">
        {shown.map((page) => (
          <li key={page.url} className="flex min-w-0 items-baseline gap-2">
            <Page page={page} />
          </li>
        ))}
      </ul>
      {pages.length > shown.length && (
        <button
          type="button"
          className="mt-1 rounded-sm text-[12px] text-ink-3 hover:text-ink"
          onClick={() => setShowsAll(true)}
        >
          Show all {pages.length} sources
        </button>
      )}
    </section>
  );
}

function Page({ page }: { readonly page: Citation }) {
  const host = hostOf(page.url);
  const title = page.title === '' ? host : page.title;
  return (
    <>
      <span className="truncate" dir="auto">
        <OutgoingLink url={page.url} text={title}>
          {title}
        </OutgoingLink>
      </span>
      {title !== host && <span className="shrink-0 text-[12px] text-ink-3">{host}</span>}
    </>
  );
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host.replace(/^www\./, '') : url;
}
