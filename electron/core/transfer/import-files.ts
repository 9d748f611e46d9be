import { isUtf8 } from 'node:buffer';
import { AppError } from '../../contract/app-error.ts';
import type { ImportReport, ItemProblem } from '../../contract/model/transfer.ts';
import { ImportStage } from '../history/transfer/import-stage.ts';
import type { TransferredAttachment, TransferredConversation } from '../history/transfer/transferred.ts';
import { readConversation, type WantedPicture } from './chatgpt/read-conversation.ts';
import { ImportTally } from './import-tally.ts';
import { ElementSplitter, type SplitEvent } from './json/element-splitter.ts';
import { OWN_FORMAT, OWN_VERSION } from './own/own-format.ts';
import {
  isWaitingForFiles,
  readOwnItem,
  readPlainFile,
  withoutFalseFiles,
  type OwnItem,
} from './own/read-own-item.ts';
import type { ImportSource, SourceDocument } from './source/import-source.ts';
import type { SniffedFile } from './sniff-file.ts';
import type { TransferContext } from './transfer-context.ts';

/** Most bytes of one conversation: 128 MiB. */
const MAX_CONVERSATION_BYTES = 128 * 1_024 ** 2;
/** Most bytes of one file, as base64: 96 MiB. */
const MAX_FILE_BYTES = 96 * 1_024 ** 2;
/** Brackets inside brackets; real exports have about a dozen. */
const MAX_DEPTH = 200;
const MAX_ELEMENTS = 1_000_000;
/** Most pictures of one message. */
const MAX_PICTURES = 20;

/** Which kind of document is being read; unknown until its beginning has been seen. */
type Form = 'unknown' | 'own' | 'chatgpt';

/** Reads documents into a stage. What is damaged is told of and passed over; the rest is taken in. */
export class FileImport {
  readonly #context: TransferContext;
  readonly #source: ImportSource;
  readonly #stage: ImportStage;
  readonly #now: number;
  readonly #tally = new ImportTally();
  /** Files of our own documents, by hash. */
  readonly #files = new Map<string, SniffedFile>();
  /** Pictures of the archive, by pointer; null: there is none. */
  readonly #pictures = new Map<string, TransferredAttachment | null>();
  #form: Form = 'unknown';
  #hasFormat = false;
  #document = '';
  /** Where in the document conversations are that name a file which has not been met yet. */
  #postponed = new Set<string>();
  #isSecondReading = false;

  constructor(
    context: TransferContext,
    options: { readonly source: ImportSource; readonly stage: ImportStage; readonly now: number },
  ) {
    this.#context = context;
    this.#source = options.source;
    this.#stage = options.stage;
    this.#now = options.now;
  }

  /** Reads all documents. Throws `transfer/*`, `storage/*`. */
  async run(): Promise<ImportReport> {
    const { documents } = this.#source;
    const total = documents.reduce((sum, { byteCount }) => sum + byteCount, 0);
    let done = 0;
    const advance = (bytes: number): void => {
      done += bytes;
      // A file can grow while it is read.
      this.#context.report({ phase: 'reading', unit: 'bytes', done: Math.min(done, total), total });
    };
    advance(0);
    const postponed = new Map<SourceDocument, ReadonlySet<string>>();
    for (const document of documents) {
      this.#document = documents.length > 1 ? document.name : '';
      this.#postponed = new Set();
      await this.#readDocument(document, advance);
      if (this.#postponed.size > 0) postponed.set(document, this.#postponed);
    }
    for (const [document, places] of postponed) await this.#readAgain(document, places);
    return this.#tally.report();
  }

  /** Takes what was met before a file that it names; now all files are known. */
  async #readAgain(document: SourceDocument, places: ReadonlySet<string>): Promise<void> {
    this.#form = 'own';
    this.#isSecondReading = true;
    await this.#split(document, {
      take: async (event) => {
        this.#context.assertGoesOn();
        if (event.kind === 'element' && places.has(placeOf(event))) await this.#takeElement(event);
      },
      advance: () => undefined,
    });
  }

  async #readDocument(document: SourceDocument, advance: (bytes: number) => void): Promise<void> {
    this.#form = 'unknown';
    this.#hasFormat = false;
    await this.#split(document, { take: (event) => this.#take(event), advance });
  }

  async #split(
    document: SourceDocument,
    {
      take,
      advance,
    }: {
      readonly take: (event: SplitEvent) => Promise<void>;
      readonly advance: (bytes: number) => void;
    },
  ): Promise<void> {
    const splitter = new ElementSplitter({
      lists: { '': MAX_CONVERSATION_BYTES, conversations: MAX_CONVERSATION_BYTES, files: MAX_FILE_BYTES },
      maxDepth: MAX_DEPTH,
      maxElements: MAX_ELEMENTS,
      firstKeys: ['title', 'id', 'conversation_id', 'hash'],
      isElement,
    });
    for await (const piece of document.read()) {
      this.#context.assertGoesOn();
      for (const event of splitter.push(piece)) await take(event);
      advance(piece.byteLength);
    }
    for (const event of splitter.end()) await take(event);
  }

  async #take(event: SplitEvent): Promise<void> {
    this.#context.assertGoesOn();
    switch (event.kind) {
      case 'field':
        this.#takeField(event.key, event.bytes);
        return;
      case 'unreadable':
        throw event.problem === 'too-many'
          ? new AppError('transfer/too-large', 'The file has too many items.', {
              details: { maxItems: MAX_ELEMENTS },
            })
          : unknownFormat();
      case 'damaged': {
        this.#settleForm(event.list);
        const kind = event.list === 'files' ? 'file' : 'conversation';
        this.#fail(kind, { ...event, title: readTitle(event.beginning) });
        return;
      }
      case 'element':
        this.#settleForm(event.list);
        await this.#takeElement(event);
        return;
      default:
        event satisfies never;
    }
  }

  #takeField(key: string, bytes: Uint8Array): void {
    const value = parse(bytes);
    if (key === 'format' && value === OWN_FORMAT) this.#hasFormat = true;
    if (key === 'version' && this.#hasFormat && value !== OWN_VERSION)
      throw new AppError('transfer/newer-version', 'A newer Latchkey wrote this file.');
  }

  /** A list that is the document is ChatGPT's; ours have said what they are before their lists. */
  #settleForm(list: string): void {
    if (this.#form !== 'unknown') return;
    if (list !== '' && !this.#hasFormat) throw unknownFormat();
    this.#form = list === '' ? 'chatgpt' : 'own';
  }

  async #takeElement(event: SplitEvent & { readonly kind: 'element' }): Promise<void> {
    const { bytes, list, number } = event;
    const kind = list === 'files' ? 'file' : 'conversation';
    const file = this.#form === 'own' ? readPlainFile(bytes) : null;
    const place = placeOf(event);
    if (file !== null) {
      await this.#takeOwn(file, { number, title: null, place });
      return;
    }
    const value = isUtf8(bytes) ? parse(bytes) : undefined;
    const title = titleOf(value) ?? readTitle(bytes.subarray(0, 4_096));
    if (value === undefined) {
      this.#fail(kind, { number, title, problem: isUtf8(bytes) ? 'syntax' : 'not-utf8' });
      return;
    }
    if (this.#form === 'own') await this.#takeOwn(readOwnItem(value), { number, title, place });
    else await this.#takeChatGPT(value, { number, title });
  }

  async #takeOwn(
    item: OwnItem,
    { place, ...named }: { readonly number: number; readonly title: string | null; readonly place: string },
  ): Promise<void> {
    if (item.kind === 'problem') {
      this.#fail(item.item, { ...named, problem: item.problem });
    } else if (item.kind === 'file') {
      this.#files.set(item.hash, await this.#keepFile(item));
    } else if (!this.#isSecondReading && isWaitingForFiles(item.conversation, this.#files)) {
      this.#postponed.add(place);
    } else {
      const { conversation, falseCount } = withoutFalseFiles(item.conversation, this.#files);
      this.#tally.leftOutFiles(falseCount);
      this.#add(conversation, 'exact');
    }
  }

  /** What no message can have is not kept; whoever names it is told. */
  async #keepFile({ bytes, sniffed }: OwnItem & { readonly kind: 'file' }): Promise<SniffedFile> {
    if (sniffed.kind === 'image') return { ...sniffed, size: await this.#context.keepStoredPicture(bytes) };
    if (sniffed.kind !== null) await this.#context.keep(bytes);
    return sniffed;
  }

  async #takeChatGPT(
    value: unknown,
    place: { readonly number: number; readonly title: string | null },
  ): Promise<void> {
    const read = readConversation(value, this.#now);
    if (read.kind === 'problem') {
      this.#fail('conversation', { ...place, problem: read.problem });
      return;
    }
    this.#tally.leftOutMessages(read.leftOutMessageCount);
    this.#tally.leftOutFiles(read.leftOutFileCount);
    if (read.conversation.messages.length === 0) this.#tally.empty();
    else this.#add(await this.#withPictures(read.conversation, read.pictures), 'rewritten');
  }

  async #withPictures(
    conversation: TransferredConversation,
    wanted: readonly WantedPicture[],
  ): Promise<TransferredConversation> {
    if (wanted.length === 0) return conversation;
    const byMessage = new Map<string, TransferredAttachment[]>();
    for (const { messageId, pointer } of wanted) {
      const list = byMessage.get(messageId) ?? [];
      const picture = list.length < MAX_PICTURES ? await this.#picture(pointer, list.length + 1) : null;
      if (picture === null) this.#tally.leftOutFiles(1);
      else byMessage.set(messageId, [...list, picture]);
    }
    const messages = conversation.messages.map((message) => {
      const attachments = byMessage.get(message.id);
      return attachments === undefined ? message : { ...message, attachments };
    });
    return { ...conversation, messages };
  }

  async #picture(pointer: string, number: number): Promise<TransferredAttachment | null> {
    this.#context.assertGoesOn();
    const known = this.#pictures.get(pointer);
    if (known !== undefined) return known;
    const bytes = await this.#source.readPicture(pointer);
    const kept = bytes === null ? null : await this.#context.keepPicture(bytes, `Picture ${number}`);
    this.#pictures.set(pointer, kept);
    return kept;
  }

  #add(conversation: TransferredConversation, files: 'exact' | 'rewritten'): void {
    if (this.#stage.add(conversation, files) === 'already-here') this.#tally.alreadyHere();
    else this.#tally.imported(conversation.messages.length);
  }

  #fail(
    kind: 'conversation' | 'file',
    {
      number,
      title,
      problem,
    }: { readonly number: number; readonly title: string | null; readonly problem: ItemProblem },
  ): void {
    this.#tally.failed({ kind, number, document: this.#document, title, problem });
  }
}

function placeOf({ list, number }: SplitEvent & { readonly kind: 'element' }): string {
  return `${list} ${number}`;
}

/** After damage: what is a conversation or file of one of the two kinds rather than a part of one. */
function isElement(bytes: Uint8Array): boolean {
  const value = isUtf8(bytes) ? parse(bytes) : undefined;
  // A second one that is damaged, in another way, is to be told of too.
  if (value === undefined) return Buffer.from(bytes).includes('"mapping":');
  if (typeof value !== 'object' || value === null) return false;
  const isConversation = Object.hasOwn(value, 'mapping') || Object.hasOwn(value, 'messages');
  return isConversation || (Object.hasOwn(value, 'hash') && Object.hasOwn(value, 'data'));
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'),
    ) as unknown;
  } catch {
    return undefined;
  }
}

function titleOf(value: unknown): string | null {
  const hasTitle = typeof value === 'object' && value !== null && 'title' in value;
  return hasTitle && typeof value.title === 'string' ? shorten(value.title) : null;
}

/** The title in the beginning of something that is no whole JSON, if it can be made out. */
function readTitle(beginning: Uint8Array): string | null {
  // A control character may be what is wrong with it.
  const text = Buffer.from(beginning)
    .toString('utf8')
    .replaceAll(/\p{Cc}/gu, '');
  const found = /"title"\s*:\s*("(?:[^"\\]|\\.){0,400}")/.exec(text)?.[1];
  const title = found === undefined ? undefined : parse(Buffer.from(found));
  return typeof title === 'string' ? shorten(title) : null;
}

function shorten(title: string): string {
  return title.slice(0, 200);
}

function unknownFormat(): AppError {
  return new AppError('transfer/unknown-format', 'This is no file with conversations that Latchkey knows.');
}
