import { useMutation } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { FormEvent } from 'react';
import type { ModelPrice, Rates } from '../../../electron/contract/model/ledger.ts';
import { ErrorCard } from '../../components/error-card.tsx';
import { request, toWireError } from '../../lib/ipc-client.ts';
import { dollarsToType, parseDollars } from '../../lib/money.ts';

interface PriceEditorProps {
  readonly connectionId: string;
  /** null: of a model that is not in the list. */
  readonly price: ModelPrice | null;
  readonly onDone: () => void;
}

/** A price of one's own for a model. */
export function PriceEditor({ connectionId, price, onDone }: PriceEditorProps) {
  const [draft, setDraft] = useState({
    model: price?.model ?? '',
    input: dollarsToType(price?.rates?.inputMicroUsd ?? null),
    cached: dollarsToType(price?.rates?.cachedInputMicroUsd ?? null),
    output: dollarsToType(price?.rates?.outputMicroUsd ?? null),
  });
  const set = (change: Partial<typeof draft>): void => setDraft({ ...draft, ...change });
  const rates = readRates(draft, price?.rates ?? null);
  const model = draft.model.trim();
  const save = useMutation({
    mutationFn: (wanted: Rates | null) => request('ledger.setPrice', { connectionId, model, rates: wanted }),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (rates !== null) save.mutate(rates);
  };
  return (
    <form
      aria-label="Price"
      className="grid grid-cols-3 gap-3 rounded-[10px] border border-line bg-canvas px-4 py-3"
      onSubmit={submit}
    >
      {price === null && (
        <div className="col-span-3">
          <Field
            name="Model"
            value={draft.model}
            placeholder="Exact name"
            onChange={(text) => set({ model: text })}
          />
        </div>
      )}
      <Field name="Input" value={draft.input} placeholder="0.00" onChange={(input) => set({ input })} />
      <Field
        name="Cached input"
        value={draft.cached}
        placeholder="As input"
        onChange={(cached) => set({ cached })}
      />
      <Field name="Output" value={draft.output} placeholder="0.00" onChange={(output) => set({ output })} />
      {save.error !== null && (
        <div className="col-span-3">
          <ErrorCard error={toWireError(save.error)} connectionId={connectionId} onRetry={null} />
        </div>
      )}
      <div className="col-span-3 flex items-center justify-end gap-2">
        <p className="mr-auto text-[12px] text-ink-3">Dollars per million tokens, up to 1,000. 0 is free.</p>
        {price?.origin === 'own' && (
          <button
            type="button"
            className="button button-quiet button-danger"
            disabled={save.isPending}
            onClick={() => save.mutate(null)}
          >
            Take back
          </button>
        )}
        <button type="button" className="button" onClick={onDone}>
          Cancel
        </button>
        <button
          type="submit"
          className="button button-primary"
          disabled={rates === null || model === '' || save.isPending}
        >
          Save price
        </button>
      </div>
    </form>
  );
}

const MAX_RATE_MICRO_USD = 1_000_000_000;

interface DraftRates {
  readonly input: string;
  readonly cached: string;
  readonly output: string;
}

/** null until input and output are sums; cached input may be left to the input. */
function readRates(draft: DraftRates, former: Rates | null): Rates | null {
  const [input, cached, output] = [draft.input, draft.cached, draft.output].map(parseDollars);
  if (typeof input !== 'number' || typeof output !== 'number' || cached === undefined) return null;
  if (Math.max(input, cached ?? 0, output) > MAX_RATE_MICRO_USD) return null;
  return {
    inputMicroUsd: input,
    cachedInputMicroUsd: cached,
    cacheWriteMicroUsd: former?.inputMicroUsd === input ? former.cacheWriteMicroUsd : null,
    outputMicroUsd: output,
  };
}

interface FieldProps {
  readonly name: string;
  readonly value: string;
  readonly placeholder: string;
  readonly onChange: (value: string) => void;
}

function Field({ name, value, placeholder, onChange }: FieldProps) {
  const id = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-[12px] text-ink-2">
        {name}
      </label>
      <input
        id={id}
        className="field tabular-nums"
        value={value}
        placeholder={placeholder}
        maxLength={200}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
