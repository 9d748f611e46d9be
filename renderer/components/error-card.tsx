import { useMutation } from '@tanstack/react-query';
import { CircleAlert, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { WireError } from '../../electron/contract/app-error.ts';
import { assertNever } from '../lib/assert-never.ts';
import { describeError } from '../lib/describe-error.ts';
import type { ErrorAction } from '../lib/describe-error.ts';
import { formatWait } from '../lib/format.ts';
import { request } from '../lib/ipc-client.ts';
import { recheckKeystore, replaceKeyInUse } from '../lib/key-actions.ts';
import { showDialog } from '../lib/view-store.ts';

interface ErrorCardProps {
  readonly error: WireError;
  /** The connection whose key an action may replace; null opens the form for a new one. */
  readonly connectionId: string | null;
  readonly onRetry: (() => void) | null;
  readonly onDismiss?: () => void;
  /** Other ways on, in a row below the text; the next sensible thing then is one of them. */
  readonly children?: ReactNode;
}

/** What went wrong, in words, with a button for the next sensible thing. */
export function ErrorCard({ error, connectionId, onRetry, onDismiss, children }: ErrorCardProps) {
  const { title, body, action } = describeError(error);
  return (
    <div role="alert" className="@container rounded-lg border border-line bg-danger-soft text-[13px]">
      <div className="grid grid-cols-[auto_1fr_auto_auto] items-start gap-y-2 py-2.5 pr-2.5 pl-3">
        <CircleAlert size={16} className="mt-0.5 mr-3 text-danger" aria-hidden />
        <div className="selectable min-w-0">
          <p className="font-semibold">{title}</p>
          <p className="text-ink-2">{body}</p>
          {children !== undefined && (
            <div className="mt-2 flex flex-wrap gap-2 empty:hidden *:ml-0">
              {children}
              <ActionButton action={action} connectionId={connectionId} onRetry={onRetry} />
            </div>
          )}
        </div>
        {children === undefined && (
          <ActionButton action={action} connectionId={connectionId} onRetry={onRetry} />
        )}
        {onDismiss && (
          <button
            type="button"
            className="icon-button col-start-4 ml-3"
            aria-label="Dismiss"
            onClick={onDismiss}
          >
            <X size={14} aria-hidden />
          </button>
        )}
      </div>
    </div>
  );
}

/** Beside the text, or below it where the card is narrow. */
const BUTTON_CLASS =
  'button button-small ml-3 self-center @max-[440px]:col-start-2 @max-[440px]:row-start-2 @max-[440px]:ml-0 @max-[440px]:justify-self-start';

interface ActionButtonProps {
  readonly action: ErrorAction;
  readonly connectionId: string | null;
  readonly onRetry: (() => void) | null;
}

/** The button for the next sensible thing; nothing where there is none. */
export function ActionButton({ action, connectionId, onRetry }: ActionButtonProps) {
  const waitS = useCountdown(action.kind === 'retry' ? action.waitS : 0);
  if (action.kind === 'none' || (action.kind === 'retry' && onRetry === null)) return null;
  if (action.kind === 'recheck-keystore') return <RecheckButton label={action.label} onRetry={onRetry} />;
  const label = waitS > 0 ? `${action.label} in ${formatWait(waitS * 1_000)}` : action.label;
  return (
    <button
      type="button"
      className={BUTTON_CLASS}
      disabled={waitS > 0}
      onClick={() => run(action, connectionId, onRetry)}
    >
      {label}
    </button>
  );
}

/** What failed is tried again in any case: should the keystore still be locked, the new error says why. */
function RecheckButton({
  label,
  onRetry,
}: {
  readonly label: string;
  readonly onRetry: (() => void) | null;
}) {
  const recheck = useMutation({ mutationFn: recheckKeystore, onSettled: () => onRetry?.() });
  return (
    <button
      type="button"
      className={BUTTON_CLASS}
      disabled={recheck.isPending}
      onClick={() => recheck.mutate()}
    >
      {label}
    </button>
  );
}

type InstantAction = Exclude<ErrorAction, { kind: 'recheck-keystore' }>;

function run(action: InstantAction, connectionId: string | null, onRetry: (() => void) | null): void {
  switch (action.kind) {
    case 'replace-key':
      return replaceKeyInUse(connectionId);
    case 'open-key-settings':
      return showDialog({ kind: 'settings', tab: 'keys' });
    case 'open-network-settings':
      return showDialog({ kind: 'settings', tab: 'network' });
    case 'enter-login':
      return ignoreFailure(request('network.enterLogin', { proxy: action.proxy }));
    case 'retry':
      return onRetry?.();
    case 'choose-model':
      return focusControl('[aria-label="Model"]');
    case 'shorten':
      return focusControl('[aria-label="Message"]');
    case 'open-usage':
      return showDialog({ kind: 'settings', tab: 'usage' });
    case 'open-models':
      return showDialog({ kind: 'settings', tab: 'models' });
    case 'open-folder':
      return ignoreFailure(request('app.openProfileFolder', {}));
    case 'restart':
      return ignoreFailure(request('app.restart', {}));
    case 'none':
      return undefined;
    default:
      return assertNever(action);
  }
}

function ignoreFailure(work: Promise<unknown>): void {
  // These open something outside this window; if that fails the button is still there to press again.
  work.catch(() => undefined);
}

/** Moves the focus to a control by its public name. */
export function focusControl(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.focus();
}

function useCountdown(fromS: number): number {
  const [leftS, setLeftS] = useState(fromS);
  useEffect(() => {
    if (leftS <= 0) return undefined;
    const timer = setTimeout(() => setLeftS(leftS - 1), 1_000);
    return () => clearTimeout(timer);
  }, [leftS]);
  return leftS;
}
