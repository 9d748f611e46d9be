import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { FormEvent } from 'react';
import type { ListedPreset } from '../../../electron/contract/model/preset.ts';
import { ErrorCard } from '../../components/error-card.tsx';
import { GenerationFields } from '../../components/generation-fields.tsx';
import { Labelled, TextField } from '../../components/labelled.tsx';
import { toWireError } from '../../lib/ipc-client.ts';
import { PLAIN_GENERATION } from '../../lib/plain-generation.ts';
import { isSameGeneration, savePreset } from '../../lib/preset-actions.ts';
import { capabilitiesQuery, useConnections } from '../../lib/queries.ts';
import { useFirstFocus } from '../../lib/use-first-focus.ts';
import { EditorForm } from './editor-form.tsx';

interface PresetEditorProps {
  /** null: a new one. */
  readonly preset: ListedPreset | null;
  readonly onDone: () => void;
}

/** All that a preset says. */
export function PresetEditor({ preset, onDone }: PresetEditorProps) {
  const connections = useConnections();
  const nameRef = useFirstFocus<HTMLInputElement>();
  const [former] = useState({
    name: preset?.name ?? '',
    connectionId: preset?.connectionId ?? null,
    model: preset?.model ?? '',
    generation: preset?.generation ?? PLAIN_GENERATION,
  });
  const [draft, setDraft] = useState(former);
  const isChanged =
    draft.name !== former.name ||
    draft.connectionId !== former.connectionId ||
    draft.model !== former.model ||
    !isSameGeneration(draft.generation, former.generation);
  const set = (change: Partial<typeof draft>): void => setDraft({ ...draft, ...change });
  const model = draft.model.trim();
  const capabilities = useQuery({
    ...capabilitiesQuery(draft.connectionId ?? '', model),
    enabled: model !== '' && connections.some(({ id }) => id === draft.connectionId),
  }).data;
  const save = useMutation({
    mutationFn: () =>
      savePreset({ ...draft, id: preset?.id ?? null, name: draft.name.trim(), model: model || null }),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (draft.name.trim() !== '') save.mutate();
  };
  const isGone = draft.connectionId !== null && !connections.some(({ id }) => id === draft.connectionId);
  return (
    <EditorForm
      name={preset === null ? 'New preset' : `Preset ${preset.name}`}
      isChanged={isChanged}
      onSubmit={submit}
      onClose={onDone}
    >
      <TextField
        name="Name"
        value={draft.name}
        maxLength={80}
        ref={nameRef}
        onChange={(name) => set({ name })}
      />
      <div className="grid grid-cols-2 gap-3">
        <Labelled name="Asks through">
          {(id) => (
            <select
              id={id}
              className="field"
              value={draft.connectionId ?? ''}
              onChange={({ target }) => set({ connectionId: target.value || null })}
            >
              <option value="">Whichever is chosen</option>
              {isGone && <option value={draft.connectionId ?? ''}>A connection that was removed</option>}
              {connections.map(({ id: connectionId, label, policyRefusal }) => (
                <option key={connectionId} value={connectionId} disabled={policyRefusal !== null}>
                  {policyRefusal === null ? label : `${label} (not allowed)`}
                </option>
              ))}
            </select>
          )}
        </Labelled>
        <TextField
          name="Asks the model"
          value={draft.model}
          maxLength={200}
          placeholder="Whichever is chosen"
          spellCheck={false}
          onChange={(value) => set({ model: value })}
        />
      </div>
      <GenerationFields
        generation={draft.generation}
        capabilities={capabilities}
        model={model}
        onChange={(change) => set({ generation: { ...draft.generation, ...change } })}
      />
      {save.error !== null && (
        <ErrorCard error={toWireError(save.error)} connectionId={null} onRetry={null} />
      )}
      <div className="flex items-center gap-2">
        <button
          type="submit"
          className="button button-primary"
          disabled={draft.name.trim() === '' || save.isPending}
        >
          Save preset
        </button>
        <button type="button" className="button button-quiet" onClick={onDone}>
          Cancel
        </button>
      </div>
    </EditorForm>
  );
}
