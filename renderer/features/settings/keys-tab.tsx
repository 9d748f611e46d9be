import { useMutation } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { Connection, Dialect, KeystoreStatus } from '../../../electron/contract/model/connection.ts';
import { Confirm } from '../../components/confirm.tsx';
import { KeyGlyph } from '../../components/key-glyph.tsx';
import { TestResult, useKeyTest } from '../../components/key-test.tsx';
import { TryAgain } from '../../components/try-again.tsx';
import { assertNever } from '../../lib/assert-never.ts';
import { maskedKey, summariseKey } from '../../lib/describe-key.ts';
import { describeLock } from '../../lib/describe-keystore.ts';
import { glyphKind } from '../../lib/glyph-kind.ts';
import { request } from '../../lib/ipc-client.ts';
import { openKeyWindow, removeConnection } from '../../lib/key-actions.ts';
import { replaceConnection, useConnections, useKeystore } from '../../lib/queries.ts';

const toneClass = { plain: 'text-ink-3', warn: 'text-warn', danger: 'text-danger' } as const;

/** The connections and how their keys stand. */
export function KeysTab() {
  const connections = useConnections();
  const keystore = useKeystore();
  return (
    <div className="flex flex-col gap-4">
      <p className="text-ink-2">{keystore === undefined ? '' : describeRest(keystore)}</p>
      <TryAgain className="button button-small self-start" />
      {connections.length > 0 && (
        <ul aria-label="Connections" className="flex flex-col gap-3">
          {connections.map((connection) => (
            <ConnectionRow key={connection.id} connection={connection} />
          ))}
        </ul>
      )}
      <button type="button" className="button self-start" onClick={() => openKeyWindow(null)}>
        <Plus size={15} aria-hidden />
        Add API key
      </button>
    </div>
  );
}

function describeRest(keystore: KeystoreStatus): string {
  switch (keystore.kind) {
    case 'available':
      return `Keys rest encrypted, protected by ${keystore.name}. They are entered in a window of their own and never shown again.`;
    case 'checking':
      return `Keys rest encrypted. Waiting for ${keystore.name}, which protects them.`;
    case 'locked':
      return `Keys rest encrypted. ${describeLock(keystore)}. ${keystore.advice}`;
    case 'session-only':
      return `Keys are kept for this session only. ${keystore.reason}`;
    default:
      return assertNever(keystore);
  }
}

function ConnectionRow({ connection }: { readonly connection: Connection }) {
  const { line, tone } = summariseKey(connection, useKeystore());
  const mask = maskedKey(connection.key);
  const test = useKeyTest(connection);
  return (
    <li className="rounded-[10px] border border-line bg-canvas p-4" aria-label={connection.label}>
      <div className="flex items-start gap-3">
        <span className="mt-0.5 text-accent">
          <KeyGlyph seed={connection.key?.id ?? connection.id} kind={glyphKind(connection)} height={17} />
        </span>
        <div className="selectable min-w-0 flex-1">
          <p className="truncate font-semibold">{connection.label}</p>
          <p className="truncate text-ink-2" title={connection.baseUrl}>
            {connection.baseUrl}
          </p>
          <p className={toneClass[tone]}>
            {mask !== '' && <span className="font-mono text-[12px] text-ink-2">{mask} </span>}
            {line}
          </p>
        </div>
        <DialectSelect connection={connection} />
      </div>
      <div className="mt-3 flex flex-wrap items-center gap-2">
        <button
          type="button"
          className="button button-small"
          disabled={test.isPending}
          onClick={() => test.mutate()}
        >
          Test
        </button>
        {connection.provider !== 'demo' && (
          <button type="button" className="button button-small" onClick={() => openKeyWindow(connection.id)}>
            {connection.key === null ? 'Add key' : 'Replace'}
          </button>
        )}
        <RemoveButton connection={connection} />
      </div>
      {!test.isIdle && (
        <div className="mt-2">
          <TestResult test={test} />
        </div>
      )}
    </li>
  );
}

function DialectSelect({ connection }: { readonly connection: Connection }) {
  const change = useMutation({
    mutationFn: (dialect: Dialect) => request('connections.change', { id: connection.id, dialect }),
    onSuccess: replaceConnection,
  });
  return (
    <select
      className="field h-[30px] w-[156px] shrink-0 text-[12px]"
      aria-label="API dialect"
      value={connection.dialect}
      onChange={(event) => change.mutate(event.target.value as Dialect)}
    >
      <option value="responses">Responses</option>
      <option value="chat-completions">Chat Completions</option>
    </select>
  );
}

function RemoveButton({ connection }: { readonly connection: Connection }) {
  const [isAsking, setIsAsking] = useState(false);
  const remove = useMutation({ mutationFn: () => removeConnection(connection.id) });
  return (
    <>
      <button
        type="button"
        className="button button-small button-quiet button-danger ml-auto"
        disabled={remove.isPending}
        onClick={() => setIsAsking(true)}
      >
        Remove
      </button>
      <Confirm
        isOpen={isAsking}
        title={`Remove ${connection.label}?`}
        body="The connection and its key are taken out of memory and off the disk, and cannot be brought back. Your conversations stay."
        verb="Remove connection"
        onConfirm={() => remove.mutate()}
        onClose={() => setIsAsking(false)}
      />
    </>
  );
}
