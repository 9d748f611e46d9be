import { Popover } from '@base-ui/react/popover';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type {
  Connection,
  KeyState,
  KeyStatus,
  KeystoreStatus,
} from '../../../electron/contract/model/connection.ts';
import { KeyGlyph } from '../../components/key-glyph.tsx';
import { TestResult, useKeyTest } from '../../components/key-test.tsx';
import { TryAgain } from '../../components/try-again.tsx';
import { capitalise, describeLastTest, isWaiting, maskedKey, remindersOf } from '../../lib/describe-key.ts';
import { describeLock } from '../../lib/describe-keystore.ts';
import { formatMoment, hostOf } from '../../lib/format.ts';
import { openKeyWindow, removeKey, replaceKey } from '../../lib/key-actions.ts';
import type { KeyPlace } from '../../lib/key-actions.ts';
import { glyphKind } from '../../lib/glyph-kind.ts';
import { summariseMonth } from '../../lib/money.ts';
import { budgetsQuery, useKeystore } from '../../lib/queries.ts';
import { showDialog } from '../../lib/view-store.ts';

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
        {connection.isManaged && (
          <Row name="Managed">
            By your organisation, which decides where it goes. The key is yours to enter.
          </Row>
        )}
        {connection.policyRefusal !== null && (
          <Row name="Not allowed">
            Your organisation does not let this connection be used. Its keys are kept.
          </Row>
        )}
        <Row name="Rests">{withSwitches(restingPlace(connection, keystore))}</Row>
        {key !== null && <Dates connection={connection} />}
        <MonthRow connectionId={connection.id} />
        <Row name="This window">
          {key === null
            ? 'Has no network. The main process alone talks to the server.'
            : 'Knows what you read here, and no more. It was never given the key, and there is no way to ask for it.'}
        </Row>
      </dl>
      {key !== null && <Reminders status={key} />}
      <Actions connection={connection} />
    </div>
  );
}

function Reminders({ status }: { readonly status: KeyStatus }) {
  const reminders = remindersOf(status, Date.now());
  if (reminders.length === 0) return null;
  return (
    <ul
      aria-label="Worth a thought"
      className="mx-5 mb-4 flex flex-col gap-2 rounded-lg bg-warn-soft px-3 py-2.5"
    >
      {reminders.map(({ short, advice }) => (
        <li key={short} className="text-ink-2">
          {advice}
        </li>
      ))}
    </ul>
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
        {key.lastUsedAt === null
          ? 'Not yet'
          : `${capitalise(formatMoment(key.lastUsedAt, now))}, ${countRequests(key.requestCount)} in all`}
      </Row>
      <Row name="Last tested">{describeLastTest(key, now)}</Row>
      {key.expiresAt !== null && <Row name="Expires">{formatMoment(key.expiresAt, now)}</Row>}
    </>
  );
}

function countRequests(count: number): string {
  return count === 1 ? '1 request' : `${count} requests`;
}

function MonthRow({ connectionId }: { readonly connectionId: string }) {
  const status = useQuery(budgetsQuery).data?.find((each) => each.connectionId === connectionId);
  if (status === undefined) return null;
  return <Row name="This month">{summariseMonth(status).words}</Row>;
}

function Row({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

const trouble: Readonly<Record<Exclude<KeyState, 'ok' | 'session-only' | 'rejected'>, string>> = {
  checking: 'Encrypted on this disk.',
  locked: 'Encrypted on this disk.',
  'other-backend': 'It was encrypted with another keystore than the one in use now. It is kept.',
  unreadable:
    'Its encrypted copy cannot be read: it was damaged, or encrypted for another account. It is kept, and can be entered again.',
  'wrong-origin': 'It was entered for another address and is not used here.',
  expired: 'Encrypted on this disk, but it was to be used until a day that has passed.',
};

function restingPlace(connection: Connection, keystore: KeystoreStatus | undefined): string {
  const { key } = connection;
  if (key === null) {
    return connection.needsKey
      ? 'Nowhere: no key is saved for this connection.'
      : 'Nowhere: this server runs on your computer and asks for no key.';
  }
  if (key.restsIn === 'this session only')
    return 'In memory, for this session only. It is forgotten when you quit.';
  if (key.state === 'locked' && keystore?.kind === 'locked')
    return `${trouble.locked} ${describeLock(keystore)}. ${keystore.advice}`;
  if (isWaiting(key)) return `${trouble.checking} Waiting for ${key.restsIn} to answer.`;
  if (key.state === 'other-backend') {
    return `Encrypted with ${key.restsIn}, which is not the keystore in use now. To use it again, ${key.wayBack ?? 'go back to that one'}; or enter it again.`;
  }
  if (key.state !== 'ok' && key.state !== 'session-only' && key.state !== 'rejected')
    return trouble[key.state];
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
  const { key } = connection;
  const test = useKeyTest(connection, key?.id ?? null);
  const isRefused = connection.policyRefusal !== null;
  return (
    <div className="border-t border-line px-5 py-3">
      <div className="flex flex-wrap gap-2">
        {connection.key !== null && isWaiting(connection.key) && (
          <TryAgain className="button button-primary" />
        )}
        <button
          type="button"
          className="button"
          disabled={test.isPending || isRefused}
          onClick={() => test.mutate()}
        >
          Test
        </button>
        {key === null ? (
          connection.provider !== 'demo' &&
          !isRefused && (
            <button type="button" className="button" onClick={() => openKeyWindow(connection.id)}>
              Add key
            </button>
          )
        ) : (
          <KeyActions place={{ connectionId: connection.id, keyId: key.id }} isRefused={isRefused} />
        )}
      </div>
      {!test.isIdle && (
        <div className="mt-2">
          <TestResult test={test} />
        </div>
      )}
    </div>
  );
}

interface KeyActionsProps {
  readonly place: KeyPlace;
  readonly isRefused: boolean;
}

function KeyActions({ place, isRefused }: KeyActionsProps) {
  return (
    <>
      <button type="button" className="button" disabled={isRefused} onClick={() => replaceKey(place)}>
        Replace
      </button>
      <button
        type="button"
        className="button button-quiet"
        onClick={() => showDialog({ kind: 'leaked-key', ...place })}
      >
        It leaked
      </button>
      <button
        type="button"
        className="button button-quiet button-danger ml-auto"
        onClick={() => void removeKey(place)}
      >
        Remove
      </button>
    </>
  );
}
