import { create } from 'zustand';
import type { WireError } from '../../electron/contract/app-error.ts';
import type { Attachment } from '../../electron/contract/model/attachment.ts';

/** A file on its way to main. */
export interface PendingFile {
  readonly id: number;
  readonly name: string;
}

/** Why a file is not among those of the draft. */
export interface FileProblem {
  readonly id: number;
  readonly error: WireError;
  /** Takes the file although there seems to be a key in it; null for any other problem. */
  readonly onAttachAnyway: (() => void) | null;
}

/** The files of one draft. */
export interface DraftFiles {
  readonly files: readonly Attachment[];
  readonly pending: readonly PendingFile[];
  readonly problems: readonly FileProblem[];
}

interface AttachmentState {
  /** By conversation id; `new` is the new chat. Absent until read from main. */
  readonly drafts: Readonly<Record<string, DraftFiles>>;
}

const NONE: DraftFiles = { files: [], pending: [], problems: [] };

/** The files of drafts as main knows them, with those that are on their way. */
export const useAttachments = create<AttachmentState>(() => ({ drafts: {} }));

function keyOf(conversationId: string | null): string {
  return conversationId ?? 'new';
}

/** The files of a draft. */
export function useDraftFiles(conversationId: string | null): DraftFiles {
  return useAttachments((state) => state.drafts[keyOf(conversationId)] ?? NONE);
}

/** The files of a draft now. */
export function draftFilesOf(conversationId: string | null): DraftFiles {
  return useAttachments.getState().drafts[keyOf(conversationId)] ?? NONE;
}

/** Whether the files of a draft have been read. */
export function hasDraftFiles(conversationId: string | null): boolean {
  return useAttachments.getState().drafts[keyOf(conversationId)] !== undefined;
}

/** Changes what is known of the files of a draft. */
export function changeDraftFiles(
  conversationId: string | null,
  change: (draft: DraftFiles) => Partial<DraftFiles>,
): void {
  const key = keyOf(conversationId);
  useAttachments.setState(({ drafts }) => {
    const draft = drafts[key] ?? NONE;
    return { drafts: { ...drafts, [key]: { ...draft, ...change(draft) } } };
  });
}
