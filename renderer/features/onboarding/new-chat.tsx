import type { Connection } from '../../../electron/contract/model/connection.ts';
import { ManagedMark } from '../../components/managed-mark.tsx';
import { KeyGlyph } from '../../components/key-glyph.tsx';
import { SystemPromptRow } from '../../components/system-prompt-row.tsx';
import { Keycaps } from '../../components/keycaps.tsx';
import { hostOf } from '../../lib/format.ts';
import { glyphKind } from '../../lib/glyph-kind.ts';
import { openKeyWindow } from '../../lib/key-actions.ts';
import { useSelection } from '../../lib/selection.ts';

const shortcuts = [
  ['Search', 'Mod+K'],
  ['New chat', 'Mod+N'],
  ['Settings', 'Mod+,'],
  ['All shortcuts', 'Mod+/'],
] as const;

/** A chat that has not begun: calm, with where it would go and how to get around. */
export function NewChat() {
  const { connection } = useSelection();
  return (
    <div className="flex min-h-0 flex-1 overflow-y-auto px-6">
      <div className="m-auto w-full max-w-[320px] py-8">
        {connection !== null && (
          <div className="flex flex-col items-center text-center">
            <span className="text-accent">
              <KeyGlyph seed={connection.key?.id ?? connection.id} kind={glyphKind(connection)} height={26} />
            </span>
            <p className="mt-5 text-[17px] leading-6 font-semibold tracking-[-0.01em]">
              {isKeyMissing(connection) ? 'One key, and you are ready' : 'Ready when you are'}
            </p>
            <p className="mt-1 text-ink-3">
              What you write goes to {hostOf(connection.origin)}, and nowhere else.
            </p>
            {isKeyMissing(connection) && (
              <button
                type="button"
                className="button button-primary mt-4"
                onClick={() => openKeyWindow(connection.id)}
              >
                Add API key
              </button>
            )}
            <div className="mt-3 flex w-full justify-center">
              <SystemPromptRow conversationId={null} />
            </div>
            {connection.isManaged && (
              <div className="mt-4">
                <ManagedMark />
              </div>
            )}
          </div>
        )}
        <dl className="mt-8 grid grid-cols-[1fr_auto] gap-y-2 border-t border-line pt-5">
          {shortcuts.map(([name, keys]) => (
            <div key={name} className="contents">
              <dt className="text-ink-2">{name}</dt>
              <dd>
                <Keycaps keys={keys} />
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </div>
  );
}

/** Set up by an organisation, but its person has not entered a key yet. */
function isKeyMissing({ key, needsKey, isManaged }: Connection): boolean {
  return key === null && needsKey && isManaged;
}
