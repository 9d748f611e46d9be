import type { CostSum, LedgerEntry, Purpose, UsageReport } from '../../contract/model/ledger.ts';
import type { Period, Spent } from './budget.ts';

/** A request that has left or is about to: what it is expected to cost counts against the budget meanwhile. */
export interface OpenEntry extends LedgerEntry {
  /** How long the text of its message was before (Continue), in UTF-16 units: what is beyond is what this request brought. */
  readonly textBefore: number;
}

/** How a request ended, for its row. */
export type EntryEnd = Pick<
  LedgerEntry,
  | 'inputTokens'
  | 'cachedInputTokens'
  | 'cacheWriteTokens'
  | 'outputTokens'
  | 'reasoningTokens'
  | 'costMicroUsd'
  | 'isEstimated'
>;

/** The key a request is made with, as it is called now. */
export type EntryKey = Pick<LedgerEntry, 'keyId' | 'keyLabel'>;

/** What the requests of one purpose for one message came to. */
export type MessageSum = { readonly messageId: string; readonly purpose: Purpose } & CostSum;

/** Where a connection stands: what counts against its budgets, and all the rest that is shown. */
export interface Spending {
  readonly spent: Readonly<Record<Period, Spent>>;
  readonly sums: Readonly<Record<Period, CostSum>>;
}

/**
 * The durable ledger: one row per billed request, in the database of the history and independent of it. Rows have no text and
 * no title; deleting a conversation leaves them. All errors are `AppError`s with `storage/*`.
 */
export interface LedgerStore {
  /** Writes a row before its request leaves, durably: a crash must not make it free. */
  openEntry(entry: OpenEntry): Promise<void>;
  /** For a request that is made again with another key. */
  changeKey(id: string, key: EntryKey): Promise<void>;
  closeEntry(id: string, end: EntryEnd): Promise<void>;
  /** For a request that was not billed. */
  dropEntry(id: string): Promise<void>;
  /** What a crash left open. */
  listOpenEntries(): Promise<readonly OpenEntry[]>;
  /** `day` and the month it is in; of one connection, or of all there ever were (null). */
  readSpending(connectionId: string | null, day: string): Promise<Spending>;
  /** Sums of ended requests by message and purpose, for one conversation. */
  sumByMessage(conversationId: string): Promise<readonly MessageSum[]>;
  /** `today` is a day; `month` null is the one it is in. */
  readReport(month: string | null, today: string): Promise<UsageReport>;
  /** Models a connection was asked for, by name. */
  listModels(connectionId: string): Promise<readonly string[]>;
  /** All ended requests, oldest first. */
  listEntries(): Promise<readonly LedgerEntry[]>;
}
