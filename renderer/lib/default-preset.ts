import { useQuery } from '@tanstack/react-query';
import type { ListedPreset, NewChat } from '../../electron/contract/model/preset.ts';
import type { Settings } from '../../electron/contract/model/settings.ts';
import { presetsQuery, queryClient, settingsQuery } from './queries.ts';

/** The preset with which new chats begin, or null. */
export function useDefaultPreset(): ListedPreset | null {
  return find(useQuery(presetsQuery).data, useQuery(settingsQuery).data);
}

/** The same, now. */
export function defaultPreset(): ListedPreset | null {
  return find(
    queryClient.getQueryData(presetsQuery.queryKey),
    queryClient.getQueryData(settingsQuery.queryKey),
  );
}

/** The connection and the model of a preset as far as they come into force. */
export function targetOf({
  connectionId,
  model,
  obstacle,
}: ListedPreset): Pick<NewChat, 'connectionId' | 'model'> {
  // A model goes with its connection: elsewhere its name may stand for something else.
  if (obstacle === 'connection-removed' || obstacle === 'connection-refused')
    return { connectionId: null, model: null };
  return { connectionId, model: obstacle === null ? model : null };
}

/** Where the new chat goes: as picked, else as the default preset says. */
export function withDefaultTarget(newChat: NewChat, preset: ListedPreset | null): NewChat {
  if (preset === null || newChat.connectionId !== null || newChat.model !== null) return newChat;
  return { ...newChat, ...targetOf(preset) };
}

function find(
  presets: readonly ListedPreset[] | undefined,
  settings: Settings | undefined,
): ListedPreset | null {
  return presets?.find(({ id }) => id === settings?.defaultPresetId) ?? null;
}
