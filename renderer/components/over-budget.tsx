import { Wallet, X } from 'lucide-react';
import type { WireError } from '../../electron/contract/app-error.ts';
import { describeError } from '../lib/describe-error.ts';
import { showDialog } from '../lib/view-store.ts';
import type { ActionError, Consent } from '../lib/view-store.ts';

interface OverBudgetProps {
  readonly error: WireError;
  readonly retry: NonNullable<ActionError['retry']>;
  readonly onDismiss: () => void;
}

/** A request was held back for what it would cost: change the rule, or let this one through. */
export function OverBudget({ error, retry, onDismiss }: OverBudgetProps) {
  const { title, body, action } = describeError(error);
  const { verb, consent } = wayOn(error);
  return (
    <div role="alert" className="@container rounded-lg border border-line bg-warn-soft text-[13px]">
      <div className="grid grid-cols-[auto_1fr_auto] items-start gap-x-3 gap-y-2 py-2.5 pr-2.5 pl-3 @min-[560px]:grid-cols-[auto_1fr_auto_auto]">
        <Wallet size={16} className="mt-0.5 text-warn" aria-hidden />
        <div className="selectable min-w-0">
          <p className="font-semibold">{title}</p>
          <p className="text-ink-2">{body}</p>
        </div>
        <div className="col-start-2 row-start-2 flex flex-wrap gap-2 @min-[560px]:col-start-3 @min-[560px]:row-start-1 @min-[560px]:self-center">
          {action.kind !== 'none' && (
            <button
              type="button"
              className="button button-small"
              onClick={() =>
                showDialog({ kind: 'settings', tab: action.kind === 'open-models' ? 'models' : 'usage' })
              }
            >
              {action.label}
            </button>
          )}
          <button
            type="button"
            className={`button button-small ${action.kind === 'none' ? '' : 'button-quiet'}`}
            onClick={() => retry(consent)}
          >
            {verb}
          </button>
        </div>
        <button
          type="button"
          className="icon-button col-start-3 row-start-1 @min-[560px]:col-start-4"
          aria-label="Dismiss"
          onClick={onDismiss}
        >
          <X size={14} aria-hidden />
        </button>
      </div>
    </div>
  );
}

function wayOn(error: WireError): { readonly verb: string; readonly consent: Consent } {
  return error.code === 'budget/large-request'
    ? { verb: 'Send it', consent: { isCostAccepted: true } }
    : { verb: 'Send once anyway', consent: { isOverBudgetAllowed: true } };
}
