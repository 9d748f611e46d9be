import type { ErrorCode } from '../../../electron/contract/app-error.ts';
import type { TerminalState } from '../../../electron/contract/model/conversation.ts';
import type { Position, Serve } from './exchange.ts';
import { connectionFaults } from './connection-faults.ts';
import { statusFaults } from './status-faults.ts';
import { streamFaults } from './stream-faults.ts';
import type { Dialect } from './wire.ts';

/** What the person does meanwhile. */
export type Act = 'nothing' | 'stop' | 'stop while it waits' | 'try now';

/** Where a request goes instead of the faulty server. */
export type Place =
  | 'unknown name'
  | 'closed port'
  | 'wrong certificate'
  | 'proxy with a login'
  | 'proxy that refuses'
  | 'no proxy';

/** One row: a fault at a place, and the one right end. */
export interface Fault {
  readonly name: string;
  readonly position: Position;
  /** Where it can occur at all. */
  readonly dialects: readonly Dialect[];
  /** A way to answer, or a place where nobody does. */
  readonly cause: Serve | Place;
  readonly act: Act;
  readonly state: TerminalState;
  readonly code: ErrorCode | null;
  /** Requests made for the one click. */
  readonly requests: number;
  /** The text that is kept. */
  readonly text: string;
  /** Least time between the first two requests, in milliseconds. */
  readonly minWaitMs: number;
}

/** The matrix: every fault at every place where it can occur. docs/chat-outcomes.md shows it. */
export const FAULTS: readonly Fault[] = [...connectionFaults, ...streamFaults, ...statusFaults];
