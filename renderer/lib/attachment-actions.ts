import type { WireError } from '../../electron/contract/app-error.ts';
import type { Attachment } from '../../electron/contract/model/attachment.ts';
import { changeDraftFiles, hasDraftFiles } from './attachment-store.ts';
import { request, RequestError, toWireError } from './ipc-client.ts';
import { hideToastAbout, showToast, useView } from './view-store.ts';

/** As main's own limit: a larger file is not even read. */
const MAX_FILE_BYTES = 32 * 1_048_576;
/** A text longer than this, in UTF-16 units, is pasted as a file: so much text in one field makes every key press slow. */
export const MAX_PASTED_LENGTH = 100_000;
const SAVED_MS = 2_500;

interface Source {
  readonly name: string;
  readonly add: (isKeyIntended: boolean) => Promise<Attachment>;
}

let lastId = 0;
/** One file after the other, so that they keep their order and no more than one is in memory. */
let last: Promise<void> = Promise.resolve();

/** Reads the files of a draft from main once. */
export async function loadDraftFiles(conversationId: string | null): Promise<void> {
  if (hasDraftFiles(conversationId)) return;
  const files = await request('attachments.draft', { conversationId }).catch(() => []);
  changeDraftFiles(conversationId, (draft) => ({
    files: [...files, ...draft.files.filter(({ id }) => files.every((known) => known.id !== id))],
  }));
}

/** Lets the person pick files in the system's dialog. */
export async function pickFiles(conversationId: string | null): Promise<void> {
  try {
    const { files, isCut } = await request('attachments.pick', {});
    const sources = files.map(({ pickId, name }) => ({
      name,
      add: (isKeyIntended: boolean) =>
        request('attachments.addPicked', { conversationId, pickId, isKeyIntended }),
    }));
    addAll(conversationId, sources);
    if (isCut) {
      const details = { max: files.length };
      addProblem(conversationId, { code: 'attachment/too-many', message: 'Too many were picked.', details });
    }
  } catch (error) {
    addProblem(conversationId, toWireError(error));
  }
}

/** Adds files that were dropped or pasted. */
export function attachFiles(conversationId: string | null, files: readonly File[]): void {
  const sources = files.map((file) => ({
    name: file.name,
    add: async (isKeyIntended: boolean) =>
      request('attachments.add', {
        conversationId,
        name: file.name,
        bytes: await readFile(file),
        isKeyIntended,
      }),
  }));
  addAll(conversationId, sources);
}

/** Adds a text that is too long for the composer. */
export function attachText(conversationId: string | null, text: string): void {
  const name = 'Pasted text.txt';
  const bytes = new TextEncoder().encode(text);
  const add = (isKeyIntended: boolean) =>
    request('attachments.add', { conversationId, name, bytes, isKeyIntended });
  addAll(conversationId, [{ name, add }]);
}

/** Takes a file off a draft at once, and offers the way back for as long as there is one. */
export async function removeDraftFile(
  conversationId: string | null,
  { id, name }: Attachment,
): Promise<void> {
  try {
    const { undoMs } = await request('attachments.remove', { conversationId, id });
    forgetDraftFiles(conversationId, [id]);
    showToast({
      text: `${name} removed`,
      about: draftFilesTopic(conversationId),
      undo: () => void restore(conversationId, id),
      durationMs: undoMs,
    });
  } catch (error) {
    addProblem(conversationId, toWireError(error));
  }
}

/** What a removed file belongs to; once that is sent there is nothing to put it back into. */
function draftFilesTopic(conversationId: string | null): string {
  return `files of ${conversationId ?? 'the new chat'}`;
}

/** A draft was sent with these files. */
export function endDraftFiles(conversationId: string | null, sentIds: readonly string[]): void {
  forgetDraftFiles(conversationId, sentIds);
  hideToastAbout(draftFilesTopic(conversationId));
}

function forgetDraftFiles(conversationId: string | null, ids: readonly string[]): void {
  changeDraftFiles(conversationId, ({ files }) => ({ files: files.filter(({ id }) => !ids.includes(id)) }));
}

/** Takes away what was said about a file that could not be added. */
export function dismissFileProblem(conversationId: string | null, problemId: number): void {
  changeDraftFiles(conversationId, ({ problems }) => ({
    problems: problems.filter(({ id }) => id !== problemId),
  }));
}

/** Saves a file where the person says in the system's dialog. */
export async function saveFile({ id }: Attachment): Promise<void> {
  try {
    const { outcome } = await request('attachments.save', { id });
    if (outcome === 'saved') showToast({ text: 'Saved', undo: null, durationMs: SAVED_MS });
  } catch (error) {
    const { conversationId } = useView.getState();
    useView.setState({ actionError: { conversationId, error: toWireError(error), retry: null } });
  }
}

function addAll(conversationId: string | null, sources: readonly Source[], isKeyIntended = false): void {
  const waiting = sources.map((source) => ({ ...source, id: nextId() }));
  changeDraftFiles(conversationId, ({ pending }) => ({
    pending: [...pending, ...waiting.map(({ id, name }) => ({ id, name }))],
    // What was said about the last files has been seen.
    problems: [],
  }));
  for (const source of waiting) last = last.then(() => addOne(conversationId, source, isKeyIntended));
}

async function addOne(
  conversationId: string | null,
  source: Source & { readonly id: number },
  isKeyIntended: boolean,
): Promise<void> {
  try {
    const added = await source.add(isKeyIntended);
    changeDraftFiles(conversationId, ({ files }) => ({ files: [...files, added] }));
  } catch (error) {
    const wire = toWireError(error);
    const onAttachAnyway = (): void => addAll(conversationId, [source], true);
    addProblem(conversationId, wire, wire.code === 'secret/key-in-message' ? onAttachAnyway : null);
  } finally {
    changeDraftFiles(conversationId, ({ pending }) => ({
      pending: pending.filter(({ id }) => id !== source.id),
    }));
  }
}

function addProblem(
  conversationId: string | null,
  error: WireError,
  onAttachAnyway: (() => void) | null = null,
): void {
  changeDraftFiles(conversationId, ({ problems }) => ({
    problems: [...problems, { id: nextId(), error, onAttachAnyway }],
  }));
}

async function restore(conversationId: string | null, id: string): Promise<void> {
  try {
    const files = await request('attachments.restore', { conversationId, id });
    changeDraftFiles(conversationId, () => ({ files }));
  } catch (error) {
    addProblem(conversationId, toWireError(error));
  }
}

async function readFile(file: File): Promise<Uint8Array> {
  const details = { name: file.name };
  if (file.size > MAX_FILE_BYTES) {
    throw new RequestError({
      code: 'attachment/too-large',
      message: 'The file is too large.',
      details: { ...details, byteCount: file.size, maxBytes: MAX_FILE_BYTES },
    });
  }
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    // A folder, or a file that went away meanwhile.
    throw new RequestError({ code: 'attachment/unreadable', message: 'The file cannot be read.', details });
  }
}

function nextId(): number {
  lastId += 1;
  return lastId;
}
