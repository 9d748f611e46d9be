import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Connection, KeyStatus } from '../../../electron/contract/model/connection.ts';
import type { KeyExposure } from '../../../electron/contract/model/key-exposure.ts';
import { ErrorCard } from '../../components/error-card.tsx';
import { Modal } from '../../components/modal.tsx';
import { OutgoingLink } from '../../components/outgoing-link.tsx';
import { capitalise, maskedKey } from '../../lib/describe-key.ts';
import { formatMoment, hostOf } from '../../lib/format.ts';
import { request, toWireError } from '../../lib/ipc-client.ts';
import { removeKey } from '../../lib/key-actions.ts';
import { useConnections } from '../../lib/queries.ts';
import { showConversation, showDialog, useView } from '../../lib/view-store.ts';

/** What to do about a key that leaked: revoke it there, remove it here, and see what this app sent with it. */
export function LeakedKeyDialog() {
  const dialog = useView((state) => state.dialog);
  const wanted = dialog?.kind === 'leaked-key' ? dialog : null;
  const connection = useConnections().find(({ id }) => id === wanted?.connectionId);
  const key = connection?.keys.find(({ id }) => id === wanted?.keyId);
  return (
    <Modal
      title="When a key has leaked"
      isOpen={wanted !== null}
      onClose={() => showDialog(null)}
      className="w-[520px]"
    >
      {connection !== undefined && key !== undefined && <Steps connection={connection} status={key} />}
    </Modal>
  );
}

function Steps({ connection, status }: { readonly connection: Connection; readonly status: KeyStatus }) {
  const place = { connectionId: connection.id, keyId: status.id };
  const exposure = useQuery({
    queryKey: ['exposure', status.id, status.requestCount],
    queryFn: () => request('keys.exposure', place),
  });
  const remove = (): void => {
    showDialog(null);
    void removeKey(place);
  };
  if (exposure.error !== null) {
    return (
      <div className="p-5">
        <ErrorCard
          error={toWireError(exposure.error)}
          connectionId={connection.id}
          onRetry={() => void exposure.refetch()}
        />
      </div>
    );
  }
  return (
    <ol className="selectable flex min-h-0 flex-col gap-5 overflow-y-auto border-t border-line px-5 py-5">
      <Step number={1} title="Revoke it at the provider">
        <p>Only the provider can make the key {maskedKey(status)} useless, wherever it has got to.</p>
        <RevokeLink exposure={exposure.data} />
      </Step>
      <Step number={2} title="Remove it here">
        <p>It leaves the disk at once. Make a new one at the provider and add it to {connection.label}.</p>
        <button type="button" className="button button-danger mt-2" onClick={remove}>
          Remove key
        </button>
      </Step>
      <Step number={3} title="See what Latchkey sent with it">
        {exposure.data !== undefined && <Sent exposure={exposure.data} />}
      </Step>
    </ol>
  );
}

interface StepProps {
  readonly number: number;
  readonly title: string;
  readonly children: ReactNode;
}

function Step({ number, title, children }: StepProps) {
  return (
    <li className="flex gap-3.5">
      <span
        aria-hidden
        className="mt-px flex size-5 shrink-0 items-center justify-center rounded-full bg-accent-soft text-[12px] font-semibold text-accent tabular-nums"
      >
        {number}
      </span>
      <div className="min-w-0 flex-1 text-ink-2">
        <h3 className="font-semibold text-ink">{title}</h3>
        {children}
      </div>
    </li>
  );
}

function RevokeLink({ exposure }: { readonly exposure: KeyExposure | undefined }) {
  if (exposure === undefined) return null;
  if (exposure.revokeUrl === null) {
    return <p className="mt-1">Sign in where you got it, {hostOf(exposure.origin)}, and delete it there.</p>;
  }
  const host = hostOf(exposure.revokeUrl);
  return (
    <p className="mt-1">
      <OutgoingLink url={exposure.revokeUrl} text={host}>
        Open the keys at {host}
      </OutgoingLink>
    </p>
  );
}

function Sent({ exposure }: { readonly exposure: KeyExposure }) {
  const { origin, requestCount, createdAt, lastUsedAt, conversations } = exposure;
  const now = Date.now();
  const since = `since it was entered ${formatMoment(createdAt, now)}`;
  return (
    <>
      {lastUsedAt === null ? (
        <p>Nothing, {since}.</p>
      ) : (
        <p>
          {requestCount === 1 ? '1 request' : `${requestCount} requests`} to{' '}
          <strong className="font-semibold">{hostOf(origin)}</strong> {since}, and none anywhere else.{' '}
          {capitalise(`the last ${formatMoment(lastUsedAt, now)}`)}. What the provider bills beyond that was
          not sent from here.
        </p>
      )}
      {conversations.length > 0 && (
        <ul aria-label="Conversations it was used in" className="mt-2 flex flex-col gap-px">
          {conversations.map(({ id, title, answerCount }) => (
            <li key={id}>
              <button
                type="button"
                className="flex h-7 w-full items-center gap-3 rounded-md px-2 text-left hover:bg-hover"
                onClick={() => {
                  showDialog(null);
                  showConversation(id);
                }}
              >
                <span className="min-w-0 flex-1 truncate" dir="auto">
                  {title}
                </span>
                <span className="text-[12px] text-ink-3">
                  {answerCount === 1 ? '1 answer' : `${answerCount} answers`}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
