import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Connection } from '../../../electron/contract/model/connection.ts';
import { Confirm } from '../../components/confirm.tsx';
import { ManagedMark } from '../../components/managed-mark.tsx';
import { KeyGlyph } from '../../components/key-glyph.tsx';
import { TestResult, useKeyTest } from '../../components/key-test.tsx';
import { describeError } from '../../lib/describe-error.ts';
import { openKeyWindow, removeConnection } from '../../lib/key-actions.ts';
import { ConnectionEditor } from './connection-editor.tsx';
import { KeyRow } from './key-row.tsx';

/** One connection: where it goes, its keys, and what can be changed of it. */
export function ConnectionRow({ connection }: { readonly connection: Connection }) {
  const { id, label, baseUrl, keys, needsKey, provider, isManaged, policyRefusal } = connection;
  const [isEditing, setIsEditing] = useState(false);
  return (
    <li className="rounded-[10px] border border-line bg-canvas" aria-label={label}>
      <div className="flex items-start gap-3 px-4 pt-3 pb-2.5">
        <div className="selectable min-w-0 flex-1">
          <p className="truncate font-semibold">{label}</p>
          <p className="truncate text-ink-2" title={baseUrl}>
            {baseUrl}
          </p>
        </div>
        <button
          type="button"
          className="button button-small button-quiet"
          disabled={isManaged}
          aria-describedby={isManaged ? `managed-${id}` : undefined}
          aria-expanded={isEditing}
          onClick={() => setIsEditing(!isEditing)}
        >
          Edit
        </button>
        <RemoveButton connection={connection} />
      </div>
      {(isManaged || policyRefusal !== null) && (
        <div className="selectable -mt-1.5 px-4 pb-2.5">
          {isManaged && <ManagedMark id={`managed-${id}`}>Only its keys can be changed.</ManagedMark>}
          {policyRefusal !== null && <Refused code={policyRefusal} origin={connection.origin} />}
        </div>
      )}
      {isEditing && <ConnectionEditor connection={connection} onDone={() => setIsEditing(false)} />}
      {keys.length > 0 ? (
        <ul aria-label={`Keys of ${label}`} className="border-t border-line">
          {keys.map((status) => (
            <KeyRow key={status.id} connection={connection} status={status} />
          ))}
        </ul>
      ) : (
        <NoKey connection={connection} isNeeded={needsKey} />
      )}
      {provider !== 'demo' && (
        <div className="border-t border-line px-4 py-2">
          <button
            type="button"
            className="button button-small button-quiet -ml-2"
            disabled={policyRefusal !== null}
            onClick={() => openKeyWindow(id)}
          >
            {keys.length === 0 ? 'Add key' : 'Add another key'}
          </button>
        </div>
      )}
    </li>
  );
}

interface RefusedProps {
  readonly code: NonNullable<Connection['policyRefusal']>;
  readonly origin: string;
}

/** Why the organisation does not let it be used. */
function Refused({ code, origin }: RefusedProps) {
  const { title, body } = describeError({ code, message: '', details: { origin } });
  return (
    <p className="text-[12px] leading-[18px] text-ink-2">
      <span className="text-danger">{title}.</span> {body}
    </p>
  );
}

function NoKey({ connection, isNeeded }: { readonly connection: Connection; readonly isNeeded: boolean }) {
  const test = useKeyTest(connection, null);
  return (
    <div className="border-t border-line px-4 py-2.5">
      <div className="flex items-center gap-3">
        <KeyGlyph seed="" kind="blank" height={15} />
        <p className={`flex-1 ${isNeeded ? 'text-danger' : 'text-ink-3'}`}>
          {isNeeded ? 'Key missing' : 'No key needed (this computer only)'}
        </p>
        {!isNeeded && (
          <button
            type="button"
            className="button button-small"
            disabled={test.isPending || connection.policyRefusal !== null}
            onClick={() => test.mutate()}
          >
            Test
          </button>
        )}
      </div>
      {!test.isIdle && <TestResult test={test} />}
    </div>
  );
}

function RemoveButton({ connection }: { readonly connection: Connection }) {
  const [isAsking, setIsAsking] = useState(false);
  const remove = useMutation({ mutationFn: () => removeConnection(connection.id) });
  return (
    <>
      <button
        type="button"
        className="button button-small button-quiet button-danger"
        disabled={remove.isPending || connection.isManaged}
        aria-describedby={connection.isManaged ? `managed-${connection.id}` : undefined}
        onClick={() => setIsAsking(true)}
      >
        Remove
      </button>
      <Confirm
        isOpen={isAsking}
        title={`Remove ${connection.label}?`}
        body="The connection and its keys are taken out of memory and off the disk, and cannot be brought back. Your conversations stay."
        verb="Remove connection"
        onConfirm={() => remove.mutate()}
        onClose={() => setIsAsking(false)}
      />
    </>
  );
}
