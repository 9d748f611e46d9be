import type { ItemProblem } from '../../../contract/model/transfer.ts';
import { idSchema } from '../../../contract/model/ids.ts';
import { PLAIN_GENERATION } from '../../../contract/model/plain.ts';
import { deriveId } from '../../history/transfer/derive-id.ts';
import {
  MAX_NAME_LENGTH,
  type TransferredConversation,
  type TransferredMessage,
} from '../../history/transfer/transferred.ts';
import {
  chatGPTConversationSchema,
  chatGPTMessageSchema,
  type ChatGPTConversation,
  type ChatGPTMessage,
} from './chatgpt-schema.ts';
import { readCitations, readContent, type ReadContent } from './read-content.ts';
import { walkNodes } from './walk-nodes.ts';

/** A picture that a message has, to be looked for among the files of the export. */
export interface WantedPicture {
  readonly messageId: string;
  readonly pointer: string;
}

/** A conversation of ChatGPT's as one of ours; its pictures are still to come. */
export interface ReadConversation {
  readonly kind: 'conversation';
  readonly conversation: TransferredConversation;
  readonly pictures: readonly WantedPicture[];
  /** Messages of a kind that nothing is known of. */
  readonly leftOutMessageCount: number;
  /** Files that are no pictures: their bytes are not in an export. */
  readonly leftOutFileCount: number;
}

const MAX_TITLE_LENGTH = 200;
/** A conversation is read in one go, which cannot be cancelled. */
const MAX_NODES = 200_000;
const UNTITLED = 'Imported conversation';
/** Times outside of these, in seconds, are no times: ChatGPT is from 2022. */
const FIRST_TIME = 1_577_836_800;
const LAST_TIME = 4_102_444_800;

/** What a node hands down to those below it. */
interface Above {
  /** The last message that is shown. */
  readonly messageId: string | null;
  /** What was thought and not said yet. */
  readonly reasoning: string;
  readonly createdAt: number;
}

/** Reads one element of `conversations.json`. Bounded by its size, whatever its tree is like. */
export function readConversation(
  value: unknown,
  now: number,
): ReadConversation | { readonly kind: 'problem'; readonly problem: ItemProblem } {
  const parsed = chatGPTConversationSchema.safeParse(value);
  if (!parsed.success) return { kind: 'problem', problem: problemOf(value) };
  if (Object.keys(parsed.data.mapping).length > MAX_NODES) return { kind: 'problem', problem: 'too-large' };
  return new ConversationReader(parsed.data, now).read();
}

function problemOf(value: unknown): ItemProblem {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject && !Object.hasOwn(value, 'mapping') ? 'no-messages' : 'wrong-shape';
}

class ConversationReader {
  readonly #source: ChatGPTConversation;
  readonly #id: string;
  readonly #createdAt: number;
  readonly #messages: TransferredMessage[] = [];
  readonly #pictures: WantedPicture[] = [];
  readonly #above = new Map<string | null, Above>();
  #leftOutMessageCount = 0;
  #leftOutFileCount = 0;

  constructor(source: ChatGPTConversation, now: number) {
    this.#source = source;
    this.#createdAt = toTime(source.create_time) ?? toTime(source.update_time) ?? now;
    this.#id = findId(source);
    this.#above.set(null, { messageId: null, reasoning: '', createdAt: this.#createdAt });
  }

  read(): ReadConversation {
    for (const { key, node, parentKey } of walkNodes(this.#source.mapping)) {
      const above = this.#above.get(parentKey) ?? this.#above.get(null);
      if (above !== undefined) this.#above.set(key, this.#take(key, node.message, above));
    }
    const last = this.#messages.at(-1);
    const current = this.#above.get(this.#source.current_node ?? null)?.messageId;
    const updatedAt = this.#messages.reduce(
      (latest, { createdAt }) => Math.max(latest, createdAt),
      this.#createdAt,
    );
    return {
      kind: 'conversation',
      conversation: {
        id: this.#id,
        title: titleOf(this.#source),
        titleSource: 'imported',
        // ChatGPT's own name of a model is none that a connection here offers.
        model: null,
        createdAt: this.#createdAt,
        updatedAt: toTime(this.#source.update_time) ?? updatedAt,
        generation: PLAIN_GENERATION,
        summary: null,
        headId: current ?? last?.id ?? null,
        shownVariants: [],
        messages: this.#messages,
      },
      pictures: this.#pictures,
      leftOutMessageCount: this.#leftOutMessageCount,
      leftOutFileCount: this.#leftOutFileCount,
    };
  }

  /** Takes the message of a node, if it is one that is shown, and says what those below it build on. */
  #take(key: string, value: unknown, above: Above): Above {
    if (value === null || value === undefined) return above;
    const parsed = chatGPTMessageSchema.safeParse(value);
    if (!parsed.success) {
      this.#leftOutMessageCount += 1;
      return above;
    }
    const message = parsed.data;
    if (isHidden(message)) return above;
    const content = readContent(message.content);
    if (!content.isWhole) this.#leftOutMessageCount += 1;
    if (content.reasoning !== '')
      return { ...above, reasoning: joinReasoning(above.reasoning, content.reasoning) };
    this.#leftOutFileCount += countOtherFiles(message);
    if (content.text.trim() === '' && content.pictures.length === 0) return above;
    return this.#add(key, { message, content }, above);
  }

  #add(
    key: string,
    read: { readonly message: ChatGPTMessage; readonly content: ReadContent },
    above: Above,
  ): Above {
    const { message, content } = read;
    const speaker = speakerOf(message, content);
    const { text, citations } = readCitations(content.text, message.metadata);
    const createdAt = toTime(message.create_time) ?? above.createdAt;
    const id = idSchema.safeParse(key).success ? key : deriveId('chatgpt', this.#id, key);
    const isAnswer = speaker.role === 'assistant';
    this.#messages.push({
      id,
      parentId: above.messageId,
      ...speaker,
      text,
      state: stateOf(message),
      error: null,
      model: isAnswer ? nameOf(message.metadata?.['model_slug']) : null,
      usage: null,
      createdAt,
      reasoning: isAnswer ? above.reasoning : '',
      citations: [...citations],
      omittedCount: 0,
      attachments: [],
    });
    for (const pointer of content.pictures) this.#pictures.push({ messageId: id, pointer });
    return { messageId: id, reasoning: isAnswer ? '' : above.reasoning, createdAt };
  }
}

/** What a tool is told and what it answers is the tool's; pictures it made are shown as an answer. */
function speakerOf(
  { author, recipient }: ChatGPTMessage,
  { pictures }: ReadContent,
): Pick<TransferredMessage, 'role' | 'toolName'> {
  if (author.role === 'user') return { role: 'user', toolName: null };
  const isToTool = author.role === 'assistant' && typeof recipient === 'string' && recipient !== 'all';
  if (isToTool) return { role: 'tool', toolName: nameOf(recipient) ?? 'tool' };
  if (author.role === 'assistant' || pictures.length > 0) return { role: 'assistant', toolName: null };
  return { role: 'tool', toolName: nameOf(author.name) ?? 'tool' };
}

function isHidden({ author, metadata }: ChatGPTMessage): boolean {
  const isKnown = author.role === 'user' || author.role === 'assistant' || author.role === 'tool';
  return !isKnown || metadata?.['is_visually_hidden_from_conversation'] === true;
}

function stateOf({ status, metadata }: ChatGPTMessage): TransferredMessage['state'] {
  const details: unknown = metadata?.['finish_details'];
  const isStopped =
    typeof details === 'object' && details !== null && 'type' in details && details.type === 'interrupted';
  if (isStopped) return 'cancelled';
  return status === 'in_progress' ? 'interrupted' : 'done';
}

function countOtherFiles({ metadata }: ChatGPTMessage): number {
  const files: unknown = metadata?.['attachments'];
  if (!Array.isArray(files)) return 0;
  const isPicture = (file: unknown): boolean =>
    typeof file === 'object' &&
    file !== null &&
    'mime_type' in file &&
    typeof file.mime_type === 'string' &&
    file.mime_type.startsWith('image/');
  return (files as unknown[]).filter((file) => !isPicture(file)).length;
}

/** The id of the source where it is one; otherwise one that the same source always gets. */
function findId({
  conversation_id: first,
  id: second,
  title,
  create_time: at,
  mapping,
}: ChatGPTConversation): string {
  const found = [first, second].find((id) => idSchema.safeParse(id).success);
  return found ?? deriveId('chatgpt', first ?? second ?? JSON.stringify([title, at, Object.keys(mapping)]));
}

function titleOf({ title }: ChatGPTConversation): string {
  const clean = (title ?? '').replaceAll(/\s+/g, ' ').trim().slice(0, MAX_TITLE_LENGTH);
  return clean === '' ? UNTITLED : clean;
}

function nameOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, MAX_NAME_LENGTH) : null;
}

/** Milliseconds of a time in seconds, which may be text; null for what is none. */
function toTime(value: unknown): number | null {
  const seconds = typeof value === 'string' ? Number(value) : value;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) return null;
  return seconds >= FIRST_TIME && seconds <= LAST_TIME ? Math.round(seconds * 1_000) : null;
}

function joinReasoning(former: string, next: string): string {
  return former === '' ? next : `${former}\n\n${next}`;
}
