import type { SearchHit } from '../../../electron/contract/model/search.ts';
import { formatShortDate } from '../../lib/format.ts';
import { openHit } from '../../lib/search-actions.ts';

interface SearchHitRowProps {
  readonly hit: SearchHit;
  readonly now: number;
}

/** A message that was found: where, when, and the passage. */
export function SearchHitRow({ hit, now }: SearchHitRowProps) {
  return (
    <li className="mb-px">
      <button
        type="button"
        data-hit={hit.messageId}
        className="grid w-full grid-cols-[1fr_auto] items-baseline gap-x-2 rounded-[7px] px-2 py-1.5 text-start hover:bg-hover focus-visible:bg-selected focus-visible:-outline-offset-2"
        onClick={() => void openHit(hit)}
      >
        <span dir="auto" className="truncate font-medium">
          {hit.conversationTitle}
        </span>
        <span className="text-[12px] text-ink-3 tabular-nums">{formatShortDate(hit.createdAt, now)}</span>
        <span
          dir="auto"
          className="col-span-2 line-clamp-3 text-[12px] leading-[18px] wrap-anywhere text-ink-2"
        >
          {hit.role === 'user' && <span className="text-ink-3">You: </span>}
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
