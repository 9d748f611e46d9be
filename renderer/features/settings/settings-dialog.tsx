import { Tabs } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import { Modal } from '../../components/modal.tsx';
import { showDialog, useView } from '../../lib/view-store.ts';
import type { SettingsTab } from '../../lib/view-store.ts';
import { AboutTab } from './about-tab.tsx';
import { AppearanceTab } from './appearance-tab.tsx';
import { AutomationTab } from './automation-tab.tsx';
import { KeysTab } from './keys-tab.tsx';
import { ModelsTab } from './models-tab.tsx';
import { NetworkTab } from './network-tab.tsx';
import { PrivacyTab } from './privacy-tab.tsx';
import { PromptsTab } from './prompts-tab.tsx';
import { UsageTab } from './usage-tab.tsx';

const tabs: readonly { readonly id: SettingsTab; readonly name: string; readonly Panel: () => ReactNode }[] =
  [
    { id: 'keys', name: 'Keys', Panel: KeysTab },
    { id: 'models', name: 'Models', Panel: ModelsTab },
    { id: 'prompts', name: 'Prompts', Panel: PromptsTab },
    { id: 'usage', name: 'Usage', Panel: UsageTab },
    { id: 'appearance', name: 'Appearance', Panel: AppearanceTab },
    { id: 'network', name: 'Network', Panel: NetworkTab },
    { id: 'automation', name: 'Automation', Panel: AutomationTab },
    { id: 'privacy', name: 'Privacy', Panel: PrivacyTab },
    { id: 'about', name: 'About', Panel: AboutTab },
  ];

/** Everything that can be set. */
export function SettingsDialog() {
  const dialog = useView((state) => state.dialog);
  const tab = dialog?.kind === 'settings' ? dialog.tab : 'keys';
  return (
    <Modal
      title="Settings"
      isOpen={dialog?.kind === 'settings'}
      onClose={() => showDialog(null)}
      className="h-[560px] w-[720px]"
    >
      <Tabs.Root
        value={tab}
        onValueChange={(value: SettingsTab) => showDialog({ kind: 'settings', tab: value })}
        orientation="vertical"
        className="flex min-h-0 flex-1 border-t border-line max-[600px]:flex-col"
      >
        <Tabs.List
          activateOnFocus
          className="flex w-[152px] shrink-0 flex-col gap-px rounded-bl-[10px] border-r border-line bg-chrome p-2 max-[600px]:grid max-[600px]:w-auto max-[600px]:grid-cols-4 max-[600px]:rounded-none max-[600px]:border-r-0 max-[600px]:border-b"
        >
          {tabs.map(({ id, name }) => (
            <Tabs.Tab
              key={id}
              value={id}
              className="h-8 rounded-[7px] px-2.5 text-left text-ink-2 hover:bg-hover data-active:bg-selected data-active:font-medium data-active:text-ink"
            >
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map(({ id, Panel }) => (
          <Tabs.Panel
            key={id}
            value={id}
            className="min-h-0 flex-1 overflow-y-auto px-6 py-5 -outline-offset-2"
          >
            <Panel />
          </Tabs.Panel>
        ))}
      </Tabs.Root>
    </Modal>
  );
}
