import type { RouteInput } from '../../electron/contract/contract.ts';
import type { Dialect } from '../../electron/contract/model/connection.ts';
import { Labelled, TextField } from '../components/labelled.tsx';

/** The providers the form knows. */
export type FormProvider = RouteInput<'keyWindow.save'>['provider'];

/** What is asked besides the key. */
export interface ConnectionDraft {
  readonly provider: FormProvider;
  readonly label: string;
  /** As typed; a provider with an address of its own does not take it from here. */
  readonly baseUrl: string;
  readonly dialect: Dialect;
}

interface Preset {
  readonly name: string;
  /** null: it is asked for. */
  readonly baseUrl: string | null;
  readonly placeholder: string;
  readonly dialect: Dialect;
}

const presets: Readonly<Record<FormProvider, Preset>> = {
  openai: {
    name: 'OpenAI',
    baseUrl: 'https://api.openai.com/v1',
    placeholder: '',
    dialect: 'responses',
  },
  openrouter: {
    name: 'OpenRouter',
    baseUrl: 'https://openrouter.ai/api/v1',
    placeholder: '',
    dialect: 'chat-completions',
  },
  azure: {
    name: 'Azure OpenAI',
    baseUrl: null,
    placeholder: 'https://NAME.openai.azure.com/openai/v1',
    dialect: 'responses',
  },
  compatible: {
    name: 'OpenAI-compatible',
    baseUrl: null,
    placeholder: 'https://api.example.com/v1',
    dialect: 'chat-completions',
  },
};

/** The address a draft stands for: the provider's own, or the one typed. */
export function addressOf({ provider, baseUrl }: ConnectionDraft): string {
  return presets[provider].baseUrl ?? baseUrl.trim();
}

interface ConnectionFieldsProps {
  readonly draft: ConnectionDraft;
  /** True when a connection gets a key: its keys stay bound to its address. */
  readonly isFixed: boolean;
  readonly onChange: (change: Partial<ConnectionDraft>) => void;
}

/** Provider, label, base URL and dialect. */
export function ConnectionFields({ draft, isFixed, onChange }: ConnectionFieldsProps) {
  const preset = presets[draft.provider];
  const hasOwnAddress = preset.baseUrl !== null;
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
              onChange={(event) => onChange(chosen(event.target.value as FormProvider))}
            >
              {Object.entries(presets).map(([provider, { name }]) => (
                <option key={provider} value={provider}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Labelled>
        <TextField
          name="Label"
          value={draft.label}
          maxLength={80}
          placeholder="e.g. work"
          onChange={(label) => onChange({ label })}
        />
      </div>
      <TextField
        name="Base URL"
        isCode
        value={isFixed ? draft.baseUrl : (preset.baseUrl ?? draft.baseUrl)}
        readOnly={isFixed || hasOwnAddress}
        placeholder={preset.placeholder}
        maxLength={2048}
        onChange={(baseUrl) => onChange({ baseUrl })}
      />
      {!hasOwnAddress && !isFixed && (
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

function chosen(provider: FormProvider): Partial<ConnectionDraft> {
  return { provider, dialect: presets[provider].dialect };
}
