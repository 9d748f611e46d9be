import { useMutation } from '@tanstack/react-query';
import { Check, Minus, X } from 'lucide-react';
import { useState } from 'react';
import type { NetworkStep } from '../../../electron/contract/model/network.ts';
import { ActionButton, ErrorCard } from '../../components/error-card.tsx';
import { describeError } from '../../lib/describe-error.ts';
import { request, toWireError } from '../../lib/ipc-client.ts';
import { networkQuery, queryClient, useConnections } from '../../lib/queries.ts';
import { Section } from './section.tsx';

const names: Readonly<Record<NetworkStep['name'], string>> = {
  proxy: 'Proxy',
  dns: 'Name (DNS)',
  tcp: 'Connection (TCP)',
  tls: 'Security (TLS)',
  http: 'Answer (HTTP)',
};

const outcomes = {
  ok: { Icon: Check, tone: 'text-good', word: 'in order' },
  failed: { Icon: X, tone: 'text-danger', word: 'failed' },
  skipped: { Icon: Minus, tone: 'text-ink-3', word: 'skipped' },
} as const;

/** Walks the way to one connection's server and shows how far it leads. */
export function ConnectionTest() {
  const connections = useConnections();
  const [chosenId, setChosenId] = useState<string | null>(null);
  const connection = connections.find(({ id }) => id === chosenId) ?? connections[0];
  const test = useMutation({
    mutationFn: (connectionId: string) => request('network.test', { connectionId }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: networkQuery.queryKey }),
  });
  return (
    <Section
      title="Test"
      note={
        connection === undefined
          ? 'Add a connection first; then the way to its server can be tested.'
          : 'Walks the way to a server step by step, and asks it for its models with the key.'
      }
    >
      {connection !== undefined && (
        <div className="flex items-center gap-2">
          <select
            className="field min-w-0 flex-1"
            aria-label="Connection to test"
            value={connection.id}
            onChange={(event) => {
              setChosenId(event.target.value);
              test.reset();
            }}
          >
            {connections.map(({ id, label, origin }) => (
              <option key={id} value={id}>
                {label} ({origin})
              </option>
            ))}
          </select>
          <button
            type="button"
            className="button"
            disabled={test.isPending}
            onClick={() => test.mutate(connection.id)}
          >
            Test connection
          </button>
        </div>
      )}
      <p role="status" className={test.isIdle ? 'sr-only' : 'text-ink-2'}>
        {test.isPending && 'Testing'}
        {test.data !== undefined && summarise(test.data)}
      </p>
      {test.data !== undefined && connection !== undefined && (
        <ol aria-label="Steps" className="flex flex-col">
          {test.data.map((step) => (
            <Step key={step.name} step={step} connectionId={connection.id} />
          ))}
        </ol>
      )}
      {test.error !== null && (
        <ErrorCard error={toWireError(test.error)} connectionId={null} onRetry={null} />
      )}
    </Section>
  );
}

function Step({ step, connectionId }: { readonly step: NetworkStep; readonly connectionId: string }) {
  const { Icon, tone, word } = outcomes[step.outcome];
  return (
    <li className="flex items-start gap-3 border-t border-line py-2 first:border-t-0">
      <Icon size={15} className={`mt-0.5 shrink-0 ${tone}`} aria-hidden />
      <p className="w-[128px] shrink-0 font-medium">
        {names[step.name]}
        <span className="sr-only"> {word}: </span>
      </p>
      <p className={`selectable min-w-0 flex-1 wrap-anywhere ${detailTone(step)}`}>{step.detail}</p>
      {step.outcome === 'ok' && (
        <span className="shrink-0 text-ink-3 tabular-nums">{Math.round(step.durationMs)} ms</span>
      )}
      {step.error !== null && <StepAction error={step.error} connectionId={connectionId} />}
    </li>
  );
}

function detailTone({ outcome }: NetworkStep): string {
  if (outcome === 'failed') return 'text-danger';
  return outcome === 'ok' ? 'text-ink-2' : 'text-ink-3';
}

/** What helps beyond this tab, which is open already. */
function StepAction({
  error,
  connectionId,
}: {
  readonly error: NonNullable<NetworkStep['error']>;
  readonly connectionId: string;
}) {
  const { action } = describeError(error);
  if (action.kind === 'open-network-settings') return null;
  return <ActionButton action={action} connectionId={connectionId} onRetry={null} />;
}

function summarise(steps: readonly NetworkStep[]): string {
  const failed = steps.find(({ outcome }) => outcome === 'failed');
  if (failed === undefined) return 'The way is open.';
  return failed.error === null ? 'It failed.' : `${describeError(failed.error).title}.`;
}
