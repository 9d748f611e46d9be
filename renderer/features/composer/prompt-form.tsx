import { useState } from 'react';
import type { FormEvent, KeyboardEvent } from 'react';
import type { Prompt } from '../../../electron/contract/model/preset.ts';
import { Labelled } from '../../components/labelled.tsx';
import { isComposing } from '../../lib/send-key.ts';
import { useFirstFocus } from '../../lib/use-first-focus.ts';
import type { Template } from '../../lib/prompt-template.ts';

interface PromptFormProps {
  readonly prompt: Prompt;
  readonly template: Template;
  readonly onInsert: (values: ReadonlyMap<string, string>) => void;
  readonly onClose: () => void;
}

/** Asks for the variables of a prompt, in the order in which they stand in it. */
export function PromptForm({ prompt, template: { variables }, onInsert, onClose }: PromptFormProps) {
  const [values, setValues] = useState<ReadonlyMap<string, string>>(
    () => new Map(variables.map(({ name, defaultValue }) => [name, defaultValue])),
  );
  const firstRef = useFirstFocus<HTMLTextAreaElement>();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onInsert(values);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposing(event)) return;
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter' && !event.shiftKey && event.target instanceof HTMLTextAreaElement)
      onInsert(values);
    else return;
    event.preventDefault();
  };
  return (
    <form
      aria-label={`Prompt ${prompt.name}`}
      className="flex min-h-0 flex-col gap-3 px-3 pt-2 pb-2.5"
      onSubmit={submit}
      onKeyDown={onKeyDown}
    >
      <h2 className="font-semibold" dir="auto">
        {prompt.name}
      </h2>
      <div className="-mx-1 flex min-h-0 flex-col gap-3 overflow-y-auto px-1 pb-1">
        {variables.map(({ name }, index) => (
          <Labelled key={name} name={name}>
            {(id) => (
              <textarea
                id={id}
                dir="auto"
                rows={1}
                ref={index === 0 ? firstRef : undefined}
                value={values.get(name) ?? ''}
                className="field field-sizing-content h-auto max-h-32 min-h-[34px] resize-none py-1.5 leading-5"
                onFocus={(event) => event.target.select()}
                onChange={(event) => setValues(new Map(values).set(name, event.target.value))}
              />
            )}
          </Labelled>
        ))}
      </div>
      <div className="flex items-center gap-2">
        <button type="submit" className="button button-primary">
          Insert
        </button>
        <button type="button" className="button button-quiet" onClick={onClose}>
          Cancel
        </button>
        <span className="ml-auto text-[12px] text-ink-3" aria-hidden>
          Enter inserts, Shift+Enter breaks the line
        </span>
      </div>
    </form>
  );
}
