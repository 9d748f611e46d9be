import { CircleAlert } from 'lucide-react';
import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import type { WireError } from '../../electron/contract/app-error.ts';
import type { RouteInput, RouteOutput } from '../../electron/contract/contract.ts';
import { KeyGlyph } from '../components/key-glyph.tsx';
import { describeError } from '../lib/describe-error.ts';
import { request, toWireError } from '../lib/ipc-client.ts';
import { ConnectionFields } from './connection-fields.tsx';
import type { ConnectionDraft } from './connection-fields.tsx';
import { KeyField } from './key-field.tsx';
import type { KeySource } from './key-field.tsx';
import { RestingPlace } from './resting-place.tsx';

/** What main says about the key that is about to be entered. */
export type Described = RouteOutput<'keyWindow.describe'>;

/** The base URL that the provider "OpenAI" stands for. */
const OPENAI_BASE_URL = 'https://api.openai.com/v1';

interface KeyFormProps {
  readonly described: Described;
  readonly onCancel: () => void;
}

/** The form for one key. The key itself is in the password field only, never in React's state. */
export function KeyForm({ described, onCancel }: KeyFormProps) {
  const [draft, setDraft] = useState(() => startOf(described));
  const [source, setSource] = useState<KeySource>({ kind: 'typed' });
  const [error, setError] = useState<WireError | null>(null);
  const [isSaving, setIsSaving] = useState(false);
  const keyRef = useRef<HTMLInputElement>(null);

  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (isSaving) return;
    setIsSaving(true);
    setError(null);
    try {
      await request('keyWindow.save', {
        ...draft,
        ...addressOf(draft),
        key: takeKey(source, keyRef.current),
      });
    } catch (thrown) {
      // A refused key is not kept, here or in main: it is entered again.
      setError(toWireError(thrown));
      setSource({ kind: 'typed' });
      setIsSaving(false);
    }
  };

  const paste = async (): Promise<void> => {
    setError(null);
    try {
      const outline = await request('keyWindow.paste', {});
      if (keyRef.current !== null) keyRef.current.value = '';
      setSource({ kind: 'pasted', ...outline });
    } catch (thrown) {
      setError(toWireError(thrown));
    }
  };

  const isReplacing = described.connection !== null;
  return (
    <form className="flex h-full flex-col" onSubmit={(event) => void save(event)} autoComplete="off">
      <main className="flex min-h-0 flex-1 flex-col gap-3.5 overflow-y-auto px-6 pt-5 pb-3">
        <div className="flex items-center gap-3">
          <span className="text-accent">
            <KeyGlyph seed={described.connection?.key?.id ?? 'Latchkey'} kind="kept" height={20} />
          </span>
          <h1 className="text-[17px] leading-6 font-semibold tracking-[-0.01em]">
            {isReplacing ? `Key for ${described.connection?.label ?? draft.label}` : 'Add an API key'}
          </h1>
        </div>
        <RestingPlace described={described} />
        <ConnectionFields
          draft={draft}
          isFixed={isReplacing}
          onChange={(change) => setDraft({ ...draft, ...change })}
        />
        <KeyField
          inputRef={keyRef}
          source={source}
          isOptional={isLoopback(addressOf(draft).baseUrl)}
          onPaste={() => void paste()}
          onTypeInstead={() => setSource({ kind: 'typed' })}
        />
        {error !== null && <Refusal error={error} />}
      </main>
      <footer className="flex shrink-0 justify-end gap-2 border-t border-line px-6 py-3">
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" className="button button-primary" disabled={isSaving}>
          Save key
        </button>
      </footer>
    </form>
  );
}

function startOf({ connection, isLoopbackOnly }: Described): ConnectionDraft {
  if (connection !== null) {
    const provider = connection.provider === 'openai' ? 'openai' : 'compatible';
    return { provider, label: connection.label, baseUrl: connection.baseUrl, dialect: connection.dialect };
  }
  return isLoopbackOnly
    ? { provider: 'compatible', label: '', baseUrl: '', dialect: 'chat-completions' }
    : { provider: 'openai', label: '', baseUrl: '', dialect: 'responses' };
}

function addressOf(draft: ConnectionDraft): { readonly baseUrl: string } {
  return { baseUrl: draft.provider === 'openai' ? OPENAI_BASE_URL : draft.baseUrl.trim() };
}

/** Reads the key and empties the field in the same breath, so that it is in this window no longer than it must be. */
function takeKey(source: KeySource, field: HTMLInputElement | null): RouteInput<'keyWindow.save'>['key'] {
  if (source.kind === 'pasted') return { source: 'pasted' };
  const text = field?.value ?? '';
  if (field !== null) field.value = '';
  return text === '' ? { source: 'none' } : { source: 'typed', text };
}

function isLoopback(baseUrl: string): boolean {
  if (!URL.canParse(baseUrl)) return false;
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(baseUrl).hostname);
}

/** Why what was entered was not taken. */
export function Refusal({ error }: { readonly error: WireError }) {
  const { title, body } = describeError(error);
  return (
    <div role="alert" className="flex gap-2.5 rounded-lg border border-line bg-danger-soft px-3 py-2">
      <CircleAlert size={15} className="mt-0.5 shrink-0 text-danger" aria-hidden />
      <p>
        <strong className="font-semibold">{title}.</strong> <span className="text-ink-2">{body}</span>
      </p>
    </div>
  );
}
