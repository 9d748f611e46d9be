import { useMutation, useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { ListedPreset } from '../../../electron/contract/model/preset.ts';
import { obstacleText, removePreset } from '../../lib/preset-actions.ts';
import { changeSettings, presetsQuery, settingsQuery } from '../../lib/queries.ts';
import { ErrorCard } from '../../components/error-card.tsx';
import { toWireError } from '../../lib/ipc-client.ts';
import { LibraryRow } from './library-row.tsx';
import { PresetEditor } from './preset-editor.tsx';
import { RemovalLine } from './removal-line.tsx';
import { Section } from './section.tsx';

/** Named ways of answering, and the one with which new chats begin. */
export function PresetSection() {
  const presets = useQuery(presetsQuery).data ?? [];
  /** Which one is being edited; 'new' is one that is not there yet. */
  const [editedId, setEditedId] = useState<string | null>(null);
  const sorted = [...presets].sort((one, other) => one.name.localeCompare(other.name));
  const close = (): void => setEditedId(null);
  const removal = useMutation({ mutationFn: removePreset });
  return (
    <Section
      title="Presets"
      note="A system prompt and how to answer, under a name. Pick one in the conversation settings."
      control={
        <button type="button" className="button button-small" onClick={() => setEditedId('new')}>
          <Plus size={13} aria-hidden />
          New preset
        </button>
      }
    >
      {removal.error !== null && (
        <ErrorCard error={toWireError(removal.error)} connectionId={null} onRetry={null} />
      )}
      {removal.data !== undefined && (
        <RemovalLine key={removal.submittedAt} removal={removal.data} onOver={removal.reset} />
      )}
      {editedId === 'new' && <PresetEditor preset={null} onDone={close} />}
      {presets.length > 0 && <DefaultPreset presets={sorted} />}
      {presets.length === 0 ? (
        editedId === null && <p className="text-ink-3">There are no presets yet.</p>
      ) : (
        <ul aria-label="Presets">
          {sorted.map((preset) => (
            <LibraryRow
              key={preset.id}
              name={preset.name}
              summary={summarise(preset)}
              warning={preset.obstacle === null ? null : obstacleText[preset.obstacle]}
              isEditing={editedId === preset.id}
              onEdit={() => setEditedId(editedId === preset.id ? null : preset.id)}
              onRemove={() => removal.mutate(preset)}
            >
              {editedId === preset.id && <PresetEditor preset={preset} onDone={close} />}
            </LibraryRow>
          ))}
        </ul>
      )}
    </Section>
  );
}

function DefaultPreset({ presets }: { readonly presets: readonly ListedPreset[] }) {
  const wanted = useQuery(settingsQuery).data?.defaultPresetId ?? null;
  const id = presets.some((preset) => preset.id === wanted) ? wanted : null;
  return (
    <label className="flex items-center justify-between gap-3">
      <span className="font-medium">New chats begin with</span>
      <select
        className="field w-[240px]"
        value={id ?? ''}
        // Not saved is seen at once: the select goes back to what holds.
        onChange={({ target }) =>
          void changeSettings({ defaultPresetId: target.value || null }).catch(() => undefined)
        }
      >
        <option value="">No preset</option>
        {presets.map((preset) => (
          <option key={preset.id} value={preset.id}>
            {preset.name}
          </option>
        ))}
      </select>
    </label>
  );
}

function summarise({ generation, model }: ListedPreset): string {
  const { systemPrompt, effort, verbosity, usesWebSearch, makesImages } = generation;
  const parts = [
    ...(model === null ? [] : [model]),
    ...(effort === null ? [] : [`effort ${effort}`]),
    ...(verbosity === null ? [] : [`verbosity ${verbosity}`]),
    ...(usesWebSearch ? ['web search'] : []),
    ...(makesImages ? ['pictures'] : []),
    ...(systemPrompt === '' ? [] : [systemPrompt.slice(0, 200).replaceAll(/\s+/g, ' ')]),
  ];
  return parts.length === 0 ? 'As the model does' : parts.join(' · ');
}
