import { Autocomplete } from '@base-ui/react/autocomplete';
import { useQuery } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { describeError } from '../../lib/describe-error.ts';
import { request, toWireError } from '../../lib/ipc-client.ts';
import { modelsQuery, queryClient, usePolicy } from '../../lib/queries.ts';
import { chooseModel, useSelection } from '../../lib/selection.ts';
import { useView } from '../../lib/view-store.ts';

const MAX_SHOWN = 300;

/** Which model answers: one of the connection's list, or any name typed in, since lists are not always complete. Main decides. */
export function ModelPicker() {
  const conversationId = useView((state) => state.conversationId);
  const { connection, keyId, model } = useSelection();
  /** What is being typed; null while nothing is. */
  const [typed, setTyped] = useState<string | null>(null);
  const query = useQuery({ ...modelsQuery(connection?.id ?? ''), enabled: connection !== null });
  const models = query.data?.models ?? [];
  const shown = filterModels(models, typed ?? '');
  const isRestricted = usePolicy()?.models !== undefined;

  const choose = (value: string): void => {
    const name = value.trim();
    setTyped(null);
    if (connection !== null && name !== '' && name !== model)
      chooseModel(conversationId, { connectionId: connection.id, keyId, model: name });
  };

  return (
    <Autocomplete.Root
      items={shown}
      mode="none"
      openOnInputClick
      value={typed ?? model}
      onValueChange={(value, details) => (details.reason === 'item-press' ? choose(value) : setTyped(value))}
    >
      <Autocomplete.Input
        className="picker max-w-[220px] min-w-12"
        aria-label="Model"
        placeholder={query.isLoading ? 'Loading models' : 'Model'}
        disabled={connection === null}
        spellCheck={false}
        maxLength={200}
        onFocus={(event) => event.target.select()}
        onBlur={() => typed !== null && choose(typed)}
        onKeyDown={(event) => {
          // Enter with nothing highlighted takes the name as typed.
          const isHighlighted = event.currentTarget.getAttribute('aria-activedescendant') !== null;
          if (event.key === 'Enter' && typed !== null && !isHighlighted) choose(typed);
        }}
      />
      <Autocomplete.Portal>
        <Autocomplete.Positioner className="z-50" sideOffset={4} align="end">
          <Autocomplete.Popup className="popup flex max-h-[min(360px,var(--available-height))] w-[280px] flex-col p-1">
            <Autocomplete.List className="min-h-0 overflow-y-auto">
              {(name: string) => (
                <Autocomplete.Item key={name} value={name} className="menu-item">
                  <span className="truncate">{name}</span>
                  {name === model && <span className="ml-auto size-1.5 shrink-0 rounded-full bg-accent" />}
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
            <ModelListState
              isLoading={query.isFetching}
              error={query.error}
              count={shown.length}
              typed={typed ?? ''}
              isRestricted={isRestricted}
              onRefresh={() => connection !== null && void refreshModels(connection.id)}
            />
          </Autocomplete.Popup>
        </Autocomplete.Positioner>
      </Autocomplete.Portal>
    </Autocomplete.Root>
  );
}

interface ModelListStateProps {
  readonly isLoading: boolean;
  readonly error: Error | null;
  readonly count: number;
  readonly typed: string;
  /** The organisation says which models may be asked. */
  readonly isRestricted: boolean;
  readonly onRefresh: () => void;
}

function ModelListState(props: ModelListStateProps) {
  const { isLoading, onRefresh } = props;
  return (
    <div className="flex items-center gap-2 border-line px-2.5 py-1.5 text-[12px] text-ink-3 not-first:border-t">
      <span className="flex-1">{stateText(props)}</span>
      <button
        type="button"
        className="icon-button size-6"
        aria-label="Reload models"
        disabled={isLoading}
        onMouseDown={(event) => event.preventDefault()}
        onClick={onRefresh}
      >
        <RefreshCw size={13} aria-hidden />
      </button>
    </div>
  );
}

function stateText({ isLoading, error, count, typed, isRestricted }: ModelListStateProps): string {
  if (isLoading) return 'Asking the provider for its models';
  if (isRestricted && error === null) return count === 0 ? noneAllowed(typed) : 'Chosen by your organisation';
  if (error !== null) return `${describeError(toWireError(error)).title}. Any name can be typed.`;
  if (count === 0)
    return typed === '' ? 'The provider lists no models' : 'Not in the list. Enter uses it as typed.';
  return 'Any other name can be typed';
}

function noneAllowed(typed: string): string {
  return typed === ''
    ? 'The provider lists none that your organisation allows'
    : 'Not in the list of what your organisation allows';
}

function filterModels(models: readonly string[], typed: string): readonly string[] {
  const wanted = typed.trim().toLowerCase();
  return models.filter((model) => model.toLowerCase().includes(wanted)).slice(0, MAX_SHOWN);
}

async function refreshModels(connectionId: string): Promise<void> {
  await queryClient
    .fetchQuery({
      queryKey: modelsQuery(connectionId).queryKey,
      queryFn: () => request('connections.models', { id: connectionId, shouldRefresh: true }),
      staleTime: 0,
    })
    .catch(() => undefined);
}
