import { useId } from 'react';
import type { ReactNode } from 'react';
import type { Dialect } from '../../electron/contract/model/connection.ts';

/** What is asked besides the key. */
export interface ConnectionDraft {
  readonly provider: 'openai' | 'compatible';
  readonly label: string;
  /** As typed; OpenAI's is fixed and not taken from here. */
  readonly baseUrl: string;
  readonly dialect: Dialect;
}

interface ConnectionFieldsProps {
  readonly draft: ConnectionDraft;
  /** True when a key is replaced: it stays bound to the address it was entered for. */
  readonly isFixed: boolean;
  readonly onChange: (change: Partial<ConnectionDraft>) => void;
}

/** Provider, label, base URL and dialect. */
export function ConnectionFields({ draft, isFixed, onChange }: ConnectionFieldsProps) {
  const isOpenAI = draft.provider === 'openai';
  return (
    <>
      <div className="grid grid-cols-2 gap-3">
        <Labelled name="Provider">
          {(id) => (
            <select
              id={id}
              className="field"
              value={draft.provider}
              disabled={isFixed}
              onChange={(event) => onChange(providerDefaults(event.target.value === 'openai'))}
            >
              <option value="openai">OpenAI</option>
              <option value="compatible">OpenAI-compatible</option>
            </select>
          )}
        </Labelled>
        <Labelled name="Label">
          {(id) => (
            <input
              id={id}
              className="field"
              value={draft.label}
              readOnly={isFixed}
              maxLength={80}
              placeholder="e.g. work"
              onChange={(event) => onChange({ label: event.target.value })}
            />
          )}
        </Labelled>
      </div>
      <Labelled name="Base URL">
        {(id) => (
          <input
            id={id}
            className="field font-mono text-[12px]"
            value={isOpenAI ? 'https://api.openai.com/v1' : draft.baseUrl}
            readOnly={isFixed || isOpenAI}
            placeholder="https://api.example.com/v1"
            spellCheck={false}
            maxLength={2048}
            onChange={(event) => onChange({ baseUrl: event.target.value })}
          />
        )}
      </Labelled>
      {!isOpenAI && !isFixed && (
        <Labelled name="API dialect">
          {(id) => (
            <select
              id={id}
              className="field"
              value={draft.dialect}
              onChange={(event) => onChange({ dialect: event.target.value as Dialect })}
            >
              <option value="chat-completions">Chat Completions (most servers)</option>
              <option value="responses">Responses</option>
            </select>
          )}
        </Labelled>
      )}
    </>
  );
}

function providerDefaults(isOpenAI: boolean): Partial<ConnectionDraft> {
  return isOpenAI
    ? { provider: 'openai', dialect: 'responses' }
    : { provider: 'compatible', dialect: 'chat-completions' };
}

interface LabelledProps {
  readonly name: string;
  readonly children: (id: string) => ReactNode;
}

/** A control under its name. */
export function Labelled({ name, children }: LabelledProps) {
  const id = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block font-medium">
        {name}
      </label>
      {children(id)}
    </div>
  );
}
