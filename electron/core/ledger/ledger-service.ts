import { AppError } from '../../contract/app-error.ts';
import type { Connection } from '../../contract/model/connection.ts';
import type { Message } from '../../contract/model/conversation.ts';
import type {
  Budget,
  BudgetStatus,
  ConversationCost,
  CostSum,
  Estimate,
  ModelPrice,
  Purpose,
  Rates,
  UsageReport,
} from '../../contract/model/ledger.ts';
import type { ConnectionService } from '../connections/connection-service.ts';
import type { HistoryStore } from '../history/history-store.ts';
import type { Clock, EventSink, IdSource, Logger } from '../ports.ts';
import type { NoticeBoard } from '../notices/notice-board.ts';
import type { ProviderTurn } from '../providers/chat-provider.ts';
import type { SettingsService } from '../settings/settings-service.ts';
import {
  combineBudgets,
  judgeRequest,
  limitOf,
  periodsToWarnOf,
  type Expected,
  type Period,
  type Verdict,
} from './budget.ts';
import { closeEntry, type EndedRequest, type PictureCount } from './close-entry.ts';
import { makesOnlyPictures } from '../models/makes-only-pictures.ts';
import type { CostRules } from './cost-rules.ts';
import { costOf } from './cost-of.ts';
import { entriesToCsv } from './entries-to-csv.ts';
import { estimateTurns, PICTURE_TOKENS } from './estimate-tokens.ts';
import { findManagedPrice, findPrice, isFree, listPrices } from './find-price.ts';
import { formatUsd } from './format-usd.ts';
import type { EntryKey, LedgerStore, OpenEntry } from './ledger-store.ts';
import { localDay, monthOf } from './local-day.ts';

/** What the ledger is built from. */
export interface LedgerDependencies {
  readonly store: LedgerStore;
  readonly rules: CostRules;
  readonly history: Pick<HistoryStore, 'findMessage'>;
  readonly connections: Pick<ConnectionService, 'list' | 'find'>;
  readonly settings: SettingsService;
  readonly notices: NoticeBoard;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  /** Limits that somebody else fixed: the computer's administrator. Nobody can skip one. */
  readonly managedBudgets: (connection: Connection) => ManagedBudgets;
}

/** Limits of a connection, and of all connections together. */
export interface ManagedBudgets {
  readonly ofConnection: Budget;
  readonly overall: Budget;
}

/** A request that is about to leave. */
export interface PlannedRequest {
  readonly purpose: Purpose;
  readonly connection: Connection;
  readonly keyId: string | null;
  readonly model: string;
  /** All that is sent. */
  readonly turns: readonly ProviderTurn[];
  readonly conversationId: string;
  readonly messageId: string;
  /** Length of the text the message has already (Continue). */
  readonly textBefore: number;
  /** What the person has said yes to, for this request. */
  readonly isOverBudgetAllowed: boolean;
  readonly isCostAccepted: boolean;
}

/** The right to send one request. There is no other way to get one than `reserve`, and none to send without. */
export interface Reservation {
  readonly entry: OpenEntry;
}

/** What a request would cost. */
export type CostEstimate = Omit<Estimate, 'omittedCount' | 'isTooLong'>;

/** What is reckoned with while nobody knows the length. A title is a line, thoughts of a model that thinks included. */
const EXPECTED_TOKENS: Readonly<Record<Purpose, number>> = { answer: 2_000, title: 200, summary: 1_000 };

/** What costs nothing harms no budget. */
const FREE: Expected = { inputMicroUsd: 0, totalMicroUsd: 0 };

/** What every request costs, whether it may, and what it was. */
export class LedgerService {
  readonly #dependencies: LedgerDependencies;
  /** Judging and writing down are one step: of two requests at once the second one sees the first. */
  #lastTurn: Promise<void> = Promise.resolve();

  constructor(dependencies: LedgerDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * The gate every request passes, before anything is sent or stored. Throws `budget/exceeded`, `budget/unknown-price` and
   * `budget/large-request`; the row it writes counts as expected until the request has ended.
   */
  reserve(planned: PlannedRequest): Promise<Reservation> {
    return this.#inTurn(async () => {
      const price = this.#priceOf(planned.connection, planned.model);
      const estimate = this.#estimate(price, planned.turns, planned.purpose);
      await this.#assertInBudgets(planned, price, estimate);
      if (estimate.isLarge && !planned.isCostAccepted) throw largeRequest(estimate);
      const entry = this.#newEntry(planned, price, estimate);
      await this.#dependencies.store.openEntry(entry);
      return { entry };
    });
  }

  /** Another key took the place of the one that was removed while the request waited to be made again. */
  async noteKey(
    { entry }: Reservation,
    { connection, keyId }: Pick<PlannedRequest, 'connection' | 'keyId'>,
  ): Promise<void> {
    await this.#dependencies.store.changeKey(entry.id, keyOf(connection, keyId));
  }

  /** For a request that could not even be stored. */
  async release({ entry }: Reservation): Promise<void> {
    await this.#dependencies.store.dropEntry(entry.id);
  }

  /** Writes down what a request came to. Never rejects: a row that cannot be closed counts as expected, and is closed at the next start. */
  async settle({ entry }: Reservation, ended: EndedRequest): Promise<void> {
    const { store, events, logger } = this.#dependencies;
    const { connectionId, conversationId } = entry;
    try {
      const end = closeEntry(entry, ended);
      if (end === null) await store.dropEntry(entry.id);
      else await store.closeEntry(entry.id, end);
      await this.#warnOf(connectionId);
    } catch (error) {
      logger.error('what a request cost could not be written down', { error });
    }
    events.emit({ name: 'ledger.changed', payload: { connectionId, conversationId } });
  }

  /** Closes what a crash left open, from the text that was saved. */
  async recover(): Promise<void> {
    const { store, history } = this.#dependencies;
    for (const entry of await store.listOpenEntries()) {
      const message = await history.findMessage(entry.messageId);
      // The message is stored before the request leaves: without one, none left. What came of a title or a summary is not kept.
      const receivedText = entry.purpose === 'answer' ? message?.text.slice(entry.textBefore) : '';
      const pictures = picturesAfterCrash(entry, message);
      const end =
        receivedText === undefined
          ? null
          : closeEntry(entry, { error: null, usage: null, receivedText, pictures });
      if (end === null) await store.dropEntry(entry.id);
      else await store.closeEntry(entry.id, end);
    }
  }

  /** What a request would cost. Throws `connection/not-found`. */
  estimate(connectionId: string, model: string, turns: readonly ProviderTurn[]): CostEstimate {
    const price = this.#priceOf(this.#dependencies.connections.find(connectionId), model);
    return this.#estimate(price, turns, 'answer');
  }

  report(month: string | null): Promise<UsageReport> {
    return this.#dependencies.store.readReport(month, this.#today());
  }

  async conversation(id: string): Promise<ConversationCost> {
    const sums = await this.#dependencies.store.sumByMessage(id);
    const beside = sums.filter(({ purpose }) => purpose !== 'answer');
    const answers = sums.filter(({ purpose }) => purpose === 'answer');
    return {
      total: sums.reduce(addSums, NO_COSTS),
      beside: beside.reduce(addSums, NO_COSTS),
      answers: answers.map(({ purpose: _answer, ...sum }) => sum),
    };
  }

  async budgets(): Promise<BudgetStatus[]> {
    const { store, rules, connections } = this.#dependencies;
    return Promise.all(
      connections.list().map(async (connection) => {
        const { sums } = await store.readSpending(connection.id, this.#today());
        return {
          connectionId: connection.id,
          budget: rules.budgetOf(connection.id),
          limit: this.#limitOf(connection),
          today: sums.day,
          month: sums.month,
        };
      }),
    );
  }

  /** Throws `connection/not-found`, `storage/*`. */
  setBudget(connectionId: string, budget: Budget): void {
    this.#dependencies.connections.find(connectionId);
    this.#dependencies.rules.setBudget(connectionId, budget);
    this.#announce(connectionId);
  }

  /** Models that were used first, then the rest of the public list. Throws `connection/not-found`. */
  async prices(connectionId: string): Promise<ModelPrice[]> {
    const { store, rules, connections } = this.#dependencies;
    const { origin } = connections.find(connectionId);
    const own = rules.pricesOf(connectionId);
    const models = new Set([
      ...(await store.listModels(connectionId)),
      ...own.map(({ model }) => model),
      ...listPrices(origin).map(({ model }) => model),
    ]);
    return [...models].map((model) => findPrice(origin, model, own));
  }

  /** null takes an own price back. What was billed before stays. Throws `connection/not-found`, `storage/*`. */
  setPrice(connectionId: string, model: string, rates: Rates | null): void {
    this.#dependencies.connections.find(connectionId);
    this.#dependencies.rules.setPrice(connectionId, model, rates);
    this.#announce(connectionId);
  }

  /** Every billed request as CSV. */
  async exportCsv(): Promise<{ readonly csv: string; readonly day: string }> {
    return { csv: entriesToCsv(await this.#dependencies.store.listEntries()), day: this.#today() };
  }

  /** Takes budgets and prices of a removed connection away. What it has cost stays. */
  forgetConnection(connectionId: string): void {
    this.#dependencies.rules.forget(connectionId);
  }

  /**
   * A person may let one request over the own budget, never over a managed one, and there an unknown price is too much. A title
   * nobody asked for: it has to fit as a whole, and is not made where the price is unknown.
   */
  async #assertInBudgets(planned: PlannedRequest, price: ModelPrice, estimate: CostEstimate): Promise<void> {
    const { rules, managedBudgets, settings } = this.#dependencies;
    const { connection, isOverBudgetAllowed, purpose } = planned;
    const managed = managedBudgets(connection);
    const { totalMicroUsd } = estimate;
    const expected = purpose === 'title' ? { inputMicroUsd: totalMicroUsd, totalMicroUsd } : estimate;
    const request = { planned, expected: isFree(price) ? FREE : expected, allowsUnknown: false };
    await this.#assertInBudget(request, managed.overall, null);
    await this.#assertInBudget(request, managed.ofConnection, connection.id);
    if (isOverBudgetAllowed) return;
    const allowsUnknown = purpose !== 'title' && settings.get().allowsUnknownPrices;
    await this.#assertInBudget({ ...request, allowsUnknown }, rules.budgetOf(connection.id), connection.id);
  }

  async #assertInBudget(
    request: {
      readonly planned: PlannedRequest;
      readonly expected: Expected;
      readonly allowsUnknown: boolean;
    },
    limit: Budget,
    connectionId: string | null,
  ): Promise<void> {
    if (limit.dayMicroUsd === null && limit.monthMicroUsd === null) return;
    const { planned, expected, allowsUnknown } = request;
    const { spent } = await this.#dependencies.store.readSpending(connectionId, this.#today());
    const verdict = judgeRequest(limit, spent, expected);
    if (verdict.kind === 'exceeded') throw exceeded(planned, verdict);
    if (verdict.kind === 'unknown-price' && !allowsUnknown) {
      throw new AppError(
        'budget/unknown-price',
        'There is a budget, and the price of this model is unknown.',
        { details: { connectionId: planned.connection.id, model: planned.model } },
      );
    }
  }

  #newEntry(planned: PlannedRequest, price: ModelPrice, estimate: CostEstimate): OpenEntry {
    const { clock, ids } = this.#dependencies;
    const { connection, keyId, model, conversationId, messageId, textBefore, purpose } = planned;
    return {
      id: ids.next(),
      at: clock.now(),
      day: this.#today(),
      purpose,
      connectionId: connection.id,
      connectionLabel: connection.label,
      ...keyOf(connection, keyId),
      model,
      conversationId,
      messageId,
      inputTokens: estimate.inputTokens,
      cachedInputTokens: 0,
      cacheWriteTokens: 0,
      outputTokens: estimate.outputTokens,
      reasoningTokens: 0,
      costMicroUsd: estimate.totalMicroUsd,
      isEstimated: true,
      price,
      textBefore,
    };
  }

  #estimate(price: ModelPrice, turns: readonly ProviderTurn[], purpose: Purpose): CostEstimate {
    const inputTokens = estimateTurns(turns);
    const outputTokens = makesOnlyPictures(price.model) ? PICTURE_TOKENS : EXPECTED_TOKENS[purpose];
    const totalMicroUsd = costOf({ inputTokens, outputTokens }, price);
    const threshold = this.#dependencies.settings.get().confirmCostAboveMicroUsd;
    return {
      inputTokens,
      outputTokens,
      inputMicroUsd: costOf({ inputTokens, outputTokens: 0 }, price),
      totalMicroUsd,
      isLarge: threshold !== null && totalMicroUsd !== null && totalMicroUsd > threshold,
    };
  }

  async #warnOf(connectionId: string): Promise<void> {
    const { store, rules, connections, notices } = this.#dependencies;
    const connection = connections.list().find(({ id }) => id === connectionId);
    if (connection === undefined) return;
    const limit = this.#limitOf(connection);
    const today = this.#today();
    const { spent } = await store.readSpending(connectionId, today);
    const settled = { day: spent.day.settledMicroUsd, month: spent.month.settledMicroUsd };
    for (const period of periodsToWarnOf(limit, settled)) {
      if (!rules.shouldWarn(connectionId, period, period === 'day' ? today : monthOf(today))) continue;
      const words = warning(connection.label, period, settled[period], limitOf(limit, period) ?? 0);
      notices.raise('budget/nearly-spent', words.title, words.body);
    }
  }

  #priceOf(connection: Connection, model: string): ModelPrice {
    const { rules, managedBudgets } = this.#dependencies;
    const own = rules.pricesOf(connection.id);
    const { ofConnection, overall } = managedBudgets(connection);
    const { dayMicroUsd, monthMicroUsd } = combineBudgets(ofConnection, overall);
    const isManaged = dayMicroUsd !== null || monthMicroUsd !== null;
    return isManaged
      ? findManagedPrice(connection.origin, model, own)
      : findPrice(connection.origin, model, own);
  }

  #limitOf(connection: Connection): Budget {
    const { rules, managedBudgets } = this.#dependencies;
    return combineBudgets(rules.budgetOf(connection.id), managedBudgets(connection).ofConnection);
  }

  #today(): string {
    return localDay(this.#dependencies.clock.now());
  }

  #announce(connectionId: string): void {
    const payload = { connectionId, conversationId: null };
    this.#dependencies.events.emit({ name: 'ledger.changed', payload });
  }

  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#lastTurn.then(action);
    // Whoever waits for a turn is not concerned with how the one before ended.
    this.#lastTurn = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }
}

function keyOf({ keys }: Connection, keyId: string | null): EntryKey {
  return { keyId, keyLabel: keys.find(({ id }) => id === keyId)?.label ?? null };
}

const NO_COSTS: CostSum = {
  requestCount: 0,
  unknownCount: 0,
  estimatedCount: 0,
  costMicroUsd: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
};

function addSums(one: CostSum, other: CostSum): CostSum {
  return {
    requestCount: one.requestCount + other.requestCount,
    unknownCount: one.unknownCount + other.unknownCount,
    estimatedCount: one.estimatedCount + other.estimatedCount,
    costMicroUsd: one.costMicroUsd + other.costMicroUsd,
    inputTokens: one.inputTokens + other.inputTokens,
    cachedInputTokens: one.cachedInputTokens + other.cachedInputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    reasoningTokens: one.reasoningTokens + other.reasoningTokens,
  };
}

function exceeded({ connection }: PlannedRequest, verdict: Extract<Verdict, { kind: 'exceeded' }>): AppError {
  const { period, limitMicroUsd, spentMicroUsd } = verdict;
  return new AppError('budget/exceeded', 'The budget of this connection is used up.', {
    details: { connectionId: connection.id, period, limitMicroUsd, spentMicroUsd },
  });
}

function largeRequest({ inputTokens, totalMicroUsd }: CostEstimate): AppError {
  return new AppError('budget/large-request', 'This request is dearer than usual.', {
    details: { inputTokens, totalMicroUsd },
  });
}

function warning(
  label: string,
  period: Period,
  settledMicroUsd: number,
  limitMicroUsd: number,
): { readonly title: string; readonly body: string } {
  const when = period === 'day' ? 'today' : 'this month';
  const isSpent = settledMicroUsd >= limitMicroUsd;
  return {
    title: isSpent ? `The budget of ${label} is used up` : `The budget of ${label} is nearly used up`,
    body: `${formatUsd(settledMicroUsd)} of ${formatUsd(limitMicroUsd)} ${when}. At the limit Latchkey sends nothing more. You can raise it in Settings, Usage.`,
  };
}

/** Pictures were kept with their answer; one of a model that makes nothing else was under way at least. */
function picturesAfterCrash({ model, purpose }: OpenEntry, message: Message | null): PictureCount {
  const received = purpose === 'answer' ? (message?.attachments.length ?? 0) : 0;
  return { received, begun: makesOnlyPictures(model) ? Math.max(1, received) : received };
}
