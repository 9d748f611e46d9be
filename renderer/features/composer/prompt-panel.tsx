import { useEffect, useRef } from 'react';
import type { FocusEvent } from 'react';
import type { Prompt } from '../../../electron/contract/model/preset.ts';
import { useFirstFocus } from '../../lib/use-first-focus.ts';
import { showDialog } from '../../lib/view-store.ts';
import { PromptForm } from './prompt-form.tsx';
import type { PromptPanelControl } from './use-prompt-panel.ts';

/** The list of prompts above the composer, or the form for the variables of one. */
export function PromptPanel({ panel }: { readonly panel: PromptPanelControl }) {
  const { state } = panel;
  if (state.kind === 'closed') return null;
  const closeIfLeft = (event: FocusEvent): void => {
    // A form holds what somebody wrote: only Esc, Cancel and Insert end it.
    if (state.kind === 'list' && !event.currentTarget.contains(event.relatedTarget)) panel.close();
  };
  return (
    <div
      className="popup absolute inset-x-0 bottom-full z-20 mb-2 flex max-h-[50vh] flex-col p-1"
      onBlur={closeIfLeft}
    >
      {state.kind === 'form' ? (
        <PromptForm
          key={state.prompt.id}
          prompt={state.prompt}
          template={state.template}
          onInsert={panel.insert}
          onClose={panel.close}
        />
      ) : (
        <>
          {state.kind === 'list' && <Filter panel={panel} filter={state.filter} />}
          <PromptList panel={panel} />
        </>
      )}
    </div>
  );
}

function Filter({ panel, filter }: { readonly panel: PromptPanelControl; readonly filter: string }) {
  const { listId, matches, highlighted } = panel;
  const filterRef = useFirstFocus<HTMLInputElement>();
  return (
    <div className="flex items-center gap-2 border-b border-line pr-1 pb-1">
      <input
        role="combobox"
        aria-label="Find a prompt"
        aria-expanded={matches.length > 0}
        aria-controls={listId}
        aria-activedescendant={matches.length > 0 ? `${listId}-${highlighted}` : undefined}
        aria-autocomplete="list"
        ref={filterRef}
        placeholder="Find a prompt"
        value={filter}
        className="h-8 min-w-0 flex-1 bg-transparent px-2.5 outline-none placeholder:text-ink-3"
        onChange={(event) => panel.setFilter(event.target.value)}
        onKeyDown={(event) => panel.takeKey(event)}
      />
      <button
        type="button"
        className="button button-small button-quiet"
        onClick={() => {
          panel.close();
          showDialog({ kind: 'settings', tab: 'prompts' });
        }}
      >
        {panel.hasPrompts ? 'Manage prompts' : 'New prompt'}
      </button>
    </div>
  );
}

function PromptList({ panel }: { readonly panel: PromptPanelControl }) {
  const { listId, matches, highlighted, hasPrompts } = panel;
  if (matches.length === 0) {
    const words = hasPrompts ? 'No prompt has that name.' : 'There are no prompts yet.';
    return (
      <p role="status" className="px-2.5 py-2 text-ink-3">
        {words}
      </p>
    );
  }
  return (
    <div
      id={listId}
      role="listbox"
      aria-label="Prompts"
      className="flex min-h-0 flex-col overflow-y-auto pt-1"
    >
      {matches.map((prompt, index) => (
        <Option
          key={prompt.id}
          id={`${listId}-${index}`}
          prompt={prompt}
          isHighlighted={index === highlighted}
          onHighlight={() => panel.highlight(index)}
          onPick={() => panel.pick(prompt)}
        />
      ))}
    </div>
  );
}

interface OptionProps {
  readonly id: string;
  readonly prompt: Prompt;
  readonly isHighlighted: boolean;
  readonly onHighlight: () => void;
  readonly onPick: () => void;
}

function Option({ id, prompt, isHighlighted, onHighlight, onPick }: OptionProps) {
  const ref = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isHighlighted) ref.current?.scrollIntoView({ block: 'nearest' });
  }, [isHighlighted]);
  return (
    <button
      type="button"
      // Its keys are those of the field that keeps the focus.
      tabIndex={-1}
      ref={ref}
      id={id}
      role="option"
      aria-selected={isHighlighted}
      className={`menu-item shrink-0 text-left ${isHighlighted ? 'bg-selected' : ''}`}
      onMouseMove={onHighlight}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPick}
    >
      <span className="shrink-0 font-medium" dir="auto">
        {prompt.name}
      </span>
      <span className="min-w-0 truncate text-ink-3" dir="auto">
        {prompt.text.slice(0, 200).replaceAll(/\s+/g, ' ')}
      </span>
    </button>
  );
}
