import { useMutation, useQuery } from '@tanstack/react-query';
import { ErrorCard } from '../../components/error-card.tsx';
import { ManagedMark } from '../../components/managed-mark.tsx';
import { request, toWireError } from '../../lib/ipc-client.ts';
import { protocolQuery, queryClient, usePolicy } from '../../lib/queries.ts';

/** What other programs may ask Latchkey to do: show a prompt, and nothing else. */
export function AutomationTab() {
  const status = useQuery(protocolQuery);
  const change = useMutation({
    mutationFn: (shouldRegister: boolean) =>
      request(shouldRegister ? 'protocol.register' : 'protocol.unregister', {}),
    onSuccess: (next) => queryClient.setQueryData(protocolQuery.queryKey, next),
  });
  const isRegistered = status.data?.isRegistered ?? false;
  const canRegister = status.data?.canRegister ?? false;
  const isTurnedOff = usePolicy()?.allowsDeepLinks === false;
  // What is registered already can be taken back.
  const canChange = canRegister && (!isTurnedOff || isRegistered);
  const error = change.error ?? status.error;
  return (
    <div className="flex flex-col gap-4">
      <label className={`flex items-start gap-3 ${canChange ? '' : 'text-ink-3'}`}>
        <input
          type="checkbox"
          className="mt-1 size-4 accent-[var(--accent)]"
          checked={isRegistered}
          disabled={!canChange || change.isPending}
          aria-describedby={isTurnedOff ? 'links-managed' : undefined}
          onChange={(event) => change.mutate(event.target.checked)}
        />
        <span className="font-medium">Open latchkey:// links with Latchkey</span>
      </label>
      {isTurnedOff && (
        <ManagedMark id="links-managed">Links are turned off, and one that arrives is refused.</ManagedMark>
      )}
      <div className="flex flex-col gap-3 text-ink-2">
        <p>
          A link can bring a prompt from a script, an editor or a web page. Latchkey shows it to you whole,
          under “From a link”, and waits. It goes into the composer only when you choose Use, and never over a
          draft.
        </p>
        <p>A link never sends anything, never changes a setting, and never reads a conversation.</p>
        {status.data !== undefined && !canRegister && <p>Install Latchkey to switch this on.</p>}
      </div>
      <pre
        tabIndex={0}
        className="selectable overflow-x-auto rounded-lg border border-line bg-sunken px-3.5 py-2.5 font-mono text-[12px]"
      >
        latchkey://v1/chat?prompt=Explain%20this%20error
      </pre>
      {error !== null && <ErrorCard error={toWireError(error)} connectionId={null} onRetry={null} />}
    </div>
  );
}
