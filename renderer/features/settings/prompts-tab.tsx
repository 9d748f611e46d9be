import { PresetSection } from './preset-section.tsx';
import { PromptSection } from './prompt-section.tsx';

/** Ways of answering under a name, and texts to ask with again. */
export function PromptsTab() {
  return (
    <div className="flex flex-col divide-y divide-line">
      <PresetSection />
      <PromptSection />
    </div>
  );
}
