import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Settings } from '../../../electron/contract/model/settings.ts';
import { isMac } from '../../lib/platform.ts';
import { changeSettings, settingsQuery } from '../../lib/queries.ts';

const textSizes = [13, 14, 15, 16, 17, 18, 20, 22, 24] as const;

/** How Latchkey looks and which key sends. */
export function AppearanceTab() {
  const settings = useQuery(settingsQuery).data;
  if (settings === undefined) return null;
  return (
    <div className="flex flex-col divide-y divide-line">
      <Setting name="Theme" note="The system's own, or always the same.">
        <select
          className="field w-[200px]"
          aria-label="Theme"
          value={settings.theme}
          onChange={(event) => change({ theme: event.target.value as Settings['theme'] })}
        >
          <option value="system">Follow the system</option>
          <option value="light">Light</option>
          <option value="dark">Dark</option>
        </select>
      </Setting>
      <Setting name="Text size" note="Of messages and of what you write.">
        <select
          className="field w-[200px]"
          aria-label="Text size"
          value={settings.textSizePx}
          onChange={(event) => change({ textSizePx: Number(event.target.value) })}
        >
          {[...new Set<number>([...textSizes, settings.textSizePx])]
            .sort((a, b) => a - b)
            .map((size) => (
              <option key={size} value={size}>
                {size === 15 ? '15 px (standard)' : `${size} px`}
              </option>
            ))}
        </select>
      </Setting>
      <Setting name="Send with" note="The other one breaks the line.">
        <select
          className="field w-[200px]"
          aria-label="Send with"
          value={settings.sendKey}
          onChange={(event) => change({ sendKey: event.target.value as Settings['sendKey'] })}
        >
          <option value="enter">Enter</option>
          <option value="mod-enter">{isMac ? 'Cmd+Enter' : 'Ctrl+Enter'}</option>
        </select>
      </Setting>
    </div>
  );
}

function change(patch: Parameters<typeof changeSettings>[0]): void {
  // The picker keeps showing what main has when it could not be changed.
  changeSettings(patch).catch(() => undefined);
}

interface SettingProps {
  readonly name: string;
  readonly note: string;
  readonly children: ReactNode;
}

function Setting({ name, note, children }: SettingProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 py-4 first:pt-0">
      <div>
        <p className="font-medium">{name}</p>
        <p className="text-ink-3">{note}</p>
      </div>
      {children}
    </div>
  );
}
