import type { SearchHit } from '../../../electron/contract/model/search.ts';
import { formatShortDate } from '../../lib/format.ts';
import { openHit } from '../../lib/search-actions.ts';

interface SearchHitRowProps {
  readonly hit: SearchHit;
  readonly now: number;
}

/** A message that was found: where, when, and the passage. */
export function SearchHitRow({ hit, now }: SearchHitRowProps) {
  const who = hit.role === 'user' ? 'You: ' : '';
  const date = formatShortDate(hit.createdAt, now);
  return (
    <li className="mb-px">
      <button
        type="button"
        aria-label={`${hit.conversationTitle}, ${date}. ${who}${hit.snippet.text}`}
        data-hit={hit.messageId}
        className="block w-full rounded-[7px] px-2 py-1.5 text-start hover:bg-hover focus-visible:bg-selected focus-visible:-outline-offset-2"
        onClick={() => void openHit(hit)}
      >
        <span className="flex items-baseline gap-2">
          <span dir="auto" className="min-w-0 flex-1 truncate font-medium">
            {hit.conversationTitle}
          </span>
          <span className="shrink-0 text-[12px] text-ink-3 tabular-nums">{date}</span>
        </span>
        <span dir="auto" className="line-clamp-3 text-[12px] leading-[18px] wrap-anywhere text-ink-2">
          <span className="text-ink-3">{who}</span>
          <bdi>
            <Snippet {...hit.snippet} />
          </bdi>
        </span>
      </button>
    </li>
  );
}

/** Plain text, cut at the found parts. */
function Snippet({ text, ranges }: SearchHit['snippet']) {
  const ends = [0, ...ranges.map(([, end]) => end)];
  return (
    <>
      {ranges.map(([start, end], index) => (
        <span key={start}>
          {text.slice(ends[index], start)}
          <mark>{text.slice(start, end)}</mark>
        </span>
      ))}
      {text.slice(ends.at(-1))}
    </>
  );
}
