import { useQuery } from '@tanstack/react-query';
import { CheckRow } from '../../components/check-row.tsx';
import { changeSettings, settingsQuery } from '../../lib/queries.ts';
import { Section } from './section.tsx';

/** What is done beside answering: shortening what no longer fits, and naming what is new. */
export function ConversationSettings() {
  const settings = useQuery(settingsQuery).data;
  if (settings === undefined) return null;
  return (
    <Section title="Conversations" note="What is sent of a long one, and who names a new one.">
      <label className="flex items-start justify-between gap-4 max-[560px]:flex-col">
        <span className="min-w-0">
          When a conversation no longer fits the model
          <span className="block text-[12px] text-ink-3">
            Your message and the system prompt are always sent. What was left out is shown.
          </span>
        </span>
        <select
          className="field w-[184px]"
          aria-label="When it no longer fits"
          value={settings.contextPolicy}
          onChange={(event) =>
            change({ contextPolicy: event.target.value === 'ask' ? 'ask' : 'drop-oldest' })
          }
        >
          <option value="drop-oldest">Leave out the oldest</option>
          <option value="ask">Ask first</option>
        </select>
      </label>
      <CheckRow
        name="Let the model title new conversations"
        note="One small request after the first answer, to the same provider and with the same key. It costs a fraction of a cent, is counted like any other, and is not made where it would exceed a budget."
        isChecked={settings.makesTitles}
        onChange={(makesTitles) => change({ makesTitles })}
      />
    </Section>
  );
}

function change(patch: Parameters<typeof changeSettings>[0]): void {
  // The controls keep showing what main has when it could not be changed.
  changeSettings(patch).catch(() => undefined);
}
