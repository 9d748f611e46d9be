import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { NetworkStatus, ProxySettings } from '../../../electron/contract/model/network.ts';
import { CheckRow } from '../../components/check-row.tsx';
import { ErrorCard } from '../../components/error-card.tsx';
import { assertNever } from '../../lib/assert-never.ts';
import { request, toWireError } from '../../lib/ipc-client.ts';
import { changeSettings, networkStatusQuery, queryClient, settingsQuery } from '../../lib/queries.ts';
import { ManualProxy } from './manual-proxy.tsx';
import { Section } from './section.tsx';

type Mode = ProxySettings['mode'];

/** Which way requests leave. */
export function ProxySection() {
  const proxy = useQuery(settingsQuery).data?.proxy;
  const status = useQuery(networkStatusQuery).data;
  // What is being entered and what went wrong are about the facts of that moment: once main has others, e.g. a login that was
  // entered in the key window, both are settled.
  const facts = JSON.stringify([proxy, status?.login]);
  // Manual is not in force before it has an address: until then it is only what the form below is open for.
  const [enteringAt, setEnteringAt] = useState<string | null>(null);
  const change = useMutation({
    mutationFn: ({ next }: { readonly next: ProxySettings; readonly facts: string }) =>
      changeSettings({ proxy: next }),
    onSuccess: () => setEnteringAt(null),
  });
  if (proxy === undefined) return null;
  const isAboutNow = change.error !== null && change.variables.facts === facts;
  const error = isAboutNow ? toWireError(change.error) : null;
  const offersLogin = error?.code === 'network/proxy-url-with-login';
  const mode = enteringAt === facts ? 'manual' : proxy.mode;
  const save = (next: ProxySettings): void => change.mutate({ next, facts });
  const choose = (chosen: Mode): void => {
    const needsAddress = chosen === 'manual' && proxy.url === null;
    setEnteringAt(needsAddress ? facts : null);
    change.reset();
    if (!needsAddress) save({ ...proxy, mode: chosen });
  };
  return (
    <Section
      title="Proxy"
      note={noteOf(mode, status)}
      control={
        <select
          className="field w-[210px]"
          aria-label="Proxy"
          value={mode}
          onChange={(event) => choose(event.target.value as Mode)}
        >
          <option value="system">As the system is set</option>
          <option value="none">None</option>
          <option value="manual">Manual</option>
          <option value="environment">From the environment</option>
        </select>
      }
    >
      {mode === 'system' && (
        <ProxyScripts
          proxy={proxy}
          isInForce={status?.allowsScripts ?? false}
          onChange={(followsScripts) => save({ ...proxy, followsScripts })}
        />
      )}
      {mode === 'manual' && (
        <ManualProxy
          proxy={proxy}
          isBusy={change.isPending}
          onUse={(url, bypass) => save({ ...proxy, mode: 'manual', url, bypass: [...bypass] })}
        />
      )}
      {error !== null && <ErrorCard error={error} connectionId={null} onRetry={null} />}
      {status !== undefined && mode !== 'none' && !offersLogin && (
        <Login status={status} isManual={mode === 'manual'} />
      )}
    </Section>
  );
}

function noteOf(mode: Mode, status: NetworkStatus | undefined): string {
  switch (mode) {
    case 'system':
      return 'Requests take the proxy this computer is set to, if any. Servers on this computer are reached directly.';
    case 'none':
      return 'Every request goes directly to its server.';
    case 'manual':
      return 'Requests take the proxy below. Servers on this computer are reached directly.';
    case 'environment':
      return status?.hasEnvironmentProxy === false
        ? 'Latchkey was started without proxy variables, so requests go directly.'
        : 'HTTPS_PROXY, ALL_PROXY and NO_PROXY count as they were when Latchkey started.';
    default:
      return assertNever(mode);
  }
}

interface ProxyScriptsProps {
  readonly proxy: ProxySettings;
  /** Whether this run was started with it. */
  readonly isInForce: boolean;
  readonly onChange: (followsScripts: boolean) => void;
}

function ProxyScripts({ proxy, isInForce, onChange }: ProxyScriptsProps) {
  return (
    <div className="flex items-start gap-3">
      <CheckRow
        name="Follow automatic configuration (PAC, WPAD)"
        note={
          proxy.followsScripts === isInForce
            ? 'The script is fetched from where the system says. That is the one thing the list below does not show.'
            : 'Takes effect when Latchkey starts again.'
        }
        isChecked={proxy.followsScripts}
        onChange={onChange}
      />
      {proxy.followsScripts !== isInForce && (
        <button
          type="button"
          className="button button-small"
          onClick={() => void request('app.restart', {}).catch(() => undefined)}
        >
          Restart now
        </button>
      )}
    </div>
  );
}

/** The login kept for a proxy. It is entered in the key window and shown nowhere. */
function Login({ status, isManual }: { readonly status: NetworkStatus; readonly isManual: boolean }) {
  const remove = useMutation({
    mutationFn: () => request('network.removeLogin', {}),
    onSuccess: (next) => queryClient.setQueryData(networkStatusQuery.queryKey, next),
  });
  const { login } = status;
  if (login === null && !isManual) return null;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <p className="min-w-0 flex-1 text-ink-2">
        {login === null ? (
          'No login is kept for a proxy.'
        ) : (
          <>
            Login for <span className="selectable font-mono text-[12px] break-all">{login.proxy}</span>
            <span className={`block ${login.state === 'ok' ? 'text-ink-3' : 'text-warn'}`}>
              {describeState(login)}
            </span>
          </>
        )}
      </p>
      <button
        type="button"
        className="button button-small"
        onClick={() =>
          void request('network.enterLogin', { proxy: isManual ? 'manual' : 'asking' }).catch(() => undefined)
        }
      >
        {login === null ? 'Enter login' : 'Replace login'}
      </button>
      {login !== null && (
        <button
          type="button"
          className="button button-small button-quiet button-danger"
          disabled={remove.isPending}
          onClick={() => remove.mutate()}
        >
          Remove login
        </button>
      )}
      {remove.error !== null && (
        <ErrorCard error={toWireError(remove.error)} connectionId={null} onRetry={null} />
      )}
    </div>
  );
}

function describeState({ state, restsIn }: NonNullable<NetworkStatus['login']>): string {
  if (state === 'ok') return `in ${restsIn}`;
  if (state === 'session-only') return 'this session only';
  return 'cannot be read from the keystore now';
}
