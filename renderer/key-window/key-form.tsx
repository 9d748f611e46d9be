import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import type { WireError } from '../../electron/contract/app-error.ts';
import type { RouteInput, RouteOutput } from '../../electron/contract/contract.ts';
import { KeyGlyph } from '../components/key-glyph.tsx';
import { request, toWireError } from '../lib/ipc-client.ts';
import { addressOf, ConnectionFields } from './connection-fields.tsx';
import type { ConnectionDraft } from './connection-fields.tsx';
import { KeyField } from './key-field.tsx';
import type { KeySource } from './key-field.tsx';
import { Concerns, Refusal } from './key-verdict.tsx';
import type { Concern } from './key-verdict.tsx';
import { RestingPlace } from './resting-place.tsx';

/** What main says about the key that is about to be entered. */
export type Described = RouteOutput<'keyWindow.describe'>;

interface KeyFormProps {
  readonly described: Described;
  /** True while the keystore is being asked where the key will rest. */
  readonly isAsking: boolean;
  readonly onTryAgain: () => void;
  readonly onCancel: () => void;
}

/** The form for one key. The key itself is in the password field only, never in React's state. */
export function KeyForm({ described, isAsking, onTryAgain, onCancel }: KeyFormProps) {
  const [draft, setDraft] = useState(() => startOf(described));
  const [source, setSource] = useState<KeySource>({ kind: 'typed' });
  const [clearsClipboard, setClearsClipboard] = useState(described.clearsClipboard);
  const [error, setError] = useState<WireError | null>(null);
  /** What main asks about the key it holds; empty when it asks nothing. */
  const [concerns, setConcerns] = useState<readonly Concern[]>([]);
  const [isSaving, setIsSaving] = useState(false);
  const keyRef = useRef<HTMLInputElement>(null);

  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (isSaving) return;
    setIsSaving(true);
    setError(null);
    try {
      const answer = await request('keyWindow.save', {
        ...draft,
        baseUrl: addressOf(draft),
        key: takeKey(source, keyRef.current, clearsClipboard),
        isConfirmed: concerns.length > 0,
      });
      if (answer.outcome === 'saved') return;
      setConcerns(answer.concerns);
      setSource({
        kind: 'held',
        last4: answer.last4,
        length: answer.length,
        isFromClipboard: source.kind === 'held' && source.isFromClipboard,
      });
    } catch (thrown) {
      // A refused key is not kept, here or in main: it is entered again.
      setError(toWireError(thrown));
      setConcerns([]);
      setSource({ kind: 'typed' });
    }
    setIsSaving(false);
  };

  const paste = async (): Promise<void> => {
    setError(null);
    setConcerns([]);
    try {
      const outline = await request('keyWindow.paste', {});
      if (keyRef.current !== null) keyRef.current.value = '';
      setSource({ kind: 'held', isFromClipboard: true, ...outline });
    } catch (thrown) {
      setError(toWireError(thrown));
    }
  };

  const typeInstead = (): void => {
    setSource({ kind: 'typed' });
    setConcerns([]);
  };

  return (
    <form className="flex h-full flex-col" onSubmit={(event) => void save(event)} autoComplete="off">
      <main className="flex min-h-0 flex-1 flex-col gap-3.5 overflow-y-auto px-6 pt-5 pb-3">
        <div className="flex items-center gap-3">
          <span className="text-accent">
            <KeyGlyph seed={described.replaced?.id ?? 'Latchkey'} kind="kept" height={20} />
          </span>
          <h1 className="truncate text-[17px] leading-6 font-semibold tracking-[-0.01em]">
            {titleOf(described)}
          </h1>
        </div>
        <RestingPlace described={described} isAsking={isAsking || isSaving} onTryAgain={onTryAgain} />
        <ConnectionFields
          draft={draft}
          isFixed={described.connection !== null}
          onChange={(change) => setDraft({ ...draft, ...change })}
        />
        <KeyField
          inputRef={keyRef}
          source={source}
          isOptional={described.connection === null && isLoopback(addressOf(draft))}
          clearsClipboard={clearsClipboard}
          onClearsClipboard={setClearsClipboard}
          onPaste={() => void paste()}
          onTypeInstead={typeInstead}
        />
        {error !== null && <Refusal error={error} />}
        {concerns.length > 0 && <Concerns concerns={concerns} replaced={described.replaced} />}
      </main>
      <footer className="flex shrink-0 items-center justify-end gap-2 border-t border-line px-6 py-3">
        {isSaving && described.replaced !== null && (
          <p role="status" className="mr-auto text-ink-3">
            Trying the new key first
          </p>
        )}
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" className="button button-primary" disabled={isSaving}>
          {concerns.length > 0 ? 'Save anyway' : 'Save key'}
        </button>
      </footer>
    </form>
  );
}

function titleOf({ connection, replaced }: Described): string {
  if (connection === null) return 'Add an API key';
  if (replaced !== null) return `Replace ${replaced.label}`;
  return `${connection.keys.length === 0 ? 'A' : 'Another'} key for ${connection.label}`;
}

function startOf({ connection, replaced, isLoopbackOnly }: Described): ConnectionDraft {
  if (connection !== null) {
    const { provider, baseUrl, dialect } = connection;
    const formProvider = provider === 'local' || provider === 'demo' ? 'compatible' : provider;
    return { provider: formProvider, label: replaced?.label ?? '', baseUrl, dialect };
  }
  return isLoopbackOnly
    ? { provider: 'compatible', label: '', baseUrl: '', dialect: 'chat-completions' }
    : { provider: 'openai', label: '', baseUrl: '', dialect: 'responses' };
}

/** Reads the key and empties the field in the same breath, so that it is in this window no longer than it must be. */
function takeKey(
  source: KeySource,
  field: HTMLInputElement | null,
  shouldClearClipboard: boolean,
): RouteInput<'keyWindow.save'>['key'] {
  if (source.kind === 'held') return { source: 'held', shouldClearClipboard };
  const text = field?.value ?? '';
  if (field !== null) field.value = '';
  return text === '' ? { source: 'none' } : { source: 'typed', text };
}

function isLoopback(baseUrl: string): boolean {
  if (!URL.canParse(baseUrl)) return false;
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(baseUrl).hostname);
}
