import { Menu } from '@base-ui/react/menu';
import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import type { FormEvent } from 'react';
import type { Connection, KeyStatus } from '../../../electron/contract/model/connection.ts';
import { KeyGlyph } from '../../components/key-glyph.tsx';
import { TestResult, useKeyTest } from '../../components/key-test.tsx';
import { TextField } from '../../components/labelled.tsx';
import { maskedKey, summariseKey } from '../../lib/describe-key.ts';
import { glyphOfKey } from '../../lib/glyph-kind.ts';
import { activateKey, changeKey, removeKey, replaceKey } from '../../lib/key-actions.ts';
import { useKeystore } from '../../lib/queries.ts';
import { showDialog } from '../../lib/view-store.ts';

interface KeyRowProps {
  readonly connection: Connection;
  readonly status: KeyStatus;
}

const toneClass = { plain: 'text-ink-3', warn: 'text-warn', danger: 'text-danger' } as const;

/** One key of a connection: which it is, how it stands, and what can be done with it. */
export function KeyRow({ connection, status }: KeyRowProps) {
  const [isEditing, setIsEditing] = useState(false);
  const test = useKeyTest(connection, status.id);
  const { line, tone } = summariseKey(status, useKeystore(), Date.now());
  const place = { connectionId: connection.id, keyId: status.id };
  const isInUse = connection.key?.id === status.id;
  const isRefused = connection.policyRefusal !== null;
  return (
    <li className="border-line px-4 py-2.5 not-first:border-t" aria-label={status.label}>
      <div className="flex items-center gap-3">
        <span className={isInUse ? 'text-accent' : 'text-ink-3'}>
          <KeyGlyph seed={status.id} kind={glyphOfKey(status)} height={15} />
        </span>
        <div className="selectable min-w-0 flex-1">
          <p className="truncate">
            <span className="font-medium">{status.label}</span>{' '}
            <span className="font-mono text-[12px] text-ink-2">{maskedKey(status)}</span>
            {isInUse && connection.keys.length > 1 && (
              <span className="ml-2 rounded bg-accent-soft px-1.5 py-px text-[11px] font-medium text-accent">
                In use
              </span>
            )}
          </p>
          <p className={`truncate text-[12px] ${toneClass[tone]}`} title={line}>
            {line}
          </p>
        </div>
        <button
          type="button"
          className="button button-small"
          disabled={test.isPending || isRefused}
          onClick={() => test.mutate()}
        >
          Test
        </button>
        <button
          type="button"
          className="button button-small"
          disabled={isRefused}
          onClick={() => replaceKey(place)}
        >
          Replace
        </button>
        <KeyMenu
          label={status.label}
          onUse={isInUse ? null : () => void activateKey(place)}
          onEdit={() => setIsEditing(true)}
          onLeaked={() => showDialog({ kind: 'leaked-key', ...place })}
          onRemove={() => void removeKey(place)}
        />
      </div>
      {isEditing && <KeyEditor connection={connection} status={status} onDone={() => setIsEditing(false)} />}
      {!test.isIdle && (
        <div className="mt-1.5">
          <TestResult test={test} />
        </div>
      )}
    </li>
  );
}

interface KeyMenuProps {
  readonly label: string;
  /** null: it is the one in use. */
  readonly onUse: (() => void) | null;
  readonly onEdit: () => void;
  readonly onLeaked: () => void;
  readonly onRemove: () => void;
}

function KeyMenu({ label, onUse, onEdit, onLeaked, onRemove }: KeyMenuProps) {
  return (
    <Menu.Root>
      <Menu.Trigger className="icon-button" aria-label={`Actions of ${label}`}>
        <Ellipsis size={15} aria-hidden />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="z-60" align="end" sideOffset={4}>
          <Menu.Popup className="popup min-w-[190px] p-1">
            {onUse !== null && (
              <Menu.Item className="menu-item" onClick={onUse}>
                Use this key
              </Menu.Item>
            )}
            <Menu.Item className="menu-item" onClick={onEdit}>
              Label and expiry
            </Menu.Item>
            <Menu.Item className="menu-item" onClick={onLeaked}>
              This key leaked
            </Menu.Item>
            <Menu.Item className="menu-item text-danger" onClick={onRemove}>
              Remove key
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function KeyEditor({ connection, status, onDone }: KeyRowProps & { readonly onDone: () => void }) {
  const [label, setLabel] = useState(status.label);
  const [day, setDay] = useState(status.expiresAt === null ? '' : toDay(status.expiresAt));
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const place = { connectionId: connection.id, keyId: status.id };
    await changeKey(place, { label: label.trim() || status.label, expiresAt: endOfDay(day) });
    onDone();
  };
  return (
    <form
      className="mt-2.5 grid grid-cols-[1fr_150px_auto] items-end gap-2"
      onSubmit={(event) => void save(event)}
    >
      <TextField name="Label" value={label} maxLength={80} onChange={setLabel} />
      <TextField name="Use until" type="date" value={day} min={toDay(Date.now())} onChange={setDay} />
      <button type="submit" className="button">
        Save
      </button>
    </form>
  );
}

function toDay(timestamp: number): string {
  const date = new Date(timestamp);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The last moment of a local day, or null for none. */
function endOfDay(day: string): number | null {
  return day === '' ? null : new Date(`${day}T23:59:59.999`).getTime();
}
