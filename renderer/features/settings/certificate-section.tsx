import { useMutation, useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import type { AddedCertificate, NetworkStatus } from '../../../electron/contract/model/network.ts';
import { CheckRow } from '../../components/check-row.tsx';
import { ErrorCard } from '../../components/error-card.tsx';
import { formatDay } from '../../lib/format.ts';
import { request, toWireError } from '../../lib/ipc-client.ts';
import { changeSettings, networkStatusQuery, queryClient, settingsQuery } from '../../lib/queries.ts';
import { Section } from './section.tsx';

/** Whom Latchkey believes when a server says who it is. */
export function CertificateSection() {
  const status = useQuery(networkStatusQuery);
  const usesSystemStore = useQuery(settingsQuery).data?.certificates.usesSystemStore ?? false;
  const add = useMutation({ mutationFn: () => request('network.addCertificate', {}), onSuccess: keep });
  const remove = useMutation({
    mutationFn: (id: string) => request('network.removeCertificate', { id }),
    onSuccess: keep,
  });
  const error = add.error ?? remove.error ?? status.error;
  return (
    <Section
      title="Certificates"
      note="Latchkey brings its own list of authorities and checks every server against it. A company network may need one more."
      control={
        <button
          type="button"
          className="button button-small"
          disabled={add.isPending}
          onClick={() => add.mutate()}
        >
          <Plus size={13} aria-hidden />
          Add certificate
        </button>
      }
    >
      <CheckRow
        name="Also believe the authorities of this system"
        note={systemNote(status.data)}
        isChecked={usesSystemStore}
        isDisabled={status.data?.systemAuthorities === null}
        onChange={believeSystem}
      />
      {error !== null && (
        <ErrorCard error={toWireError(error)} connectionId={null} onRetry={null} onDismiss={add.reset} />
      )}
      {(status.data?.certificates.length ?? 0) > 0 && (
        <ul aria-label="Added certificates" className="flex flex-col gap-2">
          {status.data?.certificates.map((certificate) => (
            <Certificate
              key={certificate.id}
              certificate={certificate}
              isBusy={remove.isPending}
              onRemove={() => remove.mutate(certificate.id)}
            />
          ))}
        </ul>
      )}
    </Section>
  );
}

/** Sixteen pairs with their colons: two lines of equal length are easier to compare. */
const HALF_A_FINGERPRINT = 48;

interface CertificateProps {
  readonly certificate: AddedCertificate;
  readonly isBusy: boolean;
  readonly onRemove: () => void;
}

function Certificate({ certificate, isBusy, onRemove }: CertificateProps) {
  const { subject, fingerprint, expiresAt, isTrusted } = certificate;
  const isExpired = expiresAt <= Date.now();
  return (
    <li
      aria-label={subject}
      className="flex items-start gap-3 rounded-[10px] border border-line bg-canvas px-4 py-3"
    >
      <div className="selectable min-w-0 flex-1">
        <p className="truncate font-semibold">{subject}</p>
        <p className={isExpired ? 'text-danger' : 'text-ink-2'}>
          {isExpired ? 'Expired' : 'Valid until'} {formatDay(expiresAt)}
        </p>
        {!isTrusted && (
          <p className="text-warn">Not believed: the keystore does not vouch for it. Add its file again.</p>
        )}
        <p className="mt-1 font-mono text-[11px] leading-4 break-all text-ink-3">
          <span className="sr-only">SHA-256 fingerprint </span>
          <span className="block">{fingerprint.slice(0, HALF_A_FINGERPRINT)}</span>
          <span className="block">{fingerprint.slice(HALF_A_FINGERPRINT)}</span>
        </p>
      </div>
      <button
        type="button"
        className="button button-small button-quiet button-danger"
        aria-label={`Remove ${subject}`}
        disabled={isBusy}
        onClick={onRemove}
      >
        Remove
      </button>
    </li>
  );
}

function systemNote(status: NetworkStatus | undefined): string {
  if (status === undefined) return '';
  if (status.systemAuthorities === null) return 'This runtime cannot ask the system for them.';
  return `${status.systemAuthorities} of them. What an administrator adds there counts too.`;
}

function keep(status: NetworkStatus): void {
  queryClient.setQueryData(networkStatusQuery.queryKey, status);
}

function believeSystem(usesSystemStore: boolean): void {
  // The box keeps showing what main has when it could not be changed.
  changeSettings({ certificates: { usesSystemStore } }).catch(() => undefined);
}
