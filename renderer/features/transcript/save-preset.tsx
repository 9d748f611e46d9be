import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { FormEvent } from 'react';
import type { Generation } from '../../../electron/contract/model/generation.ts';
import { CheckRow } from '../../components/check-row.tsx';
import { ErrorCard } from '../../components/error-card.tsx';
import { TextField } from '../../components/labelled.tsx';
import { toWireError } from '../../lib/ipc-client.ts';
import { putBackPreset, savePreset } from '../../lib/preset-actions.ts';
import { presetsQuery } from '../../lib/queries.ts';
import { useSelection } from '../../lib/selection.ts';
import { showToast } from '../../lib/view-store.ts';
import { useFirstFocus } from '../../lib/use-first-focus.ts';

interface SavePresetProps {
  readonly generation: Generation;
  readonly onDone: () => void;
}

/** Gives a name to how answers are made now. */
export function SavePreset({ generation, onDone }: SavePresetProps) {
  const presets = useQuery(presetsQuery).data ?? [];
  const nameRef = useFirstFocus<HTMLInputElement>();
  const { connection, model } = useSelection();
  const [name, setName] = useState('');
  const [hasTarget, setHasTarget] = useState(false);
  const former = presets.find((preset) => preset.name === name.trim());
  const save = useMutation({
    mutationFn: () =>
      savePreset({
        id: former?.id ?? null,
        name: name.trim(),
        connectionId: hasTarget ? (connection?.id ?? null) : null,
        model: hasTarget && model !== '' ? model : null,
        generation,
      }),
    onSuccess: (saved) => {
      onDone();
      const undo = former === undefined ? null : (): void => putBackPreset(former);
      showToast({ text: `Saved as “${saved.name}”`, undo, durationMs: 6_000 });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() !== '') save.mutate();
  };
  return (
    <form
      aria-label="Save as preset"
      className="flex flex-col gap-3 rounded-[10px] border border-line bg-canvas px-4 py-3"
      onSubmit={submit}
    >
      <TextField name="Name of the preset" value={name} maxLength={80} ref={nameRef} onChange={setName} />
      <CheckRow
        name="With connection and model"
        note={
          connection === null || model === ''
            ? 'None is chosen yet.'
            : `Whoever picks the preset asks ${model} through ${connection.label}.`
        }
        isChecked={hasTarget}
        isDisabled={connection === null || model === ''}
        onChange={setHasTarget}
      />
      {save.error !== null && (
        <ErrorCard error={toWireError(save.error)} connectionId={null} onRetry={null} />
      )}
      <div className="flex items-center gap-2">
        <button
          type="submit"
          className="button button-primary"
          disabled={name.trim() === '' || save.isPending}
        >
          {former === undefined ? 'Save preset' : 'Replace preset'}
        </button>
        <button type="button" className="button button-quiet" onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
  );
}
