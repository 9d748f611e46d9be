import { useEffect, useState } from 'react';
import type { WireError } from '../../electron/contract/app-error.ts';
import { describeError } from '../lib/describe-error.ts';
import { request, toWireError } from '../lib/ipc-client.ts';
import { KeyForm } from './key-form.tsx';
import type { Described } from './key-form.tsx';
import { ProxyForm } from './proxy-form.tsx';

/** The window in which a key is entered. It lives for that only, has no network, and closes when the key is saved. */
export function KeyWindow() {
  const [described, setDescribed] = useState<Described | null>(null);
  const [failure, setFailure] = useState<WireError | null>(null);
  useEffect(() => {
    request('keyWindow.describe', {}).then(setDescribed, (error: unknown) => setFailure(toWireError(error)));
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented) void cancel();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
  if (failure !== null) return <Failed error={failure} />;
  if (described === null) return null;
  const onCancel = (): void => void cancel();
  return described.proxy === null ? (
    <KeyForm described={described} onCancel={onCancel} />
  ) : (
    <ProxyForm described={described} proxy={described.proxy} onCancel={onCancel} />
  );
}

async function cancel(): Promise<void> {
  // Main closes the window; a window that main does not know any more can close itself.
  await request('keyWindow.cancel', {}).catch(() => window.close());
}

function Failed({ error }: { readonly error: WireError }) {
  const { title, body } = describeError(error);
  return (
    <main className="flex h-full flex-col p-6">
      <div role="alert">
        <h1 className="text-[17px] font-semibold">{title}</h1>
        <p className="mt-2 text-ink-2">{body}</p>
      </div>
      <button type="button" className="button mt-auto self-end" onClick={() => void cancel()}>
        Cancel
      </button>
    </main>
  );
}
