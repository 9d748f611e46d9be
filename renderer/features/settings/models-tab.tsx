import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { ModelPrice } from '../../../electron/contract/model/ledger.ts';
import { ErrorCard } from '../../components/error-card.tsx';
import { OutgoingLink } from '../../components/outgoing-link.tsx';
import { toWireError } from '../../lib/ipc-client.ts';
import { formatRate } from '../../lib/money.ts';
import { pricesQuery, useConnections } from '../../lib/queries.ts';
import { useSelection } from '../../lib/selection.ts';
import { PriceEditor } from './price-editor.tsx';

/** What models cost: the public list, and prices of one's own. */
export function ModelsTab() {
  const connections = useConnections();
  const { connection: selected } = useSelection();
  const [chosenId, setChosenId] = useState<string | null>(null);
  const connectionId = chosenId ?? selected?.id ?? connections[0]?.id ?? null;
  return (
    <div className="flex flex-col gap-4">
      <p className="text-ink-2">
        Dollars per million tokens. Reasoning is billed as output. A price you set goes before the list and
        holds from now on; what was billed before stays as it is.
      </p>
      {connectionId === null ? (
        <p className="text-ink-3">There is no connection yet.</p>
      ) : (
        <Prices
          connectionId={connectionId}
          picker={
            <select
              className="field w-[240px]"
              aria-label="Prices of"
              value={connectionId}
              onChange={(event) => setChosenId(event.target.value)}
            >
              {connections.map(({ id, label }) => (
                <option key={id} value={id}>
                  {label}
                </option>
              ))}
            </select>
          }
        />
      )}
    </div>
  );
}

interface PricesProps {
  readonly connectionId: string;
  readonly picker: ReactNode;
}

function Prices({ connectionId, picker }: PricesProps) {
  const prices = useQuery(pricesQuery(connectionId));
  /** Whose price is being set: a model, or '' for one that is not in the list. */
  const [edited, setEdited] = useState({ connectionId, model: null as string | null });
  const editing = edited.connectionId === connectionId ? edited.model : null;
  const setEditing = (model: string | null): void => setEdited({ connectionId, model });
  const close = (): void => setEditing(null);
  const rows = prices.data ?? [];
  return (
    <>
      <div className="flex items-center justify-between gap-3">
        {picker}
        <button type="button" className="button button-small" onClick={() => setEditing('')}>
          <Plus size={13} aria-hidden />
          Price of another model
        </button>
      </div>
      {prices.error !== null && (
        <ErrorCard
          error={toWireError(prices.error)}
          connectionId={connectionId}
          onRetry={() => void prices.refetch()}
        />
      )}
      {editing === '' && <PriceEditor connectionId={connectionId} price={null} onDone={close} />}
      {rows.length === 0 ? (
        prices.isSuccess && <p className="text-ink-3">No price is known here, and nothing was asked yet.</p>
      ) : (
        <table className="w-full table-fixed border-collapse text-[12px] leading-5">
          <thead className="text-left text-ink-3">
            <tr className="border-b border-line">
              <th className="py-1 pr-3 font-normal">Model</th>
              <th className="w-[68px] py-1 pr-3 text-right font-normal">Input</th>
              <th className="w-[68px] py-1 pr-3 text-right font-normal">Cached</th>
              <th className="w-[68px] py-1 pr-3 text-right font-normal">Output</th>
              <th className="w-[60px] py-1 font-normal">
                <span className="sr-only">Change</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((price) => (
              <PriceRow
                key={price.model}
                connectionId={connectionId}
                price={price}
                isEditing={editing === price.model}
                onEdit={() => setEditing(editing === price.model ? null : price.model)}
                onDone={close}
              />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

interface PriceRowProps {
  readonly connectionId: string;
  readonly price: ModelPrice;
  readonly isEditing: boolean;
  readonly onEdit: () => void;
  readonly onDone: () => void;
}

function PriceRow({ connectionId, price, isEditing, onEdit, onDone }: PriceRowProps) {
  const { model, rates } = price;
  return (
    <>
      <tr className="border-b border-line align-top tabular-nums">
        <td className="selectable py-1.5 pr-3">
          <span className="block truncate text-[13px]" title={model}>
            {model}
          </span>
          <PriceSource price={price} />
        </td>
        {rates === null ? (
          <td colSpan={3} className="py-1.5 pr-3 text-right text-warn">
            unknown
          </td>
        ) : (
          <>
            <Rate microUsd={rates.inputMicroUsd} />
            <Rate microUsd={rates.cachedInputMicroUsd ?? rates.inputMicroUsd} />
            <Rate microUsd={rates.outputMicroUsd} />
          </>
        )}
        <td className="py-1 text-right">
          <button
            type="button"
            className="button button-small button-quiet"
            aria-label={`Set the price of ${model}`}
            aria-expanded={isEditing}
            onClick={onEdit}
          >
            Set
          </button>
        </td>
      </tr>
      {isEditing && (
        <tr className="border-b border-line">
          <td colSpan={5} className="py-3">
            <PriceEditor connectionId={connectionId} price={price} onDone={onDone} />
          </td>
        </tr>
      )}
    </>
  );
}

function Rate({ microUsd }: { readonly microUsd: number }) {
  return <td className="py-1.5 pr-3 text-right">{formatRate(microUsd)}</td>;
}

function PriceSource({ price: { origin, sourceUrl, readOn, longContext } }: { readonly price: ModelPrice }) {
  switch (origin) {
    case 'own':
      return <span className="block text-accent">your price</span>;
    case 'local':
      return <span className="block text-ink-3">free: this computer</span>;
    case 'unknown':
      return <span className="block text-ink-3">no price known</span>;
    case 'list':
      return (
        <span className="block text-ink-3">
          {sourceUrl === null ? (
            'list'
          ) : (
            <OutgoingLink url={sourceUrl} text="list">
              list
            </OutgoingLink>
          )}{' '}
          of {readOn}
          {longContext !== null && `; dearer above ${longContext.overInputTokens / 1_000}k`}
        </span>
      );
  }
}
