import {
  modelPriceSchema,
  purposeSchema,
  type CostSum,
  type LedgerEntry,
  type Purpose,
  type UsageReport,
} from '../../contract/model/ledger.ts';
import type { Spent } from '../ledger/budget.ts';
import type { EntryEnd, EntryKey, MessageSum, OpenEntry, Spending } from '../ledger/ledger-store.ts';
import { monthOf } from '../ledger/local-day.ts';
import { toStored, type Row } from './rows.ts';
import type { SqlSession, SqlValue } from './sql-session.ts';

type Breakdown = UsageReport['breakdowns'][number];

const ENTRY_COLUMNS = `id, at, day, connection_id, connection_label, key_id, key_label, model, conversation_id, message_id,
  input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, cost_micro_usd, is_estimated, price, purpose`;

// The largest number a double holds exactly: a sum beyond it would be an error of the binding instead of a number.
const exactSum = (column: string): string => `min(coalesce(sum(${column}), 0), 9007199254740991)`;

const SUMS = `count(*) AS requests,
  coalesce(sum(cost_micro_usd IS NULL), 0) AS unknown, coalesce(sum(is_estimated), 0) AS estimated,
  ${exactSum('cost_micro_usd')} AS cost,
  ${exactSum('input_tokens')} AS input, ${exactSum('cached_input_tokens')} AS cached,
  ${exactSum('output_tokens')} AS output, ${exactSum('reasoning_tokens')} AS reasoning`;

/** What a report groups by: the id of a row, and its label; the label last used wins. */
const GROUPS = {
  day: { id: 'day', label: 'day' },
  model: { id: 'model', label: 'model' },
  connection: { id: 'connection_id', label: 'connection_label' },
  key: { id: `coalesce(key_id, '')`, label: `coalesce(key_label, '')` },
  purpose: { id: 'purpose', label: 'purpose' },
} as const;

/** The statements behind `LedgerStore`, synchronous; runs inside the worker, on the database of the history. */
export class LedgerDatabase {
  readonly #session: SqlSession;

  constructor(session: SqlSession) {
    this.#session = session;
  }

  openEntry(entry: OpenEntry): void {
    this.#session.run(
      `INSERT INTO ledger (${ENTRY_COLUMNS}, is_open, text_before)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)`,
      entry.id,
      entry.at,
      entry.day,
      entry.connectionId,
      toStored(entry.connectionLabel),
      entry.keyId,
      entry.keyLabel === null ? null : toStored(entry.keyLabel),
      toStored(entry.model),
      entry.conversationId,
      entry.messageId,
      entry.inputTokens,
      entry.cachedInputTokens,
      entry.cacheWriteTokens,
      entry.outputTokens,
      entry.reasoningTokens,
      entry.costMicroUsd,
      entry.isEstimated ? 1 : 0,
      entry.price === null ? null : JSON.stringify(entry.price),
      entry.purpose,
      entry.textBefore,
    );
  }

  changeKey(id: string, { keyId, keyLabel }: EntryKey): void {
    this.#session.run(
      'UPDATE ledger SET key_id = ?, key_label = ? WHERE id = ? AND is_open = 1',
      keyId,
      keyLabel === null ? null : toStored(keyLabel),
      id,
    );
  }

  closeEntry(id: string, end: EntryEnd): void {
    this.#session.run(
      `UPDATE ledger SET is_open = 0, input_tokens = ?, cached_input_tokens = ?, cache_write_tokens = ?, output_tokens = ?,
         reasoning_tokens = ?, cost_micro_usd = ?, is_estimated = ? WHERE id = ? AND is_open = 1`,
      end.inputTokens,
      end.cachedInputTokens,
      end.cacheWriteTokens,
      end.outputTokens,
      end.reasoningTokens,
      end.costMicroUsd,
      end.isEstimated ? 1 : 0,
      id,
    );
  }

  dropEntry(id: string): void {
    this.#session.run('DELETE FROM ledger WHERE id = ? AND is_open = 1', id);
  }

  listOpenEntries(): OpenEntry[] {
    const sql = `SELECT ${ENTRY_COLUMNS}, text_before FROM ledger WHERE is_open = 1 ORDER BY ordinal`;
    return this.#session.all(sql).map((row) => ({ ...toEntry(row), textBefore: Number(row['text_before']) }));
  }

  readSpending(connectionId: string | null, day: string): Spending {
    // Both parameters stand in either statement, so that all connections together are no query of another shape.
    const ofConnection = '(?1 IS NULL OR connection_id = ?1)';
    const today = `${ofConnection} AND day = ?2`;
    const month = `${ofConnection} AND substr(day, 1, 7) = ?2`;
    return {
      spent: {
        day: this.#spent(today, connectionId, day),
        month: this.#spent(month, connectionId, monthOf(day)),
      },
      sums: {
        day: this.#sum(today, connectionId, day),
        month: this.#sum(month, connectionId, monthOf(day)),
      },
    };
  }

  sumByMessage(conversationId: string): MessageSum[] {
    const sql = `SELECT message_id, purpose, ${SUMS} FROM ledger WHERE conversation_id = ? AND is_open = 0
      GROUP BY message_id, purpose ORDER BY min(ordinal)`;
    return this.#session.all(sql, conversationId).map((row) => ({
      messageId: row['message_id'] as string,
      purpose: toPurpose(row),
      ...toSum(row),
    }));
  }

  readReport(month: string | null, today: string): UsageReport {
    const shown = month ?? monthOf(today);
    const inMonth = 'substr(day, 1, 7) = ?';
    return {
      month: shown,
      months: this.#months(monthOf(today)),
      today: this.#sum('day = ?', today),
      total: this.#sum(inMonth, shown),
      allTime: this.#sum('1 = 1'),
      breakdowns: (['day', 'model', 'connection', 'key', 'purpose'] as const).map((by) =>
        this.#breakdown(by, shown),
      ),
    };
  }

  listModels(connectionId: string): string[] {
    const sql = 'SELECT DISTINCT model FROM ledger WHERE connection_id = ? ORDER BY model';
    return this.#session.all(sql, connectionId).map((row) => row['model'] as string);
  }

  listEntries(): LedgerEntry[] {
    const sql = `SELECT ${ENTRY_COLUMNS} FROM ledger WHERE is_open = 0 ORDER BY ordinal`;
    return this.#session.all(sql).map(toEntry);
  }

  #months(present: string): string[] {
    const rows = this.#session.all(
      'SELECT DISTINCT substr(day, 1, 7) AS month FROM ledger WHERE is_open = 0',
    );
    const months = new Set([present, ...rows.map((row) => row['month'] as string)]);
    return [...months].toSorted().toReversed();
  }

  #breakdown(by: Breakdown['by'], month: string): Breakdown {
    const { id, label } = GROUPS[by];
    // A bare column beside max() comes from the row that has the maximum (https://sqlite.org/lang_select.html#bareagg).
    const sql = `SELECT ${id} AS group_id, ${label} AS label, max(ordinal), ${SUMS} FROM ledger
      WHERE substr(day, 1, 7) = ? AND is_open = 0 GROUP BY ${id}
      ORDER BY ${by === 'day' ? 'group_id' : 'cost DESC, requests DESC, group_id'}`;
    const rows = this.#session.all(sql, month).map((row) => ({
      id: row['group_id'] as string,
      label: row['label'] as string,
      ...toSum(row),
    }));
    return { by, rows };
  }

  #sum(where: string, ...values: SqlValue[]): CostSum {
    const row = this.#session.all(`SELECT ${SUMS} FROM ledger WHERE ${where} AND is_open = 0`, ...values)[0];
    return toSum(row ?? {});
  }

  #spent(where: string, ...values: SqlValue[]): Spent {
    const sql = `SELECT ${exactSum('CASE WHEN is_open = 0 THEN cost_micro_usd END')} AS settled,
      ${exactSum('CASE WHEN is_open = 1 THEN cost_micro_usd END')} AS reserved,
      coalesce(sum(is_open = 1 AND purpose <> 'title' AND cost_micro_usd > 0), 0) AS running FROM ledger WHERE ${where}`;
    const row = this.#session.all(sql, ...values)[0] ?? {};
    return {
      settledMicroUsd: Number(row['settled']),
      reservedMicroUsd: Number(row['reserved']),
      isBesideAnother: Number(row['running']) > 0,
    };
  }
}

function toSum(row: Row): CostSum {
  return {
    requestCount: Number(row['requests']),
    unknownCount: Number(row['unknown']),
    estimatedCount: Number(row['estimated']),
    costMicroUsd: Number(row['cost']),
    inputTokens: Number(row['input']),
    cachedInputTokens: Number(row['cached']),
    outputTokens: Number(row['output']),
    reasoningTokens: Number(row['reasoning']),
  };
}

/** A purpose of a later version is shown as an answer, which is what everything was once. */
function toPurpose(row: Row): Purpose {
  return purposeSchema.catch('answer').parse(row['purpose']);
}

function toEntry(row: Row): LedgerEntry {
  return {
    id: row['id'] as string,
    at: Number(row['at']),
    day: row['day'] as string,
    purpose: toPurpose(row),
    connectionId: row['connection_id'] as string,
    connectionLabel: row['connection_label'] as string,
    keyId: row['key_id'] as string | null,
    keyLabel: row['key_label'] as string | null,
    model: row['model'] as string,
    conversationId: row['conversation_id'] as string,
    messageId: row['message_id'] as string,
    inputTokens: Number(row['input_tokens']),
    cachedInputTokens: Number(row['cached_input_tokens']),
    cacheWriteTokens: Number(row['cache_write_tokens']),
    outputTokens: Number(row['output_tokens']),
    reasoningTokens: Number(row['reasoning_tokens']),
    costMicroUsd: row['cost_micro_usd'] === null ? null : Number(row['cost_micro_usd']),
    isEstimated: row['is_estimated'] === 1,
    price: row['price'] === null ? null : modelPriceSchema.parse(JSON.parse(row['price'] as string)),
  };
}
