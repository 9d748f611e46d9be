import type { Message } from '../../contract/model/conversation.ts';
import { toTurns } from '../chat/to-turns.ts';
import { estimateTurns } from '../ledger/estimate-tokens.ts';

/**
 * The place on a path up to which a summary is to stand for the messages: what remains is to fit comfortably, into half the window
 * and into half of what there is, and begins with a question. The last question always remains. null when there is nothing before it.
 */
export function chooseSummaryPoint(path: readonly Message[], windowTokens: number | null): number | null {
  const sizes = path.map((message) => estimateTurns(toTurns([message])));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const comfortable = Math.min((windowTokens ?? Infinity) / 2, total / 2);
  let rest = 0;
  let point: number | null = null;
  for (let index = path.length - 1; index > 0; index -= 1) {
    rest += sizes[index] ?? 0;
    if (path[index]?.role !== 'user') continue;
    if (point !== null && rest > comfortable) break;
    point = index - 1;
  }
  return point;
}
