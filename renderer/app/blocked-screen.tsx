import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { WireError } from '../../electron/contract/app-error.ts';
import { describeError } from '../lib/describe-error.ts';
import { request } from '../lib/ipc-client.ts';
import { queryClient } from '../lib/queries.ts';

interface BlockedScreenProps {
  readonly error: WireError;
  readonly folder: string | null;
}

/** Shown instead of everything when the policy, history or the profile cannot be used: what, where, and that nothing was deleted. */
export function BlockedScreen({ error, folder }: BlockedScreenProps) {
  const { title, body } = describeError(error);
  const isPolicy = error.code.startsWith('policy/');
  const [isTrying, setIsTrying] = useState(false);
  const path = typeof error.details['path'] === 'string' ? error.details['path'] : folder;
  return (
    <main className="flex h-full overflow-y-auto p-8">
      <div role="alert" className="m-auto w-full max-w-[520px]">
        <TriangleAlert size={28} className="text-warn" aria-hidden />
        <h1 className="mt-5 text-[22px] leading-7 font-semibold tracking-[-0.015em]">{title}</h1>
        <p className="mt-2 text-[15px] leading-6 text-ink-2">{body}</p>
        {path !== null && (
          <p className="selectable mt-5 rounded-lg border border-line bg-sunken px-4 py-3 font-mono text-[12px] wrap-anywhere">
            {path}
          </p>
        )}
        {error.message !== '' && error.message !== body && (
          <p className="selectable mt-3 text-ink-3 wrap-anywhere">{error.message}</p>
        )}
        <div className="mt-7 flex gap-2.5">
          <button
            type="button"
            className="button button-primary h-9 px-4"
            disabled={isTrying}
            onClick={() => {
              setIsTrying(true);
              void tryAgain(isPolicy || error.details['path'] === folder).finally(() => setIsTrying(false));
            }}
          >
            {isTrying ? 'Trying …' : 'Try again'}
          </button>
          {!isPolicy && (
            <button
              type="button"
              className="button h-9 px-4"
              onClick={() => void request('app.openProfileFolder', {}).catch(() => undefined)}
            >
              Open folder
            </button>
          )}
        </div>
      </div>
    </main>
  );
}

/** A history that can be opened now needs no restart. A policy is read at the start only, and in a profile folder lies everything. */
async function tryAgain(needsRestart: boolean): Promise<void> {
  try {
    if (needsRestart) await request('app.restart', {});
    else await request('history.reopen', {});
    // Opened or not, what main says now is what is shown.
    await queryClient.invalidateQueries();
  } catch {
    // The screen already says what is wrong, and the button is still there.
  }
}
