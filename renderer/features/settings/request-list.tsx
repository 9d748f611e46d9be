import { useQuery } from '@tanstack/react-query';
import type { NetworkEntry } from '../../../electron/contract/model/network.ts';
import { ErrorCard } from '../../components/error-card.tsx';
import { describeError } from '../../lib/describe-error.ts';
import { formatBytes, formatTime, hostOf } from '../../lib/format.ts';
import { request, toWireError } from '../../lib/ipc-client.ts';
import { changeSettings, networkQuery, queryClient, settingsQuery } from '../../lib/queries.ts';
import { Section } from './section.tsx';

const purposes: Readonly<Record<NetworkEntry['purpose'], string>> = {
  answer: 'Answer',
  title: 'Title',
  summary: 'Summary',
  'model-list': 'List of models',
  'sign-in': 'Sign-in',
};

/** Every request of this session, so that a person can see that there was no other. */
export function RequestList() {
  const entries = useQuery(networkQuery);
  const isKept = useQuery(settingsQuery).data?.keepsNetworkLog ?? true;
  return (
    <Section
      title="Requests"
      note="These are all the requests Latchkey made since it started. It has no telemetry, no update check and no other host. What was sent and answered is not kept here."
    >
      <div className="flex items-center justify-between gap-3">
        <label className="flex items-center gap-3">
          <input
            type="checkbox"
            className="size-4 accent-[var(--accent)]"
            checked={isKept}
            onChange={(event) => keepLog(event.target.checked)}
          />
          <span className="font-medium">Keep this list until I quit</span>
        </label>
        <button
          type="button"
          className="button button-small"
          disabled={(entries.data?.length ?? 0) === 0}
          onClick={clear}
        >
          Clear
        </button>
      </div>
      {entries.error !== null && (
        <ErrorCard
          error={toWireError(entries.error)}
          connectionId={null}
          onRetry={() => void entries.refetch()}
        />
      )}
      {entries.data !== undefined && <Entries entries={entries.data} isKept={isKept} />}
    </Section>
  );
}

function Entries({
  entries,
  isKept,
}: {
  readonly entries: readonly NetworkEntry[];
  readonly isKept: boolean;
}) {
  if (entries.length === 0) {
    return <p className="text-ink-3">{isKept ? 'No request yet.' : 'Requests are not being listed.'}</p>;
  }
  return (
    <table className="w-full border-collapse text-[12px] leading-5">
      <thead className="text-left text-ink-3">
        <tr className="border-b border-line">
          <th className="py-1 pr-3 font-normal">Time</th>
          <th className="py-1 pr-3 font-normal">To, with key</th>
          <th className="py-1 pr-3 font-normal">What came of it</th>
          <th className="py-1 text-right font-normal">Sent / received</th>
        </tr>
      </thead>
      <tbody className="selectable">
        {entries.map((entry) => (
          <tr key={entry.id} className="border-b border-line align-top">
            <td className="py-1.5 pr-3 text-ink-2 tabular-nums">{formatTime(entry.at)}</td>
            <td className="py-1.5 pr-3">
              <span className="break-all">{hostOf(entry.origin)}</span>
              <span className="block text-ink-3">{entry.keyLabel ?? 'no key'}</span>
              {entry.proxy !== null && (
                <span className="block break-all text-ink-3">through {entry.proxy}</span>
              )}
            </td>
            <td className="py-1.5 pr-3">
              {purposes[entry.purpose]}
              <span className="block text-ink-3">{describeOutcome(entry)}</span>
            </td>
            <td className="py-1.5 text-right text-ink-2 tabular-nums">
              {formatBytes(entry.sentBytes)} / {formatBytes(entry.receivedBytes)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function describeOutcome({ outcome, status }: NetworkEntry): string {
  const code = status === null ? '' : `${status}, `;
  if (outcome === 'running') return `${code}under way`;
  if (outcome === 'done') return `${code}complete`;
  if (outcome === 'cancelled') return `${code}stopped`;
  return code + describeError({ code: outcome, message: '', details: {} }).title.toLowerCase();
}

function keepLog(keepsNetworkLog: boolean): void {
  // The box keeps showing what main has when it could not be changed.
  changeSettings({ keepsNetworkLog }).catch(() => undefined);
}

function clear(): void {
  void request('network.clear', {}).then(() =>
    queryClient.invalidateQueries({ queryKey: networkQuery.queryKey }),
  );
}
