import { ClipboardPaste, Eye, EyeOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { RefObject } from 'react';
import { Labelled } from '../components/labelled.tsx';

/** Where the key comes from: the field, or main, which read the clipboard or asks about it (this window sees its outline only). */
export type KeySource =
  | { readonly kind: 'typed' }
  | {
      readonly kind: 'held';
      readonly last4: string;
      readonly length: number;
      readonly isFromClipboard: boolean;
    };

interface KeyFieldProps {
  readonly inputRef: RefObject<HTMLInputElement | null>;
  readonly source: KeySource;
  /** True for a server on this computer, which may need none. */
  readonly isOptional: boolean;
  /** Whether a pasted key is to leave the clipboard once it is saved. */
  readonly clearsClipboard: boolean;
  readonly onClearsClipboard: (clears: boolean) => void;
  readonly onPaste: () => void;
  readonly onTypeInstead: () => void;
}

/** The key: typed into an uncontrolled password field, or taken from the clipboard by main. */
export function KeyField(props: KeyFieldProps) {
  const { inputRef, source, isOptional, onPaste, onTypeInstead } = props;
  const [isShown, setIsShown] = useState(false);
  const isTyped = source.kind === 'typed';
  useEffect(() => {
    if (isTyped) inputRef.current?.focus();
  }, [isTyped, inputRef]);
  const Icon = isShown ? EyeOff : Eye;
  return (
    <div>
      <Labelled name="API key">
        {(id) => (
          <div className="relative">
            <input
              id={id}
              ref={inputRef}
              type={isShown && isTyped ? 'text' : 'password'}
              className="field pr-9 font-mono text-[12px]"
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              placeholder={placeholder(source, isOptional)}
              onInput={onTypeInstead}
            />
            <button
              type="button"
              className="icon-button absolute top-[3px] right-[3px]"
              aria-label={isShown ? 'Hide what is typed' : 'Show what is typed'}
              aria-pressed={isShown}
              onClick={() => setIsShown(!isShown)}
            >
              <Icon size={15} aria-hidden />
            </button>
          </div>
        )}
      </Labelled>
      <div className="mt-2 flex min-h-7 items-center gap-3">
        <button type="button" className="button button-small" onClick={onPaste}>
          <ClipboardPaste size={13} aria-hidden />
          Paste from clipboard
        </button>
        <p role="status" className="min-w-0 flex-1 text-[12px] leading-4 text-ink-2">
          {source.kind === 'held' && heldText(source)}
          {isTyped && isOptional && 'Servers on this computer may need no key.'}
        </p>
      </div>
      {source.kind === 'held' && source.isFromClipboard && (
        <label className="mt-2 flex items-center gap-2 text-[12px] leading-4 text-ink-2">
          <input
            type="checkbox"
            className="size-3.5 accent-[var(--accent)]"
            checked={props.clearsClipboard}
            onChange={(event) => props.onClearsClipboard(event.target.checked)}
          />
          Clear the clipboard after saving
        </label>
      )}
    </div>
  );
}

function placeholder(source: KeySource, isOptional: boolean): string {
  if (source.kind === 'held') return 'In the main process, not here';
  return isOptional ? 'Optional' : 'Type or paste the key';
}

function heldText({ last4, length }: { readonly last4: string; readonly length: number }): string {
  return last4 === ''
    ? `A key of ${length} characters, ready to save`
    : `Key ending …${last4}, ready to save`;
}
