import { FlaskConical } from 'lucide-react';
import type { AppInfo } from '../../electron/contract/model/app-info.ts';

/** Permanent on a runtime that no release may ship on: what it is, and what it does not accept. */
export function DevelopmentNotice({ runtime }: { readonly runtime: AppInfo['runtime'] }) {
  const keys = runtime.allowsRemoteKeys
    ? 'A flag allows keys for any address. Use none that matters.'
    : 'Keys are accepted for this computer only.';
  return (
    <div
      role="note"
      aria-label="Development runtime"
      title={`Electron ${runtime.electron}`}
      className="flex min-h-7 shrink-0 items-center gap-2 border-b border-line bg-warn-soft px-4 py-1 text-[12px] leading-4 text-ink-2"
    >
      <FlaskConical size={13} className="shrink-0 text-warn" aria-hidden />
      <p>
        <strong className="font-semibold text-warn">Development runtime.</strong> A third party’s build of an
        Electron out of support. {keys}
      </p>
    </div>
  );
}
