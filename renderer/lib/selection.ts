import { useQuery } from '@tanstack/react-query';
import type { Connection } from '../../electron/contract/model/connection.ts';
import type { ConversationSummary } from '../../electron/contract/model/conversation.ts';
import { useDefaultPreset, withDefaultTarget } from './default-preset.ts';
import { saveNewChat } from './generation-store.ts';
import { request } from './ipc-client.ts';
import {
  connectionsQuery,
  conversationsQuery,
  modelsQuery,
  replaceConversation,
  settingsQuery,
} from './queries.ts';
import { useView } from './view-store.ts';

/** Which connection, key and model the next message goes to. */
export interface Selection {
  /** Its `key` is the one that will be used: the conversation's own choice, or the connection's. */
  readonly connection: Connection | null;
  /** What to ask main for: null leaves the key to the connection. */
  readonly keyId: string | null;
  /** '' when none can be told yet. */
  readonly model: string;
}

/** The selection of the shown conversation, or of the new chat. */
export function useSelection(): Selection {
  const conversation = useShownConversation();
  const newChat = withDefaultTarget(
    useView((state) => state.newChat),
    useDefaultPreset(),
  );
  const connections = useQuery(connectionsQuery).data ?? [];
  const preferredId = useQuery(settingsQuery).data?.defaultConnectionId ?? null;
  const wanted = conversation ?? newChat;
  const usable = connections.filter(({ policyRefusal }) => policyRefusal === null);
  const connection =
    connections.find((each) => each.id === wanted.connectionId) ??
    usable.find((each) => each.id === preferredId) ??
    usable[0] ??
    connections[0] ??
    null;
  const models = useQuery({ ...modelsQuery(connection?.id ?? ''), enabled: connection !== null }).data
    ?.models;
  // A conversation's model is one of the connection it was had with: without that, e.g. imported, it is only a name.
  const isWantedConnection =
    wanted.connectionId === connection?.id || (conversation === null && wanted.connectionId === null);
  const model =
    (isWantedConnection ? wanted.model : null) ?? connection?.defaultModel ?? pickModel(models ?? []) ?? '';
  const chosenKey = connection?.keys.find(({ id }) => id === wanted.keyId) ?? null;
  return {
    connection: connection === null ? null : { ...connection, key: chosenKey ?? connection.key },
    keyId: chosenKey?.id ?? null,
    model,
  };
}

/** The row of the shown conversation, or null for the new chat. */
export function useShownConversation(): ConversationSummary | null {
  const id = useView((state) => state.conversationId);
  const rows = useQuery(conversationsQuery).data;
  return rows?.find((row) => row.id === id) ?? null;
}

/** A provider lists its models by name, embeddings and speech first as likely as not: prefer one that can chat. */
function pickModel(models: readonly string[]): string | undefined {
  const chat = models.filter(
    (model) => !/embed|whisper|tts|dall-e|image|moderation|realtime|audio|transcribe/i.test(model),
  );
  return chat.find((model) => /^(gpt-5|gpt-4\.1|gpt-4o|o\d)/.test(model)) ?? chat[0] ?? models[0];
}

/** Remembers another connection or key; another connection's own default model applies until one is chosen. */
export function chooseConnection(
  conversationId: string | null,
  choice: { readonly connectionId: string; readonly keyId: string | null; readonly model: string | null },
): void {
  choose(conversationId, choice);
}

/** Remembers a model together with the connection that offers it, and the key it is asked with. */
export function chooseModel(
  conversationId: string | null,
  choice: { readonly connectionId: string; readonly keyId: string | null; readonly model: string },
): void {
  choose(conversationId, choice);
}

function choose(
  conversationId: string | null,
  choice: { readonly connectionId: string; readonly keyId: string | null; readonly model: string | null },
): void {
  if (conversationId === null) {
    useView.setState(({ newChat }) => ({ newChat: { ...newChat, ...choice } }));
    saveNewChat();
    return;
  }
  void request('conversations.choose', { id: conversationId, ...choice })
    .then(replaceConversation)
    // Not remembering a choice is no reason to interrupt; the picker shows what main knows.
    .catch(() => undefined);
}
