import type {
  Citation,
  ConversationDetail,
  ConversationSummary,
  Message,
  TerminalState,
  Usage,
} from '../../contract/model/conversation.ts';
import type { WireError } from '../../contract/app-error.ts';
import type { Generation } from '../../contract/model/generation.ts';
import type { NewChat } from '../../contract/model/preset.ts';
import type { SearchRequest, SearchResult } from '../../contract/model/search.ts';
import type { AttachmentStore } from '../attachments/attachment-store.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { StartReport } from './history-files.ts';
import type { MergeCounts } from './transfer/merge-stage.ts';

/** A conversation that is about to be made. */
export type NewConversation = ConversationSummary & { readonly generation: Generation };

/** What arrives of an answer: what it says, or the summary of what the model thought. */
export type ChunkKind = 'text' | 'reasoning';

/** What starting a reply needs written before the request leaves. */
export interface ReplyStart {
  /** Present when the conversation is new. */
  readonly newConversation: NewConversation | null;
  /** Present when the user said something new; absent for regenerate. Its files leave the draft. */
  readonly userMessage: Message | null;
  /** The assistant row, state `streaming`, text ''. */
  readonly assistantMessage: Message;
  /** The choice that is remembered for the conversation. */
  readonly choice: ModelChoice;
  /** What the answer is really asked for with. */
  readonly asked: { readonly connectionId: string; readonly keyId: string | null };
}

/** What answers in a conversation. */
export interface ModelChoice {
  readonly connectionId: string | null;
  /** null: whichever key the connection uses. */
  readonly keyId: string | null;
  readonly model: string | null;
}

/** What a new conversation is made of: a path of another one. */
export interface BranchCopy {
  readonly sourceId: string;
  readonly id: string;
  readonly title: string;
  readonly createdAt: number;
  /** From the root to the message it branches at: whose copy gets which id. */
  readonly copies: readonly { readonly from: string; readonly to: string }[];
}

/** What removing a message took out of its conversation. */
export interface MessageRemoval {
  readonly conversationId: string;
  /** Messages that went, in every variant below it, itself included. */
  readonly count: number;
}

/** A conversation in which a key was used. */
export interface KeyedConversation {
  readonly id: string;
  readonly title: string;
  readonly answerCount: number;
}

/** How a reply ended. */
export interface ReplyEnd {
  readonly messageId: string;
  readonly state: TerminalState;
  readonly error: WireError | null;
  readonly usage: Usage | null;
  /** Sources that came with this request; the message keeps those it had. None unless told. */
  readonly citations?: readonly Citation[];
  readonly endedAt: number;
}

/**
 * The durable history. Every method resolves after the data is in the database (WAL); `startReply` and `endReply`
 * with `synchronous=FULL`, chunks with NORMAL. All errors are `AppError`s with `storage/*` or `chat/not-found`.
 */
export interface HistoryStore {
  /** What requests cost: in the same database, with the same promises. */
  readonly ledger: LedgerStore;
  /** The files of messages and drafts. */
  readonly attachments: AttachmentStore;
  /** What opening found. */
  startReport(): Promise<StartReport>;
  listConversations(): Promise<readonly ConversationSummary[]>;
  findConversation(id: string): Promise<ConversationSummary | null>;
  /** The shown path. Throws `chat/not-found`. */
  openConversation(id: string): Promise<ConversationDetail>;
  findMessage(id: string): Promise<Message | null>;
  /** How the answers of a conversation are made. Throws `chat/not-found`. */
  readGeneration(id: string): Promise<Pick<ConversationDetail, 'generation' | 'summary'>>;
  /** The ancestors of a message, root first, the message itself last. */
  pathTo(messageId: string): Promise<readonly Message[]>;
  /** The title is a person's from then on. */
  renameConversation(id: string, title: string): Promise<ConversationSummary>;
  /** Whether a conversation is still called by the first words of its first message. */
  isUntitled(id: string): Promise<boolean>;
  /** Gives it a title that a model made, unless it has one that is better than none or is removed. Returns whether it did. */
  nameConversation(id: string, title: string): Promise<boolean>;
  /** Sets what stands for the messages up to one; null takes it away. Throws `chat/not-found`. */
  writeSummary(id: string, summary: ConversationDetail['summary']): Promise<void>;
  chooseModel(id: string, choice: ModelChoice): Promise<ConversationSummary>;
  /** Returns it as it is stored. Throws `chat/not-found`. */
  setGeneration(id: string, generation: Generation): Promise<Generation>;
  /** Conversations with answers that were asked for with a key, last first. */
  listConversationsByKey(keyId: string, limit: number): Promise<readonly KeyedConversation[]>;
  /** Marks as removed; `purgeRemoved` deletes for good. */
  removeConversation(id: string, removedAt: number): Promise<void>;
  restoreConversation(id: string): Promise<ConversationSummary>;
  /**
   * Deletes (secure_delete) every conversation and every message removed at or before `removedBefore`, in steps. Returns how many
   * removals that were; their copies in the backups wait for `purgeBackups`.
   */
  purgeRemoved(removedBefore: number): Promise<number>;
  /** Finds messages, in steps; a newer search ends an older one. Answers that are still arriving are not found. */
  search(request: SearchRequest): Promise<SearchResult>;
  /** Shows the path through a message, and below it what was shown there last. */
  showVariant(id: string, messageId: string): Promise<ConversationDetail>;
  /** How many messages removing this one would take along, itself included. */
  countBelow(messageId: string): Promise<number>;
  /** Marks a message and all below it; `purgeRemoved` deletes for good. Throws `chat/busy` while one of them is being answered. */
  removeMessage(messageId: string, removedAt: number): Promise<MessageRemoval>;
  /** Takes a removal back and shows again what it had hidden. Throws `chat/not-found` once deleting has begun. */
  restoreMessage(messageId: string): Promise<ConversationDetail>;
  /** Copies a path into a new conversation, in one transaction. Throws `chat/not-found`. */
  branchConversation(branch: BranchCopy): Promise<ConversationSummary>;
  /** One transaction; the new rows become the shown path; `updatedAt` moves. Throws `chat/not-found` for a parent that is gone. */
  startReply(start: ReplyStart): Promise<void>;
  /** Puts an ended message back to `streaming` so that it can grow (Continue). `omittedCount` stays unless told. */
  resumeReply(messageId: string, asked: ReplyStart['asked'], omittedCount?: number): Promise<void>;
  /** `kind` is `text` unless told. */
  appendChunk(messageId: string, text: string, kind?: ChunkKind): Promise<void>;
  /** Collapses the chunks into the message's text and sets its final state. */
  endReply(end: ReplyEnd): Promise<void>;
  /** Rows left `streaming` by a crash become `interrupted`, keeping their text. Returns how many. An import that it cut short waits for `purgeRemoved`. */
  interruptUnfinished(endedAt: number): Promise<number>;
  readDraft(conversationId: string | null): Promise<string>;
  writeDraft(conversationId: string | null, text: string): Promise<void>;
  /** What was chosen for the chat that has not begun; null: nothing. */
  readNewChat(): Promise<NewChat | null>;
  writeNewChat(choice: NewChat | null): Promise<void>;
  /** Forgets connection choices that point at a removed connection. */
  forgetConnection(connectionId: string): Promise<void>;
  /**
   * Adds what an import has put together in a database of its own, in steps, and shows it in the last: all of it or nothing. Search
   * finds it once the index has caught up. Null when `stopImport` came first. What was added by then, or before an error,
   * waits for `purgeRemoved`.
   */
  mergeImport(stageFile: string): Promise<MergeCounts | null>;
  /** Ends the import that is being added, if any. */
  stopImport(): Promise<void>;
  close(): Promise<void>;
}
