import { Popover } from '@base-ui/react/popover';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Connection, KeyState, KeystoreStatus } from '../../../electron/contract/model/connection.ts';
import { Confirm } from '../../components/confirm.tsx';
import { KeyGlyph } from '../../components/key-glyph.tsx';
import { TestResult, useKeyTest } from '../../components/key-test.tsx';
import { TryAgain } from '../../components/try-again.tsx';
import { capitalise, describeLastTest, isWaiting, maskedKey } from '../../lib/describe-key.ts';
import { describeLock } from '../../lib/describe-keystore.ts';
import { formatMoment, hostOf } from '../../lib/format.ts';
import { openKeyWindow, removeKey } from '../../lib/key-actions.ts';
import { glyphKind } from '../../lib/glyph-kind.ts';
import { useKeystore } from '../../lib/queries.ts';

/** The whole story of a key, in plain words. */
export function KeyStory({ connection }: { readonly connection: Connection }) {
  const { key } = connection;
  const mask = maskedKey(key);
  const keystore = useKeystore();
  return (
    <div className="selectable">
      <div className="flex items-center gap-4 border-b border-line px-5 py-4">
        <span className="text-accent">
          <KeyGlyph seed={key?.id ?? connection.id} kind={glyphKind(connection)} height={26} />
        </span>
        <div className="min-w-0">
          <Popover.Title className="truncate text-[15px] font-semibold">
            {key?.label || connection.label}
          </Popover.Title>
          <p className="truncate text-ink-3">
            {key === null ? (
              'No key'
            ) : mask === '' ? (
              'Too short to show any of it'
            ) : (
              <>
                ends in <span className="font-mono">{mask}</span>
              </>
            )}
          </p>
        </div>
      </div>
      <dl className="grid grid-cols-[104px_1fr] gap-x-3 gap-y-3 px-5 py-4">
        <Row name="May go to">
          <strong className="font-semibold">{hostOf(connection.origin)}</strong> and nowhere else. It follows
          no redirect.
        </Row>
        <Row name="Rests">{withSwitches(restingPlace(connection, keystore))}</Row>
        {key !== null && <Dates connection={connection} />}
        <Row name="This window">
          {key === null
            ? 'Has no network. The main process alone talks to the server.'
            : 'Knows what you read here, and no more. It was never given the key, and there is no way to ask for it.'}
        </Row>
      </dl>
      <Actions connection={connection} />
    </div>
  );
}

function Dates({ connection }: { readonly connection: Connection }) {
  const { key } = connection;
  if (key === null) return null;
  const now = Date.now();
  return (
    <>
      <Row name="Added">{capitalise(formatMoment(key.createdAt, now))}</Row>
      <Row name="Last used">
        {key.lastUsedAt === null ? 'Not yet' : capitalise(formatMoment(key.lastUsedAt, now))}
      </Row>
      <Row name="Last tested">{describeLastTest(key, now)}</Row>
    </>
  );
}

function Row({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

const trouble: Readonly<Record<Exclude<KeyState, 'ok' | 'session-only'>, string>> = {
  checking: 'Encrypted on this disk.',
  locked: 'Encrypted on this disk.',
  'other-backend': 'It was encrypted with another keystore than the one in use now. It is kept.',
  unreadable:
    'Its encrypted copy cannot be read: it was damaged, or encrypted for another account. It is kept, and can be entered again.',
  'wrong-origin': 'It was entered for another address and is not used here.',
};

function restingPlace(connection: Connection, keystore: KeystoreStatus | undefined): string {
  const { key } = connection;
  if (key === null) {
    return connection.needsKey
      ? 'Nowhere: no key is saved for this connection.'
      : 'Nowhere: this server runs on your computer and asks for no key.';
  }
  if (key.state === 'session-only') return 'In memory, for this session only. It is forgotten when you quit.';
  if (key.state === 'locked' && keystore?.kind === 'locked')
    return `${trouble.locked} ${describeLock(keystore)}. ${keystore.advice}`;
  if (isWaiting(key)) return `${trouble.checking} Waiting for ${key.restsIn} to answer.`;
  if (key.state === 'other-backend') {
    return `Encrypted with ${key.restsIn}, which is not the keystore in use now. To use it again, ${key.wayBack ?? 'go back to that one'}; or enter it again.`;
  }
  if (key.state !== 'ok') return trouble[key.state];
  return `Encrypted on this disk. The key to it is in ${key.restsIn}.`;
}

/** A command-line switch stays on one line, or it cannot be read as one. */
function withSwitches(text: string): ReactNode {
  return text.split(/(--[\w=-]+)/).map((part) =>
    part.startsWith('--') ? (
      <span key={part} className="font-mono text-[12px] whitespace-nowrap">
        {part}
      </span>
    ) : (
      part
    ),
  );
}

function Actions({ connection }: { readonly connection: Connection }) {
  const [isRemoving, setIsRemoving] = useState(false);
  const test = useKeyTest(connection);
  const hasKey = connection.key !== null;
  return (
    <div className="border-t border-line px-5 py-3">
      <div className="flex flex-wrap gap-2">
        {connection.key !== null && isWaiting(connection.key) && (
          <TryAgain className="button button-primary" />
        )}
        <button type="button" className="button" disabled={test.isPending} onClick={() => test.mutate()}>
          Test
        </button>
        {connection.provider !== 'demo' && (
          <button type="button" className="button" onClick={() => openKeyWindow(connection.id)}>
            {hasKey ? 'Replace' : 'Add key'}
          </button>
        )}
        {hasKey && (
          <button
            type="button"
            className="button button-quiet button-danger ml-auto"
            onClick={() => setIsRemoving(true)}
          >
            Remove
          </button>
        )}
      </div>
      {!test.isIdle && (
        <div className="mt-2">
          <TestResult test={test} />
        </div>
      )}
      <Confirm
        isOpen={isRemoving}
        title="Remove this key?"
        body={`It is taken out of memory and off the disk, and cannot be brought back. The connection ${connection.label} and your conversations stay.`}
        verb="Remove key"
        onConfirm={() => void removeKey(connection.id).catch(() => undefined)}
        onClose={() => setIsRemoving(false)}
      />
    </div>
  );
}
