import { useMutation } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import type { Connection, Dialect } from '../../../electron/contract/model/connection.ts';
import { ErrorCard } from '../../components/error-card.tsx';
import { toWireError } from '../../lib/ipc-client.ts';
import { changeConnection } from '../../lib/key-actions.ts';

interface ConnectionEditorProps {
  readonly connection: Connection;
  readonly onDone: () => void;
}

/** What a connection is called, where it points, how it is spoken to, and what is sent along. */
export function ConnectionEditor({ connection, onDone }: ConnectionEditorProps) {
  const [draft, setDraft] = useState({
    label: connection.label,
    baseUrl: connection.baseUrl,
    dialect: connection.dialect,
    organization: connection.organization ?? '',
    project: connection.project ?? '',
  });
  const save = useMutation({
    mutationFn: () =>
      changeConnection(connection.id, {
        ...draft,
        label: draft.label.trim() || connection.label,
        organization: draft.organization.trim() || null,
        project: draft.project.trim() || null,
      }),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  const set = (change: Partial<typeof draft>): void => setDraft({ ...draft, ...change });
  const isMoving = connection.keys.length > 0 && !draft.baseUrl.startsWith(connection.origin);
  return (
    <form className="grid grid-cols-2 gap-3 border-t border-line px-4 py-3" onSubmit={submit}>
      <Field name="Label">
        {(id) => (
          <input
            id={id}
            className="field"
            value={draft.label}
            maxLength={80}
            onChange={(event) => set({ label: event.target.value })}
          />
        )}
      </Field>
      <Field name="API dialect">
        {(id) => (
          <select
            id={id}
            className="field"
            value={draft.dialect}
            onChange={(event) => set({ dialect: event.target.value as Dialect })}
          >
            <option value="responses">Responses</option>
            <option value="chat-completions">Chat Completions</option>
          </select>
        )}
      </Field>
      <div className="col-span-2">
        <Field name="Base URL">
          {(id) => (
            <input
              id={id}
              className="field font-mono text-[12px]"
              value={draft.baseUrl}
              maxLength={2048}
              spellCheck={false}
              readOnly={connection.provider === 'demo'}
              onChange={(event) => set({ baseUrl: event.target.value })}
            />
          )}
        </Field>
        {isMoving && (
          <p role="status" className="mt-1.5 text-[12px] text-warn">
            Keys stay bound to {connection.origin}. At another address they are not used until entered again.
          </p>
        )}
      </div>
      <Field name="Organization">
        {(id) => (
          <input
            id={id}
            className="field"
            value={draft.organization}
            maxLength={200}
            placeholder="None"
            onChange={(event) => set({ organization: event.target.value })}
          />
        )}
      </Field>
      <Field name="Project">
        {(id) => (
          <input
            id={id}
            className="field"
            value={draft.project}
            maxLength={200}
            placeholder="None"
            onChange={(event) => set({ project: event.target.value })}
          />
        )}
      </Field>
      {save.error !== null && (
        <div className="col-span-2">
          <ErrorCard error={toWireError(save.error)} connectionId={connection.id} onRetry={null} />
        </div>
      )}
      <div className="col-span-2 flex justify-end gap-2">
        <button type="button" className="button" onClick={onDone}>
          Cancel
        </button>
        <button type="submit" className="button button-primary" disabled={save.isPending}>
          Save
        </button>
      </div>
    </form>
  );
}

function Field({ name, children }: { readonly name: string; readonly children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-[12px] text-ink-2">
        {name}
      </label>
      {children(id)}
    </div>
  );
}
