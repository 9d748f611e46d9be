import type { ErrorCode } from '../../../electron/contract/app-error.ts';
import { textAt, type Position } from './exchange.ts';
import type { Fault } from './fault-table.ts';
import type { Dialect } from './wire.ts';

/** Both ways to ask. */
export const BOTH: readonly Dialect[] = ['responses', 'chat-completions'];

type Given = Pick<Fault, 'name' | 'position' | 'cause'> & Partial<Fault>;

/** A row; what is not said is the quiet default. */
export function row(given: Given & Pick<Fault, 'state' | 'code'>): Fault {
  return { dialects: BOTH, act: 'nothing', requests: 1, text: '', minWaitMs: 0, ...given };
}

/** One row per place. */
export function rows(positions: readonly Position[], make: (position: Position) => Fault): Fault[] {
  return positions.map(make);
}

/** Failed after all three requests. */
export function failedThrice(given: Given, code: ErrorCode): Fault {
  return row({ requests: 3, ...given, state: 'failed', code });
}

/** Failed, and nobody asked again. */
export function failedOnce(given: Given, code: ErrorCode): Fault {
  return row({ text: textAt(given.position), ...given, state: 'failed', code });
}

/** A break: interrupted when there is text, failed when there is none. */
export function broken(given: Given, code: ErrorCode): Fault {
  const text = given.text ?? textAt(given.position);
  return row({ ...given, text, state: text === '' ? 'failed' : 'interrupted', code });
}
