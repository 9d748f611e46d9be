import type { ReactNode } from 'react';
import { assertNever } from '../lib/assert-never.ts';
import { describeLock } from '../lib/describe-keystore.ts';
import type { Described } from './key-form.tsx';

interface RestingPlaceProps {
  readonly described: Described;
  /** True while the keystore is being asked, which takes as long as its prompt. */
  readonly isAsking: boolean;
  readonly onTryAgain: () => void;
}

/** Says where the key will rest, before it is asked for. */
export function RestingPlace({ described, isAsking, onTryAgain }: RestingPlaceProps) {
  return (
    <div className="flex flex-col gap-2">
      <Keystore described={described} isAsking={isAsking} onTryAgain={onTryAgain} />
      {described.isLoopbackOnly && (
        <Warning title="This computer only.">
          On a development runtime, keys are accepted for localhost addresses only.
        </Warning>
      )}
    </div>
  );
}

function Keystore({ described, isAsking, onTryAgain }: RestingPlaceProps) {
  const { keystore, isKeystoreRequired } = described;
  switch (keystore.kind) {
    case 'available':
      return (
        <p className="text-ink-2">
          It is kept encrypted, protected by {keystore.name}. The chat window never sees it.
        </p>
      );
    case 'checking':
      return <Waiting name={keystore.name} />;
    case 'locked':
      if (isAsking) return <Waiting name={keystore.name} />;
      return (
        <Warning title={`${describeLock(keystore)}.`}>
          {keystore.advice}{' '}
          {isKeystoreRequired
            ? 'Your organisation allows no key before that.'
            : 'While it stays so, the key is kept for this session only and forgotten when you quit.'}
          <button type="button" className="button button-small mt-2 block" onClick={onTryAgain}>
            Try again
          </button>
        </Warning>
      );
    case 'session-only':
      return (
        <Warning title="Kept for this session only.">
          {keystore.reason} The key is forgotten when you quit.
        </Warning>
      );
    default:
      return assertNever(keystore);
  }
}

function Waiting({ name }: { readonly name: string }) {
  return (
    <p role="status" className="text-ink-2">
      Waiting for {name}, which will protect it. It may ask for its password in a window of its own.
    </p>
  );
}

function Warning({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div role="note" className="rounded-lg border border-line bg-warn-soft px-3 py-2 text-ink-2">
      <strong className="font-semibold text-warn">{title}</strong> {children}
    </div>
  );
}
