import { AppError } from '../../contract/app-error.ts';
import type { Budget, Rates } from '../../contract/model/ledger.ts';
import { salvageEntries } from '../documents/salvage-entries.ts';
import type { NoticeBoard } from '../notices/notice-board.ts';
import type { DocumentStore, Logger } from '../ports.ts';
import { NO_BUDGET, type Period } from './budget.ts';
import {
  costsDocumentSchema,
  MAX_OWN_PRICES,
  storedCostsSchema,
  type StoredCosts,
} from './costs-document.ts';
import type { OwnPrice } from './find-price.ts';

/** Budgets and own prices by connection, over a small file. */
export class CostRules {
  readonly #file: DocumentStore;
  readonly #notices: NoticeBoard;
  readonly #logger: Logger;
  #stored: readonly StoredCosts[];
  /** Entries of the file this version cannot read; written back unchanged. */
  #unreadEntries: readonly unknown[] = [];

  constructor(file: DocumentStore, notices: NoticeBoard, logger: Logger) {
    this.#file = file;
    this.#notices = notices;
    this.#logger = logger;
    this.#stored = this.#load();
  }

  budgetOf(connectionId: string): Budget {
    return this.#of(connectionId).budget;
  }

  pricesOf(connectionId: string): readonly OwnPrice[] {
    return this.#of(connectionId).prices;
  }

  /** Throws `storage/*`. A new limit is warned of anew. */
  setBudget(connectionId: string, budget: Budget): void {
    this.#put({ ...this.#of(connectionId), budget, warned: { day: null, month: null } });
  }

  /** null takes the price back. Throws `storage/*`, `request/too-large`. */
  setPrice(connectionId: string, model: string, rates: Rates | null): void {
    const costs = this.#of(connectionId);
    const others = costs.prices.filter((price) => price.model !== model);
    if (rates !== null && others.length >= MAX_OWN_PRICES)
      throw new AppError('request/too-large', 'There are too many prices.', {
        details: { maxPrices: MAX_OWN_PRICES },
      });
    this.#put({ ...costs, prices: rates === null ? others : [...others, { model, rates }] });
  }

  /** True once per period, and then remembered. `name` is the day or the month. Throws `storage/*`. */
  shouldWarn(connectionId: string, period: Period, name: string): boolean {
    const costs = this.#of(connectionId);
    if (costs.warned[period] === name) return false;
    this.#put({ ...costs, warned: { ...costs.warned, [period]: name } });
    return true;
  }

  /** Throws `storage/*`. */
  forget(connectionId: string): void {
    if (this.#stored.some(({ id }) => id === connectionId))
      this.#write(this.#stored.filter(({ id }) => id !== connectionId));
  }

  #of(connectionId: string): StoredCosts {
    const stored = this.#stored.find(({ id }) => id === connectionId);
    return stored ?? { id: connectionId, budget: NO_BUDGET, prices: [], warned: { day: null, month: null } };
  }

  #put(costs: StoredCosts): void {
    this.#write([...this.#stored.filter(({ id }) => id !== costs.id), costs]);
  }

  #write(stored: readonly StoredCosts[]): void {
    this.#file.write({ version: 1, connections: [...this.#unreadEntries, ...stored] });
    this.#stored = stored;
  }

  #load(): readonly StoredCosts[] {
    const content = this.#file.read();
    if (content.kind === 'absent') return [];
    const document = content.kind === 'value' ? costsDocumentSchema.safeParse(content.value) : null;
    if (document?.success) return this.#parseAll(document.data.connections);
    this.#notices.raiseDamagedFile(
      'your budgets and prices',
      content.kind === 'damaged' ? content.keptAs : this.#file.setAside(),
    );
    const text = content.kind === 'damaged' ? content.text : JSON.stringify(content.value);
    return this.#keepSalvaged(salvageEntries(text).flatMap((entry) => parse(entry) ?? []));
  }

  /** Writes what was saved from a damaged file, so that the next start finds it. */
  #keepSalvaged(stored: readonly StoredCosts[]): readonly StoredCosts[] {
    try {
      if (stored.length > 0) this.#file.write({ version: 1, connections: stored });
    } catch (error) {
      // They hold in this run and are in the file that was set aside; the next change writes them.
      this.#logger.warn('could not write the budgets that were saved from a damaged file', { error });
    }
    return stored;
  }

  #parseAll(entries: readonly unknown[]): readonly StoredCosts[] {
    const parsed = entries.map((entry) => ({ entry, costs: parse(entry) }));
    this.#unreadEntries = parsed.filter(({ costs }) => costs === null).map(({ entry }) => entry);
    if (this.#unreadEntries.length > 0) {
      // Said aloud: a budget that cannot be read stops nothing.
      this.#notices.raise(
        'storage/corrupt',
        'Some budgets made no sense',
        'They are kept in the file but do not hold. Look at your budgets in Settings, Usage.',
      );
    }
    return parsed.flatMap(({ costs }) => costs ?? []);
  }
}

function parse(entry: unknown): StoredCosts | null {
  const parsed = storedCostsSchema.safeParse(entry);
  return parsed.success ? parsed.data : null;
}
