import { useQuery } from '@tanstack/react-query';
import { TriangleAlert, X } from 'lucide-react';
import type { Notice } from '../../electron/contract/model/app-info.ts';
import { request } from '../lib/ipc-client.ts';
import { infoQuery, queryClient } from '../lib/queries.ts';

/** What happened that nobody asked about, e.g. a damaged settings file that was set aside. */
export function Notices() {
  const notices = useQuery(infoQuery).data?.notices ?? [];
  if (notices.length === 0) return null;
  return (
    <div className="flex shrink-0 flex-col gap-2 px-6 pt-3">
      {notices.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function NoticeCard({ notice }: { readonly notice: Notice }) {
  return (
    <div
      role="alert"
      className="mx-auto flex w-full max-w-[740px] items-start gap-3 rounded-lg border border-line bg-warn-soft py-2.5 pr-2 pl-3"
    >
      <TriangleAlert size={16} className="mt-0.5 shrink-0 text-warn" aria-hidden />
      <div className="selectable min-w-0 flex-1 wrap-anywhere">
        <p className="font-semibold">{notice.title}</p>
        <p className="text-ink-2">{notice.body}</p>
      </div>
      <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => dismiss(notice.id)}>
        <X size={14} aria-hidden />
      </button>
    </div>
  );
}

function dismiss(id: string): void {
  queryClient.setQueryData(
    infoQuery.queryKey,
    (info) => info && { ...info, notices: info.notices.filter((notice) => notice.id !== id) },
  );
  // Main forgetting it only decides whether a reload shows it again.
  request('app.dismissNotice', { id }).catch(() => undefined);
}
