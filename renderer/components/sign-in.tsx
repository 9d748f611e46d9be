import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { formatCountdown } from '../lib/format.ts';
import { request, toWireError } from '../lib/ipc-client.ts';
import { infoQuery, useConnections, usePolicy } from '../lib/queries.ts';
import { cancelSignIn, startSignIn, useSignIn } from '../lib/sign-in.ts';
import { ErrorCard } from './error-card.tsx';

interface SignInProps {
  /** Classes of the button, so that it fits its neighbours. */
  readonly buttonClass: string;
  /** Other ways to a key, in the same row. */
  readonly children: ReactNode;
  /** What is said about them, below the row. */
  readonly note?: ReactNode;
}

/** The way to a key without pasting one: a button among others and, below them, how the sign-in stands. */
export function SignIn({ buttonClass, children, note }: SignInProps) {
  const { state, error, expiresAt } = useSignIn();
  const isUnderWay = state === 'waiting' || state === 'exchanging';
  const button = useFocusOnReturn(isUnderWay);
  const mayBegin = useMayBegin();
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-2.5">
        {children}
        {mayBegin && !isUnderWay && (
          <button ref={button} type="button" className={buttonClass} onClick={startSignIn}>
            Sign in with OpenRouter
          </button>
        )}
      </div>
      {note}
      {isUnderWay && <Progress expiresAt={expiresAt} />}
      {state === 'failed' && error !== null && (
        <ErrorCard error={error} connectionId={null} onRetry={startSignIn} onDismiss={cancelSignIn} />
      )}
    </div>
  );
}

/** Not where the organisation allows no connection that a sign-in could give a key to. Main holds to it, too. */
function useMayBegin(): boolean {
  const allowsOwn = usePolicy()?.allowsOwnConnections ?? true;
  const connections = useConnections();
  return (
    allowsOwn ||
    connections.some(({ provider, policyRefusal }) => provider === 'openrouter' && policyRefusal === null)
  );
}

/** The button goes away while a sign-in is under way; when it is back, so is the focus. */
function useFocusOnReturn(isAway: boolean) {
  const button = useRef<HTMLButtonElement>(null);
  const wasAway = useRef(isAway);
  useEffect(() => {
    if (wasAway.current && !isAway) button.current?.focus();
    wasAway.current = isAway;
  }, [isAway]);
  return button;
}

function Progress({ expiresAt }: { readonly expiresAt: number | null }) {
  const isWaiting = expiresAt !== null;
  const destination = useDestination();
  return (
    <div
      ref={takeFocus}
      role="group"
      aria-label="Sign-in"
      tabIndex={-1}
      className="rounded-[10px] border border-line bg-raised px-4 py-3.5 outline-none"
    >
      <div className="flex items-start gap-2.5">
        <span className="pulse mt-1.5 size-2 shrink-0 rounded-full bg-accent" aria-hidden />
        <p role="status" aria-label="Sign-in status" className="min-w-0 flex-1 font-semibold">
          {isWaiting ? 'Waiting for you in the browser' : 'Fetching your key'}
        </p>
        {isWaiting && <TimeLeft expiresAt={expiresAt} />}
      </div>
      <p className="mt-1 pl-[18px] text-ink-2">
        {isWaiting
          ? `Approve Latchkey on openrouter.ai. The browser leads back here, and your new key ${destination}.`
          : 'OpenRouter is making a key for Latchkey. It never enters this window.'}
      </p>
      <div className="mt-3 flex flex-wrap gap-2 pl-[18px]">
        {isWaiting && <OpenAgain />}
        <button type="button" className="button button-small button-quiet" onClick={cancelSignIn}>
          Cancel
        </button>
      </div>
    </div>
  );
}

function useDestination(): string {
  const keystore = useQuery(infoQuery).data?.keystore;
  return keystore?.kind === 'available'
    ? `goes straight into ${keystore.name}`
    : 'is kept in memory until you quit';
}

/** What was pressed is gone; the keyboard goes on where the news is. */
function takeFocus(element: HTMLElement | null): void {
  element?.focus();
}

function OpenAgain() {
  const open = useMutation({ mutationFn: () => request('signIn.openBrowser', {}) });
  return (
    <>
      <button type="button" className="button button-small" onClick={() => open.mutate()}>
        Open the browser again
      </button>
      {open.error !== null && (
        <div className="order-last w-full">
          <ErrorCard error={toWireError(open.error)} connectionId={null} onRetry={() => open.mutate()} />
        </div>
      )}
    </>
  );
}

function TimeLeft({ expiresAt }: { readonly expiresAt: number }) {
  const [leftMs, setLeftMs] = useState(() => expiresAt - Date.now());
  useEffect(() => {
    const timer = setInterval(() => setLeftMs(expiresAt - Date.now()), 250);
    return () => clearInterval(timer);
  }, [expiresAt]);
  return (
    <span role="timer" aria-label="Time left" className="shrink-0 text-ink-3 tabular-nums">
      {formatCountdown(leftMs)}
    </span>
  );
}
