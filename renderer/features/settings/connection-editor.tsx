import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { FormEvent } from 'react';
import type { Connection, Dialect } from '../../../electron/contract/model/connection.ts';
import { ErrorCard } from '../../components/error-card.tsx';
import { Labelled, TextField } from '../../components/labelled.tsx';
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
      <TextField name="Label" value={draft.label} maxLength={80} onChange={(label) => set({ label })} />
      <Labelled name="API dialect">
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
      </Labelled>
      <div className="col-span-2">
        <TextField
          name="Base URL"
          isCode
          value={draft.baseUrl}
          maxLength={2048}
          readOnly={connection.provider === 'demo'}
          onChange={(baseUrl) => set({ baseUrl })}
        />
        {isMoving && (
          <p role="status" className="mt-1.5 text-[12px] text-warn">
            Keys stay bound to {connection.origin}. At another address they are not used until entered again.
          </p>
        )}
      </div>
      <TextField
        name="Organization"
        value={draft.organization}
        maxLength={200}
        placeholder="None"
        onChange={(organization) => set({ organization })}
      />
      <TextField
        name="Project"
        value={draft.project}
        maxLength={200}
        placeholder="None"
        onChange={(project) => set({ project })}
      />
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
