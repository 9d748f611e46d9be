import { changeSettings, conversationQuery, queryClient, settingsQuery } from '../lib/queries.ts';
import { stopReply } from '../lib/chat-actions.ts';
import { removeConversation, stepConversation } from '../lib/conversation-actions.ts';
import { copyText } from '../lib/copy-text.ts';
import { openChatSettings } from '../lib/generation-store.ts';
import { stepVariant } from '../lib/message-actions.ts';
import { showConversation, showDialog, useView } from '../lib/view-store.ts';

/** Everything that a key, a menu item or a button can ask of the window. */
export type Command =
  | 'new-chat'
  | 'search'
  | 'settings'
  | 'shortcuts'
  | 'about'
  | 'toggle-sidebar'
  | 'next-conversation'
  | 'previous-conversation'
  | 'conversation-settings'
  | 'focus-composer'
  | 'stop'
  | 'rename'
  | 'delete'
  | 'copy-last-answer'
  | 'previous-variant'
  | 'next-variant';

const actions: Readonly<Record<Command, () => void>> = {
  'new-chat': () => {
    showConversation(null);
    focusNamed('Message');
  },
  search: () => {
    setSidebarShown(true);
    focusNamed('Search');
  },
  settings: () => showDialog({ kind: 'settings', tab: 'keys' }),
  shortcuts: () => showDialog({ kind: 'shortcuts' }),
  about: () => showDialog({ kind: 'settings', tab: 'about' }),
  'toggle-sidebar': () => setSidebarShown(!isSidebarShown()),
  'next-conversation': () => stepConversation(1),
  'previous-conversation': () => stepConversation(-1),
  'conversation-settings': openChatSettings,
  'focus-composer': () => focusNamed('Message'),
  stop: () => withShown(stopReply),
  rename: () => withShown((renamingId) => useView.setState({ renamingId })),
  delete: () => withShown((id) => void removeConversation(id)),
  'copy-last-answer': copyLastAnswer,
  'previous-variant': () => void stepVariant(-1),
  'next-variant': () => void stepVariant(1),
};

/** Does what a command says. */
export function runCommand(command: Command): void {
  actions[command]();
}

/** Shows or hides the sidebar and remembers it. */
export function setSidebarShown(isShown: boolean): void {
  const { queryKey } = settingsQuery;
  if (isSidebarShown() === isShown) return;
  queryClient.setQueryData(queryKey, (settings) => settings && { ...settings, isSidebarShown: isShown });
  // Not remembered is not worth a message: it is shown as asked.
  changeSettings({ isSidebarShown: isShown }).catch(() => undefined);
}

function isSidebarShown(): boolean {
  return queryClient.getQueryData(settingsQuery.queryKey)?.isSidebarShown ?? true;
}

function focusNamed(name: string): void {
  // After the next paint: the control may have to be shown first.
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[aria-label="${name}"]`)?.focus());
}

function withShown(run: (conversationId: string) => void): void {
  const { conversationId } = useView.getState();
  if (conversationId !== null) run(conversationId);
}

function copyLastAnswer(): void {
  withShown((id) => {
    const detail = queryClient.getQueryData(conversationQuery(id).queryKey);
    const last = detail?.messages.findLast((message) => message.role === 'assistant' && message.text !== '');
    if (last !== undefined) copyText(last.text);
  });
}
