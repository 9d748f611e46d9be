import { useQuery } from '@tanstack/react-query';
import type { AppInfo } from '../../../electron/contract/model/app-info.ts';
import { KeyGlyph } from '../../components/key-glyph.tsx';
import { request } from '../../lib/ipc-client.ts';
import { infoQuery } from '../../lib/queries.ts';
import { showDialog } from '../../lib/view-store.ts';
import { PolicySection } from './policy-section.tsx';

/** What this is, what it runs on, and where it keeps things. */
export function AboutTab() {
  const info = useQuery(infoQuery).data;
  if (info === undefined) return null;
  return (
    <div className="flex flex-col gap-5">
      <div className="flex items-center gap-4">
        <span className="text-accent">
          <KeyGlyph seed="Latchkey" kind="kept" height={28} />
        </span>
        <div>
          <p className="text-[15px] font-semibold">Latchkey {info.version}</p>
          <p className="text-ink-3">A chat client for an API key that you own.</p>
        </div>
      </div>
      {info.policy !== null && <PolicySection policy={info.policy} />}
      <dl className="selectable grid grid-cols-[120px_1fr] gap-y-2">
        {facts(info).map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-3">{name}</dt>
            <dd className="wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
      <div className="flex flex-wrap gap-2">
        <button type="button" className="button" onClick={() => showDialog({ kind: 'shortcuts' })}>
          Keyboard shortcuts
        </button>
        <button
          type="button"
          className="button"
          onClick={() => void request('app.openProfileFolder', {}).catch(() => undefined)}
        >
          Open folder
        </button>
      </div>
    </div>
  );
}

function facts(info: AppInfo): readonly (readonly [string, string])[] {
  const { runtime } = info;
  return [
    ['Electron', runtime.isDevelopment ? `${runtime.electron} (development runtime)` : runtime.electron],
    ['Chromium', runtime.chrome],
    ['Node.js', runtime.node],
    [
      'Keystore',
      info.keystore.kind === 'available' ? info.keystore.name : 'None: keys last for this session',
    ],
    ['Profile folder', info.profileFolder],
    ['Licence', 'MIT'],
  ];
}
