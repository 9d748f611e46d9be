import { Popover } from '@base-ui/react/popover';
import { useQuery } from '@tanstack/react-query';
import { ChevronUp } from 'lucide-react';
import type { Connection } from '../../../electron/contract/model/connection.ts';
import { KeyGlyph } from '../../components/key-glyph.tsx';
import { TryAgain } from '../../components/try-again.tsx';
import { isWaiting, maskedKey, summariseConnection } from '../../lib/describe-key.ts';
import { hostOf } from '../../lib/format.ts';
import { glyphKind } from '../../lib/glyph-kind.ts';
import { openKeyWindow } from '../../lib/key-actions.ts';
import { summariseMonth } from '../../lib/money.ts';
import { budgetsQuery, useKeystore, usePolicy } from '../../lib/queries.ts';
import { useSelection } from '../../lib/selection.ts';
import { showDialog } from '../../lib/view-store.ts';
import { KeyStory } from './key-story.tsx';

/** A button over its whole card: the card's words stay text of the group and need not be the button's name. */
const WHOLE_CARD = 'absolute inset-0 w-full cursor-default rounded-[10px]';

const toneClass = { plain: 'text-ink-3', warn: 'text-warn', danger: 'text-danger' } as const;

/** Which key is active, where it may go and where it rests; one click tells the whole story. */
export function CustodyCard() {
  const { connection } = useSelection();
  return (
    <div role="group" aria-label="Key" className="p-2">
      {connection === null ? <NoKey /> : <ActiveKey connection={connection} />}
    </div>
  );
}

/** What the connection has cost this month, of how much. */
function MonthCost({ connectionId }: { readonly connectionId: string }) {
  const status = useQuery(budgetsQuery).data?.find((each) => each.connectionId === connectionId);
  if (status === undefined) return null;
  const { line, words, tone } = summariseMonth(status);
  if (line === '') return null;
  return (
    <span className={`ml-auto shrink-0 tabular-nums ${toneClass[tone]}`} title={words}>
      {line}
    </span>
  );
}

function NoKey() {
  const canAdd = usePolicy()?.allowsOwnConnections ?? true;
  return (
    <div className="relative flex w-full items-center gap-3 rounded-[10px] border border-dashed border-line-strong px-3 py-2.5 text-left text-ink-3 hover:bg-hover">
      <KeyGlyph seed="" kind="blank" />
      <span>{canAdd ? 'No key yet. Add one.' : 'No connection is set up.'}</span>
      <button
        type="button"
        aria-label="Key details"
        className={WHOLE_CARD}
        onClick={() => (canAdd ? openKeyWindow(null) : showDialog({ kind: 'settings', tab: 'about' }))}
      />
    </div>
  );
}

function ActiveKey({ connection }: { readonly connection: Connection }) {
  const { line, tone } = summariseConnection(connection, useKeystore());
  const mask = maskedKey(connection.key);
  return (
    <Popover.Root>
      <div className="group/card relative rounded-[10px] border border-line bg-raised px-3 py-2.5 text-left transition-colors hover:border-line-strong has-data-popup-open:border-line-strong">
        <span className="flex items-center gap-2.5">
          <span className="shrink-0 text-accent">
            <KeyGlyph seed={connection.key?.id ?? connection.id} kind={glyphKind(connection)} height={16} />
          </span>
          <span className="min-w-0 truncate font-semibold">{connection.key?.label || connection.label}</span>
          {mask !== '' && <span className="ml-auto shrink-0 font-mono text-[12px] text-ink-2">{mask}</span>}
          <ChevronUp
            size={14}
            aria-hidden
            className={`shrink-0 text-ink-3 group-hover/card:text-ink ${mask === '' ? 'ml-auto' : ''}`}
          />
        </span>
        <span className="mt-1.5 flex items-baseline gap-2 text-[12px] leading-4">
          <span className="min-w-0 truncate text-ink-2">{hostOf(connection.origin)}</span>
          <MonthCost connectionId={connection.id} />
        </span>
        <span className={`block truncate text-[12px] leading-4 ${toneClass[tone]}`}>{line}</span>
        <Popover.Trigger aria-label="Key details" className={WHOLE_CARD} />
        {connection.key !== null && isWaiting(connection.key) && (
          <TryAgain className="button button-small relative mt-2" />
        )}
      </div>
      <Popover.Portal>
        <Popover.Positioner className="z-30" side="top" align="start" sideOffset={8} collisionPadding={8}>
          <Popover.Popup className="popup max-h-[calc(100vh-120px)] w-[396px] max-w-[calc(100vw-24px)] overflow-y-auto">
            <KeyStory connection={connection} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
