import { useQuery } from '@tanstack/react-query';
import { CircleCheck, Copy, TriangleAlert, X } from 'lucide-react';
import { useState } from 'react';
import type {
  ExportReport,
  ImportReport,
  TransferStatus,
} from '../../../electron/contract/model/transfer.ts';
import { ErrorCard } from '../../components/error-card.tsx';
import { copyText } from '../../lib/copy-text.ts';
import {
  describeFailure,
  describeOutcome,
  describeProgress,
  describeRemarks,
  reportToText,
} from '../../lib/describe-transfer.ts';
import { transferQuery, usePolicy } from '../../lib/queries.ts';
import {
  cancelTransfer,
  dismissTransfer,
  exportConversations,
  importConversations,
} from '../../lib/transfer-actions.ts';
import { Section } from './section.tsx';

/** So many failures are listed before somebody asks for all. */
const FIRST_FAILURES = 5;

/** Conversations out of a file, and into one. */
export function TransferSection() {
  const status = useQuery(transferQuery).data ?? { kind: 'idle' as const };
  const isExportAllowed = usePolicy()?.allowsExport ?? true;
  const isBusy = status.kind === 'running';
  return (
    <Section
      title="Import and export"
      note="Import what Latchkey exported, or the export of ChatGPT as it was downloaded. An export holds conversations and their files; never keys, connections or settings."
    >
      <div className="flex flex-wrap gap-2">
        <button
          type="button"
          className="button button-small"
          disabled={isBusy}
          onClick={() => void importConversations()}
        >
          Import conversations…
        </button>
        <button
          type="button"
          className="button button-small"
          disabled={isBusy || !isExportAllowed}
          onClick={() => void exportConversations('json')}
        >
          Export all as JSON…
        </button>
        <button
          type="button"
          className="button button-small"
          disabled={isBusy || !isExportAllowed}
          onClick={() => void exportConversations('markdown')}
        >
          Export all as Markdown…
        </button>
      </div>
      {!isExportAllowed && (
        <p className="text-ink-3">Your organisation does not allow conversations to be exported.</p>
      )}
      <div role="status" aria-label="Import and export status">
        {status.kind === 'running' && <Running status={status} />}
        {status.kind === 'ended' && <Ended status={status} />}
      </div>
    </Section>
  );
}

function Running({ status }: { readonly status: TransferStatus & { readonly kind: 'running' } }) {
  const { task, progress, isCancelling } = status;
  const name = task === 'import' ? 'Importing' : 'Exporting';
  const canCancel = progress.phase !== 'saving' && !isCancelling;
  return (
    <div ref={scrollIntoView} className="flex items-center gap-3 rounded-lg border border-line px-3 py-2.5">
      <div className="min-w-0 flex-1">
        <div className="flex justify-between gap-3">
          <p className="font-medium">{isCancelling ? 'Cancelling' : name}</p>
          <p className="text-ink-3 tabular-nums">{describeProgress(progress)}</p>
        </div>
        <progress
          aria-label={name}
          className="transfer-progress mt-1.5"
          {...(progress.total === 0 ? {} : { value: progress.done, max: progress.total })}
        />
      </div>
      <button type="button" className="button button-small" disabled={!canCancel} onClick={cancelTransfer}>
        Cancel
      </button>
    </div>
  );
}

function Ended({ status }: { readonly status: TransferStatus & { readonly kind: 'ended' } }) {
  const { outcome } = status;
  if (outcome.kind === 'failed')
    return <ErrorCard error={outcome.error} connectionId={null} onRetry={null} onDismiss={dismissTransfer} />;
  const remarks = outcome.kind === 'done' ? describeRemarks(outcome.report) : [];
  return (
    <div
      ref={scrollIntoView}
      className="flex items-start gap-3 rounded-lg border border-line py-2.5 pr-2 pl-3"
    >
      {outcome.kind === 'done' && isAllWell(outcome.report) && (
        <CircleCheck size={16} className="mt-0.5 shrink-0 text-accent" aria-hidden />
      )}
      {outcome.kind === 'done' && !isAllWell(outcome.report) && (
        <TriangleAlert
          size={16}
          className="mt-0.5 shrink-0 text-warn"
          role="img"
          aria-label="Not all of it"
        />
      )}
      <div className="selectable min-w-0 flex-1 wrap-anywhere">
        <p className="font-medium">{describeOutcome(status)}</p>
        {remarks.map((remark) => (
          <p key={remark} className="text-ink-2">
            {remark}
          </p>
        ))}
        {outcome.kind === 'done' && outcome.report.kind === 'import' && outcome.report.failureCount > 0 && (
          <Failures report={outcome.report} text={reportToText(status)} />
        )}
      </div>
      <button type="button" className="icon-button" aria-label="Dismiss" onClick={dismissTransfer}>
        <X size={14} aria-hidden />
      </button>
    </div>
  );
}

/** The section is the last of a long page: what came of it must not end below the edge. */
function scrollIntoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}

/** Whether nothing stayed behind that was to come along. */
function isAllWell(report: ImportReport | ExportReport): boolean {
  if (report.kind === 'export') return report.missingFileCount === 0;
  return report.failureCount + report.leftOutMessageCount + report.leftOutFileCount === 0;
}

function Failures({ report, text }: { readonly report: ImportReport; readonly text: string }) {
  const [isWhole, setIsWhole] = useState(false);
  const shown = isWhole ? report.failures : report.failures.slice(0, FIRST_FAILURES);
  const unlisted = report.failureCount - report.failures.length;
  return (
    <>
      <ul aria-label="What failed" className="mt-1.5 max-h-48 list-disc overflow-y-auto pl-4 text-ink-2">
        {shown.map((failure) => (
          <li key={`${failure.document} ${failure.kind} ${failure.number} ${failure.title ?? ''}`}>
            {describeFailure(failure)}
          </li>
        ))}
        {isWhole && unlisted > 0 && <li>And {unlisted.toLocaleString('en')} more.</li>}
      </ul>
      <div className="mt-2 flex gap-2">
        {shown.length < report.failures.length && (
          <button type="button" className="button button-small" onClick={() => setIsWhole(true)}>
            Show all {report.failureCount.toLocaleString('en')}
          </button>
        )}
        <button type="button" className="button button-small" onClick={() => copyText(text)}>
          <Copy size={13} aria-hidden />
          Copy report
        </button>
      </div>
    </>
  );
}
