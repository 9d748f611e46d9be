import type { RouteInput } from '../../electron/contract/contract.ts';
import type { Generation } from '../../electron/contract/model/generation.ts';
import type { ListedPreset, PresetObstacle, Prompt } from '../../electron/contract/model/preset.ts';
import { targetOf } from './default-preset.ts';
import { changeGeneration, generationOf, offerUndo, settleChatSettings } from './generation-store.ts';
import { request, toWireError } from './ipc-client.ts';
import { presetsQuery, promptsQuery, queryClient } from './queries.ts';
import { chooseConnection, type Selection } from './selection.ts';
import { useView } from './view-store.ts';

/** What does not come into force of a preset, and why, as a sentence. */
export const obstacleText: Readonly<Record<PresetObstacle, string>> = {
  'connection-removed': 'Its connection was removed, so connection and model stay as they are.',
  'connection-refused':
    'Your organisation does not allow its connection, so connection and model stay as they are.',
  'model-refused': 'Your organisation does not allow its model, so the model stays as it is.',
};

/** Something that was removed and can be brought back for a while. */
export interface Removal {
  readonly name: string;
  readonly undoMs: number;
  readonly restore: () => Promise<void>;
}

/** Whether answers would be made alike, whatever else differs. */
export function isSameGeneration(one: Generation, other: Generation): boolean {
  return (
    one.systemPrompt === other.systemPrompt &&
    one.effort === other.effort &&
    one.verbosity === other.verbosity &&
    one.usesWebSearch === other.usesWebSearch &&
    one.makesImages === other.makesImages
  );
}

/** The preset that says what holds now, or null. */
export function findAppliedPreset(
  presets: readonly ListedPreset[],
  generation: Generation,
  { connection, model }: Selection,
): ListedPreset | null {
  const matches = presets.filter((preset) => {
    const target = targetOf(preset);
    return (
      isSameGeneration(preset.generation, generation) &&
      (target.connectionId === null || target.connectionId === connection?.id) &&
      (target.model === null || target.model === model)
    );
  });
  // The one that says most: another may leave open what this one names.
  return matches.find((preset) => targetOf(preset).model !== null) ?? matches[0] ?? null;
}

/** Makes a preset hold for a conversation or the new chat, and offers the way back. */
export function applyPreset(conversationId: string | null, preset: ListedPreset, selection: Selection): void {
  const former = generationOf(conversationId);
  const { connection, keyId, model } = selection;
  const target = targetOf(preset);
  const connectionId = target.connectionId ?? connection?.id ?? null;
  const isMoved =
    connectionId !== null &&
    (target.connectionId !== null || target.model !== null) &&
    (connectionId !== connection?.id || (target.model !== null && target.model !== model));
  changeGeneration(conversationId, preset.generation);
  settleChatSettings();
  if (isMoved) {
    const isSameConnection = connectionId === connection?.id;
    chooseConnection(conversationId, {
      connectionId,
      keyId: isSameConnection ? keyId : null,
      model: target.model ?? (isSameConnection ? model : null),
    });
  }
  const note = preset.obstacle === null ? '' : ` ${obstacleText[preset.obstacle]}`;
  offerUndo(`“${preset.name}” applied.${note}`, () => {
    changeGeneration(conversationId, former);
    if (isMoved && connection !== null)
      chooseConnection(conversationId, { connectionId: connection.id, keyId, model });
  });
}

/** Throws when main refuses it. */
export async function savePreset(preset: RouteInput<'presets.save'>): Promise<ListedPreset> {
  const saved = await request('presets.save', preset);
  await queryClient.invalidateQueries({ queryKey: presetsQuery.queryKey });
  return saved;
}

/** Makes a preset what it was before it was saved. */
export function putBackPreset({ id, name, connectionId, model, generation }: ListedPreset): void {
  savePreset({ id, name, connectionId, model, generation }).catch(report);
}

/** Throws when main refuses it. */
export function removePreset({ id, name }: ListedPreset): Promise<Removal> {
  return removeEntry('presets', { id, name });
}

/** Throws when main refuses it. */
export async function savePrompt(prompt: RouteInput<'prompts.save'>): Promise<Prompt> {
  const saved = await request('prompts.save', prompt);
  await queryClient.invalidateQueries({ queryKey: promptsQuery.queryKey });
  return saved;
}

/** Throws when main refuses it. */
export function removePrompt({ id, name }: Prompt): Promise<Removal> {
  return removeEntry('prompts', { id, name });
}

async function removeEntry(
  kind: 'presets' | 'prompts',
  { id, name }: { readonly id: string; readonly name: string },
): Promise<Removal> {
  const { queryKey } = kind === 'presets' ? presetsQuery : promptsQuery;
  const reread = (): Promise<void> => queryClient.invalidateQueries({ queryKey });
  const { undoMs } = await request(`${kind}.remove`, { id });
  await reread();
  return { name, undoMs, restore: () => request(`${kind}.restore`, { id }).then(reread, report) };
}

function report(error: unknown): void {
  const { conversationId } = useView.getState();
  useView.setState({ actionError: { conversationId, error: toWireError(error), retry: null } });
}
