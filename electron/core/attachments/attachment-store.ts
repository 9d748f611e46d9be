import type { Attachment } from '../../contract/model/attachment.ts';

/** A file whose bytes have just been stored. */
export type NewAttachment = Attachment & { readonly createdAt: number };

/** What is known of the files of messages and drafts; in the history's database, with the same promises. Drafts are by conversation, null is the new chat's. */
export interface AttachmentStore {
  /** Throws `attachment/too-many`. */
  addToDraft(conversationId: string | null, attachment: NewAttachment): Promise<void>;
  /** Puts a file at the end of a message that is stored already. */
  addToMessage(messageId: string, attachment: NewAttachment): Promise<void>;
  listDraft(conversationId: string | null): Promise<readonly Attachment[]>;
  /** Takes it off the draft. Its row stays until {@link AttachmentStore.purge}, so that it can be put back. */
  removeFromDraft(conversationId: string | null, id: string): Promise<void>;
  /** Puts a file that was taken off back at the end. Throws `attachment/too-many`, `attachment/not-found`. */
  restoreToDraft(conversationId: string | null, id: string): Promise<void>;
  /** Throws `attachment/not-found`. */
  find(id: string): Promise<Attachment>;
  /** Of these, in their order, what may go along with a message: files of the conversation's draft or of its messages. */
  listSendable(conversationId: string | null, ids: readonly string[]): Promise<readonly Attachment[]>;
  /** The hashes that rows refer to. */
  listHashes(): Promise<readonly string[]>;
  /** Deletes the rows of files that neither a message nor a draft has, but for some. Returns the hashes that no row refers to any more. */
  purge(keptIds: readonly string[]): Promise<readonly string[]>;
}
