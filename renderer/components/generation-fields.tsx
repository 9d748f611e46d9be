import { useId } from 'react';
import type { ModelCapabilities } from '../../electron/contract/model/capabilities.ts';
import type { Effort, Generation, Verbosity } from '../../electron/contract/model/generation.ts';
import { estimateTokens } from '../lib/estimate-tokens.ts';
import { counted } from '../lib/money.ts';
import { CheckRow } from './check-row.tsx';

/** The contract's longest system prompt, in UTF-16 units. */
const MAX_SYSTEM_PROMPT_LENGTH = 100_000;

const EFFORTS: readonly (readonly [Effort, string])[] = [
  ['none', 'None'],
  ['minimal', 'Minimal'],
  ['low', 'Low'],
  ['medium', 'Medium'],
  ['high', 'High'],
  ['xhigh', 'Very high'],
];

const VERBOSITIES: readonly (readonly [Verbosity, string])[] = [
  ['low', 'Short'],
  ['medium', 'Medium'],
  ['high', 'Long'],
];

interface GenerationFieldsProps {
  readonly generation: Generation;
  /** What the model can do; undefined while that is not known: then everything is offered. */
  readonly capabilities: ModelCapabilities | undefined;
  /** '' where any model may answer. */
  readonly model: string;
  /** `isTyping`: more of it is likely to come. */
  readonly onChange: (change: Partial<Generation>, isTyping: boolean) => void;
  readonly onBlur?: () => void;
}

/** How answers are made. What the model cannot do is not offered, and why stands beside it. */
export function GenerationFields(props: GenerationFieldsProps) {
  const { generation, capabilities, model, onChange } = props;
  const { effort, verbosity, usesWebSearch, makesImages } = generation;
  return (
    <div className="flex flex-col gap-4">
      <SystemPrompt {...props} />
      <div className="grid grid-cols-2 items-start gap-3">
        <Choice
          name="Effort"
          value={effort}
          options={EFFORTS}
          offered={capabilities?.efforts ?? null}
          refusal={`${model} takes no effort.`}
          onChange={(value) => onChange({ effort: value }, false)}
        />
        <Choice
          name="Verbosity"
          value={verbosity}
          options={VERBOSITIES}
          offered={capabilities?.verbosities ?? null}
          refusal={`${model} takes no verbosity.`}
          onChange={(value) => onChange({ verbosity: value }, false)}
        />
      </div>
      <div className="flex flex-col gap-3">
        <CheckRow
          name="Web search"
          isChecked={usesWebSearch}
          {...support(capabilities?.webSearch, usesWebSearch, {
            yes: 'The model may look things up on the web, through its provider.',
            no: `${model} cannot search the web here.`,
          })}
          onChange={(isChecked) => onChange({ usesWebSearch: isChecked }, false)}
        />
        <CheckRow
          name="Make pictures"
          isChecked={makesImages}
          {...support(capabilities?.imageGeneration, makesImages, {
            yes: 'The model may answer with pictures.',
            no: `${model} cannot make pictures here.`,
          })}
          onChange={(isChecked) => onChange({ makesImages: isChecked }, false)}
        />
      </div>
    </div>
  );
}

function SystemPrompt({ generation: { systemPrompt }, onChange, onBlur }: GenerationFieldsProps) {
  const id = useId();
  const isFull = systemPrompt.length >= MAX_SYSTEM_PROMPT_LENGTH;
  return (
    <div>
      <div className="mb-1 flex items-baseline justify-between gap-3">
        <label htmlFor={id} className="font-medium">
          System prompt
        </label>
        <span id={`${id}-size`} className={`text-[12px] tabular-nums ${isFull ? 'text-warn' : 'text-ink-3'}`}>
          {describeSize(systemPrompt, isFull)}
        </span>
      </div>
      <textarea
        id={id}
        dir="auto"
        rows={4}
        maxLength={MAX_SYSTEM_PROMPT_LENGTH}
        value={systemPrompt}
        placeholder="What holds for every answer: who it is for, how it is written, what to leave out"
        aria-describedby={`${id}-size`}
        className="field field-sizing-content h-auto max-h-[34vh] min-h-24 resize-none py-2 leading-5"
        onChange={(event) => onChange({ systemPrompt: event.target.value }, true)}
        onBlur={onBlur}
      />
    </div>
  );
}

function describeSize(systemPrompt: string, isFull: boolean): string {
  if (isFull) return 'Full: 100,000 characters';
  return systemPrompt === '' ? '' : `about ${counted(estimateTokens(systemPrompt), 'token')}`;
}

interface ChoiceProps<T extends string> {
  readonly name: string;
  readonly value: T | null;
  readonly options: readonly (readonly [T, string])[];
  /** What the model takes; null when not known. */
  readonly offered: readonly T[] | null;
  /** Says that it takes none of them. */
  readonly refusal: string;
  readonly onChange: (value: T | null) => void;
}

function Choice<T extends string>({ name, value, options, offered, refusal, onChange }: ChoiceProps<T>) {
  const id = useId();
  const isTaken = (option: T): boolean => offered === null || offered.includes(option);
  const isRefused = offered?.length === 0;
  const isIdle = value !== null && !isTaken(value);
  const note = isRefused ? refusal : isIdle ? 'Not taken by this model, so it is not sent.' : '';
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block font-medium">
        {name}
      </label>
      <select
        id={id}
        className="field"
        value={value ?? ''}
        disabled={isRefused && value === null}
        aria-describedby={note === '' ? undefined : `${id}-note`}
        // `find`: what a select reports is one of its own options.
        onChange={({ target }) => onChange(options.find(([each]) => each === target.value)?.[0] ?? null)}
      >
        <option value="">As the model does</option>
        {options
          .filter(([option]) => isTaken(option) || option === value)
          .map(([option, label]) => (
            <option key={option} value={option}>
              {label}
            </option>
          ))}
      </select>
      {note !== '' && (
        <p id={`${id}-note`} className="mt-1 text-[12px] leading-4 text-ink-3">
          {note}
        </p>
      )}
    </div>
  );
}

/** What is set stays and can be taken back, though it is not sent. */
function support(
  capability: 'yes' | 'no' | 'unknown' | undefined,
  isSet: boolean,
  notes: { readonly yes: string; readonly no: string },
): { readonly note: string; readonly isDisabled: boolean } {
  if (capability === 'no') return { note: notes.no, isDisabled: !isSet };
  const doubt = capability === 'unknown' ? ' Whether this model can is not known; its answer will show.' : '';
  return { note: notes.yes + doubt, isDisabled: false };
}
