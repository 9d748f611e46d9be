import { AppError } from '../../contract/app-error.ts';
import type { ParsedInput } from '../../contract/contract.ts';
import { MAX_ATTACHMENTS, type Attachment } from '../../contract/model/attachment.ts';
import { MAX_MESSAGE_BYTES, type Message } from '../../contract/model/conversation.ts';
import { PLAIN_MESSAGE } from '../../contract/model/plain.ts';
import type { ConnectionService, ResolvedTarget } from '../connections/connection-service.ts';
import type { HistoryStore, ModelChoice, ReplyStart } from '../history/history-store.ts';
import { toStored } from '../history/rows.ts';
import type { Clock, IdSource } from '../ports.ts';
import type { AttachmentService } from '../attachments/attachment-service.ts';
import type { ModelService } from '../models/model-service.ts';
import type { CompletionRequest, ProviderTurn } from '../providers/chat-provider.ts';
import { assertNoKeyAlong, assertNoKeyInPrompt, type KeySpotter } from '../vault/key-spotter.ts';
import { assertNoKeyInFiles, assertTaken } from './assert-files-sendable.ts';
import { billedTurns } from './billed-turns.ts';
import type { ContextFitter, ContextRequest, FittedContext } from './context-fitter.ts';
import { titleFromMessage } from './title-from-message.ts';
import { withFiles, type FileReader } from './to-turns.ts';

/** What planning reads. */
export interface PlannerDependencies {
  readonly attachments: Pick<AttachmentService, 'listSendable' | 'readFile'>;
  readonly models: Pick<ModelService, 'capabilitiesOf' | 'forgetRefusedInput'>;
  readonly history: HistoryStore;
  readonly connections: ConnectionService;
  readonly fitter: ContextFitter;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly keySpotter: KeySpotter;
}

/** What the three ways to ask have in common. */
export type Asked = Omit<ParsedInput<'chat.regenerate'>, 'messageId'>;

/** A reply that could start: everything about it is known, nothing is stored. */
export interface ReplyPlan {
  readonly resolved: ResolvedTarget;
  readonly asked: Asked;
  readonly request: CompletionRequest;
  readonly userMessage: Message;
  readonly assistantMessage: Message;
  /** Writes what has to be there before the request leaves. */
  readonly store: () => Promise<void>;
}

/** What Continue adds to the context. Sent, never shown or stored. */
const CONTINUE_TURN: ProviderTurn = {
  role: 'user',
  text: 'Your last message was cut off. Continue it exactly where it stopped, without repeating anything.',
};

/** Works out what is asked, and refuses what cannot be, before anything is stored. */
export class ReplyPlanner {
  readonly #dependencies: PlannerDependencies;
  readonly #readFile: FileReader = (attachment) => this.#dependencies.attachments.readFile(attachment);

  constructor(dependencies: PlannerDependencies) {
    this.#dependencies = dependencies;
  }

  /** Refuses a message that must not leave, whatever is known about the conversation. */
  assertSendable({
    text,
    attachmentIds,
    editedMessageId,
    isKeyIntended,
  }: Pick<ParsedInput<'chat.send'>, 'text' | 'attachmentIds' | 'editedMessageId' | 'isKeyIntended'>): void {
    // The files that an edited message brings along are not known yet.
    if (text.trim() === '' && attachmentIds.length === 0 && editedMessageId === null) throw empty();
    const bytes = Buffer.byteLength(text, 'utf8');
    if (bytes > MAX_MESSAGE_BYTES) {
      throw new AppError('request/too-large', 'The message is too long to send.', {
        details: { bytes, maxBytes: MAX_MESSAGE_BYTES },
      });
    }
    if (!isKeyIntended) this.#assertNoKeyIn(text);
  }

  /**
   * A message of the user's and its answer: at the end of the shown path, beside a message that it is a new version of, or in a
   * conversation of their own.
   */
  async planMessage(input: ParsedInput<'chat.send'>, conversationId: string): Promise<ReplyPlan> {
    const { history, connections, clock } = this.#dependencies;
    const isNew = input.conversationId === null;
    if (isNew) assertNoKeyInPrompt(input.generation.systemPrompt, this.#dependencies.keySpotter);
    const resolved = await connections.resolveFor(input);
    const edited = await this.#findEdited(input);
    const former =
      edited === null
        ? await this.shownPath(input.conversationId)
        : (await history.pathTo(edited.id)).slice(0, -1);
    const settings = isNew
      ? { generation: input.generation, summary: null }
      : await history.readGeneration(conversationId);
    const { generation } = settings;
    const files = await this.#filesOf(input, edited, resolved);
    if (input.text.trim() === '' && files.length === 0) throw empty();
    const now = clock.now();
    const userMessage = this.#userMessage(input.text, {
      conversationId,
      parentId: former.at(-1)?.id ?? null,
      attachments: files,
      now,
    });
    const { turns, omittedCount } = this.#fit(input, {
      connection: resolved.connection,
      path: [...former, userMessage],
      settings,
    });
    const assistantMessage = this.#answerTo(userMessage, { model: input.model, now, omittedCount });
    const newConversation = isNew
      ? {
          id: conversationId,
          title: titleOf(userMessage),
          ...choiceOf(input),
          generation,
          createdAt: now,
          updatedAt: now,
        }
      : null;
    return {
      resolved,
      asked: input,
      request: { model: input.model, generation, turns },
      userMessage,
      assistantMessage,
      store: () =>
        history.startReply({
          newConversation,
          userMessage,
          assistantMessage,
          choice: choiceOf(input),
          asked: askedWith(resolved),
        }),
    };
  }

  /** Another answer beside one that is there. */
  async planVariant(input: ParsedInput<'chat.regenerate'>, former: Message): Promise<ReplyPlan> {
    const { history, connections, clock } = this.#dependencies;
    const resolved = await connections.resolveFor(input);
    const path = (await history.pathTo(former.id)).slice(0, -1);
    const settings = await history.readGeneration(former.conversationId);
    const userMessage = lastOf(path);
    const { turns, omittedCount } = this.#fit(input, { connection: resolved.connection, path, settings });
    const assistantMessage = this.#answerTo(userMessage, {
      model: input.model,
      now: clock.now(),
      omittedCount,
    });
    return {
      resolved,
      asked: input,
      request: { model: input.model, generation: settings.generation, turns },
      userMessage,
      assistantMessage,
      store: () =>
        history.startReply({
          newConversation: null,
          userMessage: null,
          assistantMessage,
          choice: choiceOf(input),
          asked: askedWith(resolved),
        }),
    };
  }

  /** More of an answer that was cut off. */
  async planContinuation(input: ParsedInput<'chat.continue'>, former: Message): Promise<ReplyPlan> {
    const { history, connections } = this.#dependencies;
    const resolved = await connections.resolveFor(input);
    const path = await history.pathTo(former.id);
    const settings = await history.readGeneration(former.conversationId);
    const { turns, omittedCount } = this.#fit(input, {
      connection: resolved.connection,
      path,
      settings,
      extraTurns: [CONTINUE_TURN],
      // The question, and what of its answer is there.
      requiredCount: 2,
    });
    return {
      resolved,
      asked: input,
      request: { model: input.model, generation: settings.generation, turns },
      userMessage: lastOf(path.slice(0, -1)),
      assistantMessage: { ...former, state: 'streaming', error: null, omittedCount },
      store: () => history.resumeReply(former.id, askedWith(resolved), omittedCount),
    };
  }

  /** Throws `chat/not-found` for what is not an answer. */
  async findAnswer(messageId: string): Promise<Message> {
    const message = await this.#dependencies.history.findMessage(messageId);
    if (message === null || message.role !== 'assistant') throw notFound();
    return message;
  }

  /** The message that is sent anew, null for one that is new. Throws `chat/not-found` for any but one of the user's own here. */
  async #findEdited(input: ParsedInput<'chat.send'>): Promise<Message | null> {
    if (input.editedMessageId === null) return null;
    const message = await this.#dependencies.history.findMessage(input.editedMessageId);
    if (message?.role !== 'user' || message.conversationId !== input.conversationId) throw notFound();
    return message;
  }

  /** What a message would be sent with. */
  async preview(input: ParsedInput<'chat.estimate'>): Promise<ReturnType<ContextFitter['preview']>> {
    const { history, connections, fitter } = this.#dependencies;
    const { conversationId, model, text, attachmentIds } = input;
    const files = await this.#dependencies.attachments.listSendable(conversationId, attachmentIds);
    const settings =
      conversationId === null
        ? { generation: input.generation, summary: null }
        : await history.readGeneration(conversationId);
    const fitted = fitter.preview({
      connection: connections.find(input.connectionId),
      model,
      path: await this.shownPath(conversationId),
      settings,
      extraTurns: [{ role: 'user', text, ...withFiles(files, this.#readFile) }],
      requiredCount: 0,
      isOmissionAccepted: true,
    });
    return { ...fitted, turns: billedTurns({ ...settings, turns: fitted.turns }) };
  }

  /** The files of a message, after a look at each; those of the message it is a new version of come first. */
  async #filesOf(
    input: ParsedInput<'chat.send'>,
    edited: Message | null,
    { connection }: ResolvedTarget,
  ): Promise<Attachment[]> {
    const { attachments, models, keySpotter } = this.#dependencies;
    const former = edited?.attachments.map(({ id }) => id) ?? [];
    const kept = former.filter((id) => !input.removedAttachmentIds.includes(id));
    const ids = [...new Set([...kept, ...input.attachmentIds])];
    if (ids.length > MAX_ATTACHMENTS) {
      throw new AppError('attachment/too-many', 'A message can have no more files.', {
        details: { max: MAX_ATTACHMENTS },
      });
    }
    const files = await attachments.listSendable(input.conversationId, ids);
    // Only the table refuses beforehand: what a server once said may be different by now.
    if (files.length > 0) models.forgetRefusedInput(connection, input.model);
    assertTaken(files, models.capabilitiesOf(connection, input.model));
    if (!input.isKeyIntended) await assertNoKeyInFiles(files, { spot: keySpotter, read: this.#readFile });
    return [...files];
  }

  /** The shown path of a conversation; none of a new one. */
  async shownPath(conversationId: string | null): Promise<readonly Message[]> {
    if (conversationId === null) return [];
    return (await this.#dependencies.history.openConversation(conversationId)).messages;
  }

  #fit(
    { model, isOmissionAccepted, isKeyIntended }: Asked,
    context: Pick<ContextRequest, 'connection' | 'path' | 'settings'> & Partial<ContextRequest>,
  ): FittedContext {
    if (!isKeyIntended) assertNoKeyAlong(alongWith(context), this.#dependencies.keySpotter);
    return this.#dependencies.fitter.fit({
      model,
      isOmissionAccepted,
      extraTurns: [],
      requiredCount: 1,
      ...context,
    });
  }

  #userMessage(
    text: string,
    place: Pick<Message, 'conversationId' | 'parentId' | 'attachments'> & { readonly now: number },
  ): Message {
    const { now, ...rest } = place;
    return {
      ...PLAIN_MESSAGE,
      ...rest,
      id: this.#dependencies.ids.next(),
      role: 'user',
      // As it will be stored, so that what is sent now and what is sent with the next message are the same.
      text: toStored(text),
      state: 'done',
      model: null,
      createdAt: now,
    };
  }

  #answerTo(
    { id, conversationId }: Message,
    asked: Pick<Message, 'model' | 'omittedCount'> & { readonly now: number },
  ): Message {
    const { now, ...rest } = asked;
    return {
      ...PLAIN_MESSAGE,
      ...rest,
      id: this.#dependencies.ids.next(),
      conversationId,
      parentId: id,
      role: 'assistant',
      text: '',
      state: 'streaming',
      createdAt: now,
    };
  }

  /** A key that was pasted into the composer is noticed before it leaves, whichever way the message came. */
  #assertNoKeyIn(text: string): void {
    const [found] = this.#dependencies.keySpotter(text);
    if (found === undefined) return;
    throw new AppError('secret/key-in-message', 'There seems to be an API key in the message.', {
      details: { start: found.start, length: found.length },
    });
  }
}

/** With what an answer is really asked for. */
export function askedWith({ connection, keyId }: ResolvedTarget): ReplyStart['asked'] {
  return { connectionId: connection.id, keyId };
}

/** A message can be nothing but files. */
function titleOf({ text, attachments }: Message): string {
  return titleFromMessage(text.trim() === '' ? (attachments[0]?.name ?? '') : text);
}

function choiceOf({ connectionId, keyId, model }: ModelChoice): ModelChoice {
  return { connectionId, keyId, model };
}

/** What is sent besides the messages; a summary only on the path it was made of. */
function alongWith({ path, settings: { generation, summary } }: Pick<ContextRequest, 'path' | 'settings'>) {
  const isSummarised = path.some(({ id }) => id === summary?.upToMessageId);
  return {
    systemPrompt: generation.systemPrompt,
    summary: isSummarised ? (summary?.text ?? null) : null,
  };
}

function lastOf(path: readonly Message[]): Message {
  const last = path.at(-1);
  if (last === undefined) throw notFound();
  return last;
}

function empty(): AppError {
  return new AppError('request/empty', 'There is nothing to send.');
}

function notFound(): AppError {
  return new AppError('chat/not-found', 'This message is no longer here.');
}
