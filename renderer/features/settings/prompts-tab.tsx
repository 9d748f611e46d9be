import { ConversationSettings } from './conversation-settings.tsx';
import { PresetSection } from './preset-section.tsx';
import { PromptSection } from './prompt-section.tsx';

/** What is sent beside a message, ways of answering under a name, and texts to ask with again. */
export function PromptsTab() {
  return (
    <div className="flex flex-col divide-y divide-line">
      <ConversationSettings />
      <PresetSection />
      <PromptSection />
    </div>
  );
}
