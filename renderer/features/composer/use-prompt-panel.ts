import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { KeyboardEvent, RefObject } from 'react';
import type { Prompt } from '../../../electron/contract/model/preset.ts';
import { writeDraft } from '../../lib/draft-store.ts';
import { fillTemplate, parseTemplate, type Template } from '../../lib/prompt-template.ts';
import { promptsQuery } from '../../lib/queries.ts';
import { isComposing } from '../../lib/send-key.ts';
import { findPrompts } from './find-prompts.ts';

/** A slash with more behind it than a name may have is a path, not a search. */
const MAX_SLASH_LENGTH = 81;

type State =
  | { readonly kind: 'closed' }
  /** Opened by a slash in an empty composer: what follows it is the filter, and the composer keeps the focus. */
  | { readonly kind: 'slash' }
  /** Opened by the button: has a filter of its own. */
  | { readonly kind: 'list'; readonly filter: string }
  | { readonly kind: 'form'; readonly prompt: Prompt; readonly template: Template; readonly range: Range };

/** Where in the draft a prompt goes, in UTF-16 units. */
interface Range {
  readonly start: number;
  readonly end: number;
}

interface PromptPanelOptions {
  readonly conversationId: string | null;
  readonly text: string;
  readonly textareaRef: RefObject<HTMLTextAreaElement | null>;
}

/** What the composer and the panel above it share. */
export interface PromptPanelControl {
  readonly state: State;
  readonly listId: string;
  readonly matches: readonly Prompt[];
  readonly hasPrompts: boolean;
  /** The index of the match that Enter takes. */
  readonly highlighted: number;
  /** For the text field that has the focus while the list is walked through. */
  readonly textareaProps: { readonly 'aria-controls'?: string; readonly 'aria-activedescendant'?: string };
  readonly open: () => void;
  readonly close: () => void;
  readonly setFilter: (filter: string) => void;
  readonly highlight: (index: number) => void;
  readonly pick: (prompt: Prompt) => void;
  readonly insert: (values: ReadonlyMap<string, string>) => void;
  /** Called with what the composer will hold. */
  readonly noteTyping: (next: string) => void;
  /** Called when the composer loses the focus. */
  readonly noteLeaving: () => void;
  /** Whether a key was meant for the list. */
  readonly takeKey: (event: KeyboardEvent) => boolean;
}

/** The list of prompts above the composer, and the form that asks for a prompt's variables. */
export function usePromptPanel({
  conversationId,
  text,
  textareaRef,
}: PromptPanelOptions): PromptPanelControl {
  const prompts = useQuery(promptsQuery).data ?? [];
  const listId = useId();
  const [wanted, setWanted] = useState<State>({ kind: 'closed' });
  const [index, setIndex] = useState(0);
  const filter = wanted.kind === 'slash' ? text.slice(1) : wanted.kind === 'list' ? wanted.filter : '';
  const matches = wanted.kind === 'slash' || wanted.kind === 'list' ? findPrompts(prompts, filter) : [];
  // A slash that finds nothing is the beginning of a message.
  const state: State = wanted.kind === 'slash' && matches.length === 0 ? { kind: 'closed' } : wanted;
  const highlighted = Math.min(index, Math.max(0, matches.length - 1));

  const show = (next: State): void => {
    setWanted(next);
    setIndex(0);
  };
  const close = (): void => {
    show({ kind: 'closed' });
    textareaRef.current?.focus();
  };
  const put = (inserted: string, range: Range): void => {
    show({ kind: 'closed' });
    const textarea = textareaRef.current;
    if (textarea === null) return;
    textarea.focus();
    textarea.setSelectionRange(range.start, range.end);
    // The one way that leaves the field's own undo whole; there is no other yet, though it is called deprecated.
    if (!document.execCommand(inserted === '' ? 'delete' : 'insertText', false, inserted))
      writeDraft(conversationId, text.slice(0, range.start) + inserted + text.slice(range.end));
  };
  const pick = (prompt: Prompt): void => {
    const caret = textareaRef.current?.selectionEnd ?? text.length;
    const isSearched = state.kind === 'slash';
    const range = isSearched ? { start: 0, end: text.length } : { start: caret, end: caret };
    const template = parseTemplate(prompt.text);
    if (template.variables.length === 0) return put(fillTemplate(template, new Map(), new Date()), range);
    // What was typed to find it is no part of the message, whether the form is filled in or not.
    if (isSearched) put('', range);
    show({ kind: 'form', prompt, template, range: { start: range.start, end: range.start } });
  };
  const takeKey = (event: KeyboardEvent): boolean => {
    if ((state.kind !== 'slash' && state.kind !== 'list') || isComposing(event)) return false;
    const match = matches[highlighted];
    if (event.key === 'Escape') close();
    else if (event.key === 'ArrowDown') setIndex((highlighted + 1) % Math.max(1, matches.length));
    else if (event.key === 'ArrowUp')
      setIndex((highlighted + matches.length - 1) % Math.max(1, matches.length));
    else if (event.key === 'Enter' && !event.shiftKey && match !== undefined) pick(match);
    else return false;
    event.preventDefault();
    return true;
  };
  const isWalkedFromComposer = state.kind === 'slash';
  return {
    state,
    listId,
    matches,
    hasPrompts: prompts.length > 0,
    highlighted,
    textareaProps: isWalkedFromComposer
      ? { 'aria-controls': listId, 'aria-activedescendant': `${listId}-${highlighted}` }
      : {},
    open: () => show({ kind: 'list', filter: '' }),
    close,
    setFilter: (next) => show({ kind: 'list', filter: next }),
    highlight: setIndex,
    pick,
    insert: (values) => {
      if (state.kind === 'form') put(fillTemplate(state.template, values, new Date()), state.range);
    },
    noteTyping(next) {
      const isSearch = next.startsWith('/') && !next.includes('\n') && next.length <= MAX_SLASH_LENGTH;
      if (text === '' && next === '/') show({ kind: 'slash' });
      else if (wanted.kind === 'slash') {
        setIndex(0);
        if (!isSearch) show({ kind: 'closed' });
      }
    },
    noteLeaving() {
      if (wanted.kind === 'slash') show({ kind: 'closed' });
    },
    takeKey,
  };
}
