import { Popover } from '@base-ui/react/popover';
import { useQuery } from '@tanstack/react-query';
import { SlidersHorizontal } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { ErrorCard } from '../../components/error-card.tsx';
import { GenerationFields } from '../../components/generation-fields.tsx';
import {
  changeGeneration,
  closeChatSettings,
  flushGeneration,
  openChatSettings,
  useGeneration,
  useGenerationError,
} from '../../lib/generation-store.ts';
import { PLAIN_GENERATION } from '../../lib/plain-generation.ts';
import { applyPreset, findAppliedPreset, isSameGeneration, obstacleText } from '../../lib/preset-actions.ts';
import { capabilitiesQuery, presetsQuery } from '../../lib/queries.ts';
import { useSelection } from '../../lib/selection.ts';
import { showDialog, useView } from '../../lib/view-store.ts';
import { SavePreset } from './save-preset.tsx';

/** How the answers of the shown conversation, or of the new chat, are made. */
export function ChatSettings() {
  const conversationId = useView((state) => state.conversationId);
  const isOpen = useView((state) => state.chatSettings !== null);
  const generation = useGeneration(conversationId);
  const isSet = generation !== null && !isSameGeneration(generation, PLAIN_GENERATION);
  return (
    <Popover.Root open={isOpen} onOpenChange={(open) => (open ? openChatSettings() : closeChatSettings())}>
      <Popover.Trigger
        className={`icon-button ml-1 shrink-0 ${isSet ? 'text-accent' : ''}`}
        aria-label="Conversation settings"
        disabled={generation === null}
      >
        <SlidersHorizontal size={15} aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="z-30" side="bottom" align="end" sideOffset={6} collisionPadding={8}>
          <Popover.Popup className="popup flex max-h-[var(--available-height)] w-[420px] max-w-[calc(100vw-16px)] flex-col overflow-y-auto px-4 pt-3 pb-4">
            <Popover.Title className="pb-3 text-[14px] font-semibold">Conversation settings</Popover.Title>
            <Panel conversationId={conversationId} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Panel({ conversationId }: { readonly conversationId: string | null }) {
  const generation = useGeneration(conversationId);
  const error = useGenerationError(conversationId);
  useFlushOnLeave(conversationId);
  const { connection, model } = useSelection();
  const capabilities = useQuery({
    ...capabilitiesQuery(connection?.id ?? '', model),
    enabled: connection !== null && model !== '',
  }).data;
  if (generation === null) return null;
  return (
    <div className="flex flex-col gap-4">
      <PresetPicker conversationId={conversationId} />
      {error !== null && (
        <ErrorCard error={error} connectionId={null} onRetry={() => void flushGeneration(conversationId)} />
      )}
      <GenerationFields
        generation={generation}
        capabilities={capabilities}
        model={model}
        onChange={(change, isTyping) => changeGeneration(conversationId, change, isTyping ? 'soon' : 'now')}
        onBlur={() => void flushGeneration(conversationId)}
      />
    </div>
  );
}

/** What was just typed is saved before the window is gone. */
function useFlushOnLeave(conversationId: string | null): void {
  useEffect(() => {
    const flush = (): void => void flushGeneration(conversationId);
    window.addEventListener('pagehide', flush);
    document.addEventListener('visibilitychange', flush);
    return () => {
      window.removeEventListener('pagehide', flush);
      document.removeEventListener('visibilitychange', flush);
    };
  }, [conversationId]);
}

function PresetPicker({ conversationId }: { readonly conversationId: string | null }) {
  const presets = useQuery(presetsQuery).data ?? [];
  const generation = useGeneration(conversationId) ?? PLAIN_GENERATION;
  const selection = useSelection();
  const [isSaving, setIsSaving] = useState(false);
  const noteId = useId();
  const applied = findAppliedPreset(presets, generation, selection);
  const isPlain = applied === null && isSameGeneration(generation, PLAIN_GENERATION);
  const pick = (id: string): void => {
    const preset = presets.find((each) => each.id === id);
    if (preset !== undefined) applyPreset(conversationId, preset, selection);
  };
  if (isSaving) return <SavePreset generation={generation} onDone={() => setIsSaving(false)} />;
  return (
    <div className="flex flex-col gap-1.5 border-b border-line pb-4">
      <div className="flex items-center gap-2">
        <select
          className="field min-w-0 flex-1"
          aria-label="Preset"
          value={applied?.id ?? ''}
          disabled={presets.length === 0}
          onChange={({ target }) => pick(target.value)}
        >
          <option value="" disabled>
            {presets.length === 0 ? 'No presets yet' : isPlain ? 'Choose a preset' : 'Set by hand'}
          </option>
          {[...presets]
            .sort((one, other) => one.name.localeCompare(other.name))
            .map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
        </select>
        <button
          type="button"
          className="button"
          disabled={applied !== null}
          aria-describedby={applied === null ? undefined : noteId}
          onClick={() => setIsSaving(true)}
        >
          Save as preset
        </button>
      </div>
      {applied !== null && (
        <p id={noteId} className="text-[12px] leading-4 text-ink-3">
          Same as “{applied.name}”: change something to save another.
        </p>
      )}
      {applied !== null && applied.obstacle !== null && (
        <p className="text-[12px] leading-4 text-warn">{obstacleText[applied.obstacle]}</p>
      )}
      {presets.length > 0 && (
        <button
          type="button"
          className="button button-small button-quiet -ml-2 self-start"
          onClick={() => {
            closeChatSettings();
            showDialog({ kind: 'settings', tab: 'prompts' });
          }}
        >
          Manage presets
        </button>
      )}
    </div>
  );
}
