import { useId, useRef } from 'react';
import type { FormEvent } from 'react';
import type { ProxySettings } from '../../../electron/contract/model/network.ts';

interface ManualProxyProps {
  readonly proxy: ProxySettings;
  readonly isBusy: boolean;
  readonly onUse: (url: string, bypass: readonly string[]) => void;
}

/** Address and exceptions of the manual proxy. Nothing counts before "Use this proxy". */
export function ManualProxy({ proxy, isBusy, onUse }: ManualProxyProps) {
  const id = useId();
  const urlRef = useRef<HTMLInputElement>(null);
  const bypassRef = useRef<HTMLInputElement>(null);
  const use = (event: FormEvent): void => {
    event.preventDefault();
    const field = urlRef.current;
    if (field === null) return;
    const url = field.value;
    // A login does not belong in this window: main refuses it, and here it stays no longer than it must.
    field.value = url.replace(/^(\s*\w+:\/\/)?.*@/, '$1');
    onUse(
      url,
      (bypassRef.current?.value ?? '').split(/[\s,;]+/).filter((entry) => entry !== ''),
    );
  };
  return (
    <form
      // Uncontrolled, so made anew when main has another address.
      key={`${proxy.url ?? ''} ${proxy.bypass.join()}`}
      className="grid grid-cols-[110px_1fr] items-center gap-x-3 gap-y-2"
      onSubmit={use}
      autoComplete="off"
    >
      <label htmlFor={`${id}-url`} className="font-medium">
        Proxy URL
      </label>
      <input
        id={`${id}-url`}
        ref={urlRef}
        className="field font-mono text-[12px]"
        defaultValue={proxy.url ?? ''}
        placeholder="http://proxy.example.com:3128"
        spellCheck={false}
        maxLength={2048}
      />
      <label htmlFor={`${id}-bypass`} className="font-medium">
        Exceptions
      </label>
      <input
        id={`${id}-bypass`}
        ref={bypassRef}
        className="field font-mono text-[12px]"
        defaultValue={proxy.bypass.join(', ')}
        placeholder="*.example.com, <local>"
        aria-describedby={`${id}-note`}
        spellCheck={false}
        maxLength={4000}
      />
      <p id={`${id}-note`} className="col-start-2 text-[12px] text-ink-3">
        http, https or socks5. Exceptions are names, *.example.com, or &lt;local&gt; for names without a dot.
      </p>
      <button type="submit" className="button button-small col-start-2 justify-self-start" disabled={isBusy}>
        Use this proxy
      </button>
    </form>
  );
}
