import type { z } from 'zod';
import { AppError } from '../../contract/app-error.ts';
import type { Preset, Prompt } from '../../contract/model/preset.ts';
import { salvageEntries } from '../documents/salvage-entries.ts';
import type { NoticeBoard } from '../notices/notice-board.ts';
import type { DocumentStore, Logger } from '../ports.ts';
import { presetsDocumentSchema, storedPresetSchema, storedPromptSchema } from './presets-document.ts';

/** Most characters of JSON in the file: what mending a damaged one can still read. */
const MAX_FILE_LENGTH = 3_000_000;

/** What the file holds. */
export interface LibraryContent {
  readonly presets: readonly Preset[];
  readonly prompts: readonly Prompt[];
}

/** Presets and prompts over one small file. */
export class PresetLibrary {
  readonly #file: DocumentStore;
  readonly #notices: NoticeBoard;
  readonly #logger: Logger;
  #content: LibraryContent;
  /** Entries of the file this version cannot read; written back unchanged. */
  #unread: { readonly presets: readonly unknown[]; readonly prompts: readonly unknown[] } = {
    presets: [],
    prompts: [],
  };

  constructor(file: DocumentStore, notices: NoticeBoard, logger: Logger) {
    this.#file = file;
    this.#notices = notices;
    this.#logger = logger;
    this.#content = this.#load();
  }

  read(): LibraryContent {
    return this.#content;
  }

  /** Replaces one of the lists or both. Throws `storage/*`, `library/full`, and then changes nothing. */
  write(change: Partial<LibraryContent>): void {
    const content = { ...this.#content, ...change };
    const document = {
      version: 1,
      presets: [...this.#unread.presets, ...content.presets],
      prompts: [...this.#unread.prompts, ...content.prompts],
    };
    if (JSON.stringify(document).length > MAX_FILE_LENGTH)
      throw new AppError('library/full', 'The presets and prompts take too much room.');
    this.#file.write(document);
    this.#content = content;
  }

  #load(): LibraryContent {
    const content = this.#file.read();
    if (content.kind === 'absent') return { presets: [], prompts: [] };
    const document = content.kind === 'value' ? presetsDocumentSchema.safeParse(content.value) : null;
    if (document?.success) return this.#parseAll(document.data);
    this.#notices.raiseDamagedFile(
      'your presets and prompts',
      content.kind === 'damaged' ? content.keptAs : this.#file.setAside(),
    );
    const text = content.kind === 'damaged' ? content.text : JSON.stringify(content.value);
    const entries = salvageEntries(text);
    return this.#keepSalvaged({
      presets: split(storedPresetSchema, entries).read,
      prompts: split(storedPromptSchema, entries).read,
    });
  }

  /** Writes what was saved from a damaged file, so that the next start finds it. */
  #keepSalvaged(content: LibraryContent): LibraryContent {
    try {
      if (content.presets.length + content.prompts.length > 0) this.#file.write({ version: 1, ...content });
    } catch (error) {
      // They are in memory and in the file that was set aside; the next change writes them.
      this.#logger.warn('could not write the presets that were saved from a damaged file', { error });
    }
    return content;
  }

  #parseAll(document: z.infer<typeof presetsDocumentSchema>): LibraryContent {
    const presets = split(storedPresetSchema, document.presets);
    const prompts = split(storedPromptSchema, document.prompts);
    this.#unread = { presets: presets.unread, prompts: prompts.unread };
    if (presets.unread.length + prompts.unread.length > 0) {
      this.#notices.raise(
        'storage/corrupt',
        'Some presets or prompts made no sense',
        'They are kept in the file but are not shown. All others are as they were.',
      );
    }
    return { presets: presets.read, prompts: prompts.read };
  }
}

/** Those that make sense, the first of each id, and the rest. */
function split<T extends { readonly id: string }>(
  schema: z.ZodType<T>,
  entries: readonly unknown[],
): { readonly read: readonly T[]; readonly unread: readonly unknown[] } {
  const read = new Map<string, T>();
  const unread: unknown[] = [];
  for (const entry of entries) {
    const parsed = schema.safeParse(entry);
    if (parsed.success && !read.has(parsed.data.id)) read.set(parsed.data.id, parsed.data);
    else unread.push(entry);
  }
  return { read: [...read.values()], unread };
}
