import { useEffect } from 'react';
import type { AppInfo } from '../../electron/contract/model/app-info.ts';
import type { Settings } from '../../electron/contract/model/settings.ts';
import { Composer } from '../features/composer/composer.tsx';
import { LinkedPromptCard } from '../features/composer/linked-prompt.tsx';
import { Sidebar } from '../features/conversations/sidebar.tsx';
import { CustodyCard } from '../features/keys/custody-card.tsx';
import { LeakedKeyDialog } from '../features/keys/leaked-key-dialog.tsx';
import { NewChat } from '../features/onboarding/new-chat.tsx';
import { Welcome } from '../features/onboarding/welcome.tsx';
import { SettingsDialog } from '../features/settings/settings-dialog.tsx';
import { ConversationHeader } from '../features/transcript/conversation-header.tsx';
import { ReplyStatus } from '../features/transcript/reply-status.tsx';
import { SentenceAnnouncer } from '../features/transcript/sentence-announcer.tsx';
import { Transcript } from '../features/transcript/transcript.tsx';
import { useView } from '../lib/view-store.ts';
import { setSidebarShown } from './commands.ts';
import { DevelopmentNotice } from './development-notice.tsx';
import { Notices } from './notices.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';
import { listenToShortcuts } from './shortcuts.ts';
import { SidebarSplit } from './sidebar-split.tsx';
import { ToastArea } from './toast.tsx';

interface ShellProps {
  readonly info: AppInfo;
  readonly settings: Settings;
  readonly hasConnections: boolean;
}

/** The window once everything it needs is known. */
export function Shell({ info, settings, hasConnections }: ShellProps) {
  useEffect(() => listenToShortcuts(), []);
  return (
    <div className="flex h-full flex-col">
      {info.runtime.isDevelopment && <DevelopmentNotice runtime={info.runtime} />}
      <div className="flex min-h-0 flex-1">
        {settings.isSidebarShown && (
          <SidebarSplit widthPx={settings.sidebarWidthPx}>
            <Sidebar onHide={() => setSidebarShown(false)} footer={<CustodyCard />} />
          </SidebarSplit>
        )}
        <main className="flex min-w-0 flex-1 flex-col bg-canvas">
          <Main isSidebarShown={settings.isSidebarShown} hasConnections={hasConnections} />
        </main>
      </div>
      <SettingsDialog />
      <ShortcutsDialog />
      <LeakedKeyDialog />
    </div>
  );
}

interface MainProps {
  readonly isSidebarShown: boolean;
  readonly hasConnections: boolean;
}

function Main({ isSidebarShown, hasConnections }: MainProps) {
  const conversationId = useView((state) => state.conversationId);
  const header = (
    <ConversationHeader isSidebarShown={isSidebarShown} onShowSidebar={() => setSidebarShown(true)} />
  );
  if (!hasConnections && conversationId === null) {
    return (
      <>
        {!isSidebarShown && header}
        <Notices />
        <Welcome />
        <LinkedPromptCard />
        <ToastArea />
      </>
    );
  }
  // Siblings share one namespace of keys, so each names its kind: two alike and React keeps the former composer around.
  return (
    <>
      {header}
      <Notices />
      {conversationId === null ? (
        <NewChat />
      ) : (
        <Transcript key={`transcript ${conversationId}`} conversationId={conversationId} />
      )}
      <LinkedPromptCard />
      <ToastArea />
      <Composer
        key={`composer ${conversationId ?? 'new'}`}
        conversationId={conversationId}
        status={conversationId === null ? null : <ReplyStatus conversationId={conversationId} />}
      />
      {conversationId !== null && (
        <SentenceAnnouncer key={`announcer ${conversationId}`} conversationId={conversationId} />
      )}
    </>
  );
}
