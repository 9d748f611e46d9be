import type {
  Budget,
  BudgetStatus,
  ConversationCost,
  CostSum,
} from '../../electron/contract/model/ledger.ts';
import { formatCount } from './format.ts';

const MICRO = 1_000_000;
/** Below ten cents a cost is shown to a hundredth of a cent. */
const SMALL_MICRO_USD = 100_000;
/** What a person may type: less than a million dollars, to a millionth of one. */
const DOLLARS = /^\$?\s*(\d{1,6})(?:[.,](\d{1,6}))?$/;

/** "$0.0123", "$0.01", "$3.10", "$1,234.50", "<$0.0001". Never "$0.00" for what is not nothing. */
export function formatCost(microUsd: number): string {
  if (microUsd > 0 && microUsd < 100) return '<$0.0001';
  return dollars(microUsd, 2, microUsd < SMALL_MICRO_USD ? 4 : 2);
}

/** A limit as it was set: "$20", "$0.01", "$7.50". */
export function formatLimit(microUsd: number): string {
  return microUsd % MICRO === 0 ? dollars(microUsd, 0, 0) : `$${trimmedDollars(microUsd)}`;
}

/** A price per million tokens: "$0.005", "$10.00". */
export function formatRate(microUsd: number): string {
  return `$${trimmedDollars(microUsd)}`;
}

/** What stands in a text field for a sum; '' for none. */
export function dollarsToType(microUsd: number | null): string {
  return microUsd === null ? '' : trimmedDollars(microUsd);
}

/** Reads what a person typed: null for nothing, undefined for what is no sum of money. Exact. */
export function parseDollars(text: string): number | null | undefined {
  const typed = text.trim();
  if (typed === '') return null;
  const match = DOLLARS.exec(typed);
  if (match === null) return undefined;
  return Number(match[1]) * MICRO + Number((match[2] ?? '').padEnd(6, '0'));
}

/** "4.1k tok". */
export function formatTokens(count: number): string {
  return `${formatCount(count).replace('K', 'k')} tok`;
}

/** What requests cost: "≈" when tokens were estimated, "≥" when prices are missing, and in words when all are. */
export function formatSum(sum: CostSum): string {
  if (sum.requestCount > 0 && sum.unknownCount === sum.requestCount) return 'cost unknown';
  if (sum.unknownCount > 0) return `≥ ${formatCost(sum.costMicroUsd)}`;
  if (sum.costMicroUsd === 0 && sum.requestCount > 0) return 'free';
  return sum.estimatedCount > 0 ? `≈ ${formatCost(sum.costMicroUsd)}` : formatCost(sum.costMicroUsd);
}

/** The same in sentences. */
export function describeSum(sum: CostSum): string {
  const cached = sum.cachedInputTokens > 0 ? ` (${plain(sum.cachedInputTokens)} from the cache)` : '';
  const reasoning = sum.reasoningTokens > 0 ? ` (${plain(sum.reasoningTokens)} to think)` : '';
  return [
    `${counted(sum.requestCount, 'request')}: ${plain(sum.inputTokens)} tokens sent${cached}, ${plain(sum.outputTokens)} received${reasoning}.`,
    sum.estimatedCount > 0
      ? `${counted(sum.estimatedCount, 'request')} estimated: the provider reported no count.`
      : '',
    sum.unknownCount > 0 ? `${counted(sum.unknownCount, 'request')} of unknown price, not in the sum.` : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** What a conversation has cost, in sentences; what was made beside its answers is named. */
export function describeConversationCost({ total, beside }: ConversationCost): string {
  if (beside.requestCount === 0) return describeSum(total);
  return `${describeSum(total)} Of which ${formatSum(beside)} for titles and summaries.`;
}

/** How a month stands: a few signs for the custody card, and words. */
export interface MonthSummary {
  /** '' when there is nothing to say. */
  readonly line: string;
  readonly words: string;
  readonly tone: 'plain' | 'warn' | 'danger';
}

/** What a connection has cost this month, of how much. A tighter day shows in the tone alone. */
export function summariseMonth({ limit, today, month }: BudgetStatus): MonthSummary {
  const tone = toneOf(limit, { today: today.costMicroUsd, month: month.costMicroUsd });
  const cost = formatSum(month);
  const requests = counted(month.requestCount, 'request');
  if (limit.monthMicroUsd !== null) {
    const most = formatLimit(limit.monthMicroUsd);
    const spent = cost === 'free' ? formatCost(0) : cost;
    const line = cost === 'cost unknown' ? cost : `${spent}/${most}`;
    return { line, words: `${spent} of ${most}, ${requests}.`, tone };
  }
  if (month.requestCount === 0) return { line: '', words: 'No request yet.', tone };
  const line = cost === 'free' ? '' : cost;
  return { line, words: `${cost}, ${requests}. There is no monthly budget.`, tone };
}

/** How close a connection is to its budgets. */
export function toneOf(
  limit: Budget,
  spent: { readonly today: number; readonly month: number },
): MonthSummary['tone'] {
  const shares = [
    limit.dayMicroUsd === null ? 0 : shareOf(spent.today, limit.dayMicroUsd),
    limit.monthMicroUsd === null ? 0 : shareOf(spent.month, limit.monthMicroUsd),
  ];
  const most = Math.max(...shares);
  if (most >= 1) return 'danger';
  return most >= 0.8 ? 'warn' : 'plain';
}

/** 0 for nothing, 1 and more for all. */
export function shareOf(spent: number, limit: number): number {
  return limit === 0 ? 1 : spent / limit;
}

/** "1 request", "1,234 requests". */
export function counted(count: number, noun: string): string {
  return `${plain(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function plain(count: number): string {
  return count.toLocaleString('en');
}

function dollars(microUsd: number, least: number, most: number): string {
  const options = { minimumFractionDigits: least, maximumFractionDigits: most };
  return `$${(microUsd / MICRO).toLocaleString('en', options)}`;
}

/** Two digits behind the point, and as many more as the sum has. */
function trimmedDollars(microUsd: number): string {
  const fraction = String(microUsd % MICRO)
    .padStart(6, '0')
    .replace(/0{1,4}$/, '');
  return `${Math.floor(microUsd / MICRO)}.${fraction}`;
}
