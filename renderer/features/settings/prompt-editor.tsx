import { useMutation } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { FormEvent } from 'react';
import type { Prompt } from '../../../electron/contract/model/preset.ts';
import { ErrorCard } from '../../components/error-card.tsx';
import { Labelled, TextField } from '../../components/labelled.tsx';
import { toWireError } from '../../lib/ipc-client.ts';
import { savePrompt } from '../../lib/preset-actions.ts';
import { parseTemplate } from '../../lib/prompt-template.ts';
import { useFirstFocus } from '../../lib/use-first-focus.ts';
import { EditorForm } from './editor-form.tsx';

/** The contract's longest prompt, in UTF-16 units. */
const MAX_PROMPT_LENGTH = 100_000;

interface PromptEditorProps {
  /** null: a new one. */
  readonly prompt: Prompt | null;
  readonly onDone: () => void;
}

/** A prompt's name and text, and what it will ask for. */
export function PromptEditor({ prompt, onDone }: PromptEditorProps) {
  const noteId = useId();
  const nameRef = useFirstFocus<HTMLInputElement>();
  const [name, setName] = useState(prompt?.name ?? '');
  const [text, setText] = useState(prompt?.text ?? '');
  const isComplete = name.trim() !== '' && text.trim() !== '';
  const save = useMutation({
    mutationFn: () => savePrompt({ id: prompt?.id ?? null, name: name.trim(), text }),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isComplete) save.mutate();
  };
  return (
    <EditorForm
      name={prompt === null ? 'New prompt' : `Prompt ${prompt.name}`}
      isChanged={name !== (prompt?.name ?? '') || text !== (prompt?.text ?? '')}
      onSubmit={submit}
      onClose={onDone}
    >
      <TextField name="Name" value={name} maxLength={80} ref={nameRef} onChange={setName} />
      <Labelled name="Text">
        {(id) => (
          <textarea
            id={id}
            dir="auto"
            rows={4}
            maxLength={MAX_PROMPT_LENGTH}
            value={text}
            placeholder="Translate into {{language=English}}: "
            aria-describedby={noteId}
            className="field field-sizing-content h-auto max-h-[34vh] min-h-24 resize-none py-2 leading-5"
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Labelled>
      <p id={noteId} className="text-[12px] leading-4 text-ink-3">
        {describeVariables(text)}
      </p>
      {save.error !== null && (
        <ErrorCard error={toWireError(save.error)} connectionId={null} onRetry={null} />
      )}
      <div className="flex items-center gap-2">
        <button type="submit" className="button button-primary" disabled={!isComplete || save.isPending}>
          Save prompt
        </button>
        <button type="button" className="button button-quiet" onClick={onDone}>
          Cancel
        </button>
      </div>
    </EditorForm>
  );
}

function describeVariables(text: string): string {
  const { variables } = parseTemplate(text);
  if (variables.length === 0)
    return '{{name}} is asked for when the prompt is used; {{name=default}} has an answer already; {{date}} is today.';
  const names = variables.map(({ name, defaultValue }) =>
    defaultValue === '' ? name : `${name} (${defaultValue})`,
  );
  return `Asks for ${new Intl.ListFormat('en', { type: 'conjunction' }).format(names)}.`;
}
