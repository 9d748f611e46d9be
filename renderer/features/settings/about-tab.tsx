import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { AppInfo } from '../../../electron/contract/model/app-info.ts';
import { ErrorCard } from '../../components/error-card.tsx';
import { KeyGlyph } from '../../components/key-glyph.tsx';
import { copyText } from '../../lib/copy-text.ts';
import { request, toWireError } from '../../lib/ipc-client.ts';
import { diagnosticsQuery, infoQuery } from '../../lib/queries.ts';
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
      <Diagnostics />
    </div>
  );
}

/** Shows what it copies: nothing leaves this window that was not read in it. */
function Diagnostics() {
  const diagnostics = useQuery(diagnosticsQuery);
  const [isCopied, setIsCopied] = useState(false);
  const id = useId();
  if (diagnostics.error !== null) {
    return (
      <ErrorCard
        error={toWireError(diagnostics.error)}
        connectionId={null}
        onRetry={() => void diagnostics.refetch()}
      />
    );
  }
  const text = diagnostics.data?.text ?? '';
  return (
    <section className="flex flex-col gap-2 border-t border-line pt-4" aria-labelledby={`${id}-title`}>
      <div className="flex items-center justify-between gap-3">
        <div>
          <h3 id={`${id}-title`} className="font-medium">
            Diagnostics
          </h3>
          <p id={`${id}-note`} className="text-ink-3">
            For a report of a problem. This is all that is copied.
          </p>
        </div>
        <button
          type="button"
          className="button button-small shrink-0"
          onClick={() => setIsCopied(copyText(text))}
        >
          Copy diagnostics
        </button>
      </div>
      <textarea
        className="field h-[168px] resize-none py-2 font-mono text-[11px] leading-4"
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-note`}
        readOnly
        spellCheck={false}
        value={text}
      />
      <p role="status" className="min-h-4 text-[12px] leading-4 text-ink-3">
        {isCopied && 'Copied.'}
      </p>
    </section>
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
      info.keystore.kind === 'session-only' ? 'None: keys last for this session' : info.keystore.name,
    ],
    ['Profile folder', info.profileFolder],
    ['Licence', 'MIT'],
  ];
}
