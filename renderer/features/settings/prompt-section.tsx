import { useMutation, useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { removePrompt } from '../../lib/preset-actions.ts';
import { promptsQuery } from '../../lib/queries.ts';
import { ErrorCard } from '../../components/error-card.tsx';
import { toWireError } from '../../lib/ipc-client.ts';
import { LibraryRow } from './library-row.tsx';
import { PromptEditor } from './prompt-editor.tsx';
import { RemovalLine } from './removal-line.tsx';
import { Section } from './section.tsx';

/** Texts to ask with again. */
export function PromptSection() {
  const prompts = useQuery(promptsQuery).data ?? [];
  /** Which one is being edited; 'new' is one that is not there yet. */
  const [editedId, setEditedId] = useState<string | null>(null);
  const close = (): void => setEditedId(null);
  const removal = useMutation({ mutationFn: removePrompt });
  return (
    <Section
      title="Prompt library"
      note="Texts to ask with again. In the composer: the button Prompts, or / in an empty message."
      control={
        <button type="button" className="button button-small" onClick={() => setEditedId('new')}>
          <Plus size={13} aria-hidden />
          New prompt
        </button>
      }
    >
      {removal.error !== null && (
        <ErrorCard error={toWireError(removal.error)} connectionId={null} onRetry={null} />
      )}
      {removal.data !== undefined && (
        <RemovalLine key={removal.submittedAt} removal={removal.data} onOver={removal.reset} />
      )}
      {editedId === 'new' && <PromptEditor prompt={null} onDone={close} />}
      {prompts.length === 0 ? (
        editedId === null && <p className="text-ink-3">There are no prompts yet.</p>
      ) : (
        <ul aria-label="Prompts">
          {[...prompts]
            .sort((one, other) => one.name.localeCompare(other.name))
            .map((prompt) => (
              <LibraryRow
                key={prompt.id}
                name={prompt.name}
                summary={prompt.text.slice(0, 200).replaceAll(/\s+/g, ' ')}
                isEditing={editedId === prompt.id}
                onEdit={() => setEditedId(editedId === prompt.id ? null : prompt.id)}
                onRemove={() => removal.mutate(prompt)}
              >
                {editedId === prompt.id && <PromptEditor prompt={prompt} onDone={close} />}
              </LibraryRow>
            ))}
        </ul>
      )}
    </Section>
  );
}
