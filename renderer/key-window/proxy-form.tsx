import { useEffect, useRef, useState } from 'react';
import type { FormEvent } from 'react';
import type { WireError } from '../../electron/contract/app-error.ts';
import { KeyGlyph } from '../components/key-glyph.tsx';
import { request, toWireError } from '../lib/ipc-client.ts';
import { TextField } from '../components/labelled.tsx';
import type { Described } from './key-form.tsx';
import { Refusal } from './key-verdict.tsx';
import { RestingPlace } from './resting-place.tsx';

interface ProxyFormProps {
  readonly described: Described;
  readonly proxy: NonNullable<Described['proxy']>;
  /** True while the keystore is being asked. */
  readonly isAsking: boolean;
  readonly onTryAgain: () => void;
  readonly onCancel: () => void;
}

/** The form for a proxy's login. Name and password are in their fields only, never in React's state. */
export function ProxyForm({ described, proxy, isAsking, onTryAgain, onCancel }: ProxyFormProps) {
  const [error, setError] = useState<WireError | null>(null);
  const [isSaving, setIsSaving] = useState(false);
  const urlRef = useRef<HTMLInputElement>(null);
  const userNameRef = useRef<HTMLInputElement>(null);
  const passwordRef = useRef<HTMLInputElement>(null);
  const isUrlAsked = !proxy.isFixed && proxy.url === '';
  useEffect(() => {
    document.title = 'Proxy login - Latchkey';
    (isUrlAsked ? urlRef : userNameRef).current?.focus();
  }, [isUrlAsked]);

  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (isSaving) return;
    setIsSaving(true);
    setError(null);
    const password = passwordRef.current?.value ?? '';
    if (passwordRef.current !== null) passwordRef.current.value = '';
    try {
      await request('keyWindow.saveProxy', {
        url: urlRef.current?.value ?? '',
        userName: userNameRef.current?.value ?? '',
        password,
      });
    } catch (thrown) {
      setError(toWireError(thrown));
      setIsSaving(false);
    }
  };

  return (
    <form className="flex h-full flex-col" onSubmit={(event) => void save(event)} autoComplete="off">
      <main className="flex min-h-0 flex-1 flex-col gap-3.5 overflow-y-auto px-6 pt-5 pb-3">
        <div className="flex items-center gap-3">
          <span className="text-accent">
            <KeyGlyph seed={proxy.url} kind="kept" height={20} />
          </span>
          <h1 className="text-[17px] leading-6 font-semibold tracking-[-0.01em]">Login for a proxy</h1>
        </div>
        <RestingPlace
          described={{ ...described, isLoopbackOnly: false }}
          isAsking={isAsking || isSaving}
          onTryAgain={onTryAgain}
        />
        <TextField
          name="Proxy URL"
          isCode
          ref={urlRef}
          defaultValue={proxy.url}
          readOnly={proxy.isFixed}
          placeholder="http://proxy.example.com:3128"
          maxLength={2048}
        />
        <TextField
          name="User name"
          ref={userNameRef}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={255}
        />
        <TextField
          name="Password"
          type="password"
          ref={passwordRef}
          autoComplete="off"
          spellCheck={false}
          maxLength={255}
        />
        <p className="text-[12px] leading-4 text-ink-3">
          Given to this proxy only. {!proxy.isFixed && 'Saving makes it the manual proxy. '}
          To a proxy with an http:// or socks5:// address it travels unencrypted, as proxies have it.
        </p>
        {error !== null && <Refusal error={error} />}
      </main>
      <footer className="flex shrink-0 justify-end gap-2 border-t border-line px-6 py-3">
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" className="button button-primary" disabled={isSaving}>
          Save login
        </button>
      </footer>
    </form>
  );
}
