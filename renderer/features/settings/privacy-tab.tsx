import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Backup, BackupKind } from '../../../electron/contract/model/backup.ts';
import { Confirm } from '../../components/confirm.tsx';
import { ErrorCard } from '../../components/error-card.tsx';
import { formatBytes, formatMoment } from '../../lib/format.ts';
import { request, toWireError } from '../../lib/ipc-client.ts';
import { backupsQuery, queryClient } from '../../lib/queries.ts';
import { TransferSection } from './transfer-section.tsx';

type Question = { readonly kind: 'restore' | 'remove'; readonly backup: Backup };

/** Where conversations are kept, and the copies of them. */
export function PrivacyTab() {
  const backups = useQuery(backupsQuery);
  const [question, setQuestion] = useState<Question | null>(null);
  const refresh = () => queryClient.invalidateQueries({ queryKey: backupsQuery.queryKey });
  const make = useMutation({ mutationFn: () => request('backups.make', {}), onSettled: refresh });
  const answer = useMutation({
    mutationFn: ({ kind, backup: { name } }: Question) => request(`backups.${kind}`, { name }),
    onSettled: refresh,
  });
  const error = answer.error ?? make.error ?? backups.error;
  return (
    <div className="flex flex-col gap-4">
      <p className="text-ink-2">
        Your conversations are kept on this computer only. Latchkey copies them once a day and before every
        upgrade, and keeps seven daily copies. What you delete is deleted from the copies too.
      </p>
      <div className="flex items-center justify-between gap-3">
        <h3 className="font-semibold">Backups</h3>
        <button
          type="button"
          className="button button-small"
          disabled={make.isPending}
          onClick={() => make.mutate()}
        >
          {make.isPending ? 'Backing up …' : 'Back up now'}
        </button>
      </div>
      {error !== null && (
        <ErrorCard error={toWireError(error)} connectionId={null} onRetry={() => void backups.refetch()} />
      )}
      {backups.data?.length === 0 && <p className="text-ink-3">No backup yet.</p>}
      {backups.data !== undefined && backups.data.length > 0 && (
        <ul aria-label="Backups" className="divide-y divide-line border-y border-line">
          {backups.data.map((backup) => (
            <BackupRow key={backup.name} backup={backup} onAsk={setQuestion} />
          ))}
        </ul>
      )}
      <div className="border-t border-line pt-4">
        <TransferSection />
      </div>
      <Confirm
        isOpen={question !== null}
        {...wordsOf(question)}
        onConfirm={() => question !== null && answer.mutate(question)}
        onClose={() => setQuestion(null)}
      />
    </div>
  );
}

interface BackupRowProps {
  readonly backup: Backup;
  readonly onAsk: (question: Question) => void;
}

function BackupRow({ backup, onAsk }: BackupRowProps) {
  const moment = formatMoment(backup.madeAt, Date.now());
  return (
    <li className="flex items-center gap-2 py-2">
      <div className="min-w-0 flex-1">
        <p className="first-letter:uppercase">{moment}</p>
        <p className="text-[12px] text-ink-3">
          {KINDS[backup.kind]}, {formatBytes(backup.bytes)}
        </p>
      </div>
      {backup.kind !== 'damaged' && (
        <button
          type="button"
          className="button button-small"
          aria-label={`Restore the backup of ${moment}`}
          onClick={() => onAsk({ kind: 'restore', backup })}
        >
          Restore
        </button>
      )}
      <button
        type="button"
        className="button button-small button-quiet"
        aria-label={`Delete the backup of ${moment}`}
        onClick={() => onAsk({ kind: 'remove', backup })}
      >
        Delete
      </button>
    </li>
  );
}

const KINDS: Readonly<Record<BackupKind, string>> = {
  daily: 'Daily',
  manual: 'Made by you',
  upgrade: 'Before an upgrade',
  replaced: 'Replaced by a backup',
  damaged: 'Damaged, kept after a repair; may still hold what you deleted',
};

function wordsOf(question: Question | null): { title: string; body: string; verb: string } {
  const moment = question === null ? '' : formatMoment(question.backup.madeAt, Date.now());
  if (question?.kind === 'remove') {
    return {
      title: `Delete the backup of ${moment}?`,
      body: 'It cannot be brought back. Your conversations themselves stay as they are.',
      verb: 'Delete backup',
    };
  }
  return {
    title: `Restore the backup of ${moment}?`,
    body: 'Latchkey restarts with your conversations as they were then. What is here now becomes a backup, so that you can go back.',
    verb: 'Restore and restart',
  };
}
