import { setTimeout as delay } from 'node:timers/promises';
import type { EventPayload } from '../../../electron/contract/contract.ts';
import type { TestCore } from '../create-test-core.ts';
import { unstarvedNow } from '../unstarved-clock.ts';
import { progressOf, type Cell, type FaultWorld, type SeenRequest } from './fault-world.ts';

/** What became of a cell. */
export interface CellReport {
  readonly cell: Cell;
  /** What was not right; empty when all was. */
  readonly problems: readonly string[];
  /** From the click to the end, without the waits that were announced. */
  readonly tookMs: number;
  /** From Stop to the closed socket; null where nobody stopped or no socket was open. */
  readonly closedAfterMs: number | null;
}

type Ended = EventPayload<'chat.ended'>;
type Waiting = EventPayload<'chat.waiting'>;

/** Everything a window hears of one stream. */
interface Watched {
  readonly seqs: number[];
  readonly ends: Ended[];
  readonly waits: Waiting[];
  text: string;
  announcedWaitMs: number;
}

/** Runs one cell against the real provider, service and database, and compares every outcome with the table. */
export async function runCell(world: FaultWorld, cell: Cell, limitMs: number): Promise<CellReport> {
  const { app } = world;
  const { fault } = cell;
  const label = labelOf(cell);
  const watched: Watched = { seqs: [], ends: [], waits: [], text: '', announcedWaitMs: 0 };
  const { id: connectionId, seen } = await world.connect(
    cell,
    label,
    progressOf(app, label, () => watched.text),
  );
  const startedAt = unstarvedNow();
  const started = await app.get('chat.send', { conversationId: null, connectionId, model: 'm', text: 'hi' });
  const stopWatching = watch(app, started.streamId, watched);
  const closedAfter = await act(app, cell, { ...started, watched, seen });
  const hasEnded = await endWithin(watched, startedAt, limitMs);
  const tookMs = Math.round(unstarvedNow() - startedAt - watched.announcedWaitMs);
  const requests = (await app.get('network.list', {})).filter(({ keyLabel }) => keyLabel === label).length;
  const { messages } = await app.get('conversations.open', { id: started.conversationId });
  stopWatching();
  const stored = messages.at(-1);
  const [end] = watched.ends;
  const problems = [
    hasEnded ? '' : `no end within ${limitMs} ms`,
    differs('ends', watched.ends.length, 1),
    differs('state', end?.state, fault.state),
    differs('code', end?.error?.code ?? null, fault.code),
    differs('requests', requests, fault.requests),
    differs('stored state', stored?.state, fault.state),
    differs('stored text', stored?.text, fault.text),
    differs('shown text', watched.text, fault.text),
    differs('stored code', stored?.error?.code ?? null, fault.code),
    differs('numbers', watched.seqs.join(), watched.seqs.map((_seq, index) => index + 1).join()),
    differs('leaked words', /words of the provider|sk-test/.test(JSON.stringify(watched.ends)), false),
    spacingProblem(seen, fault.minWaitMs),
  ];
  return { cell, problems: problems.filter((problem) => problem !== ''), tookMs, closedAfterMs: closedAfter };
}

/** How a cell is called in reports and in the network log. */
export function labelOf({ fault, dialect }: Cell): string {
  return `${fault.name} ${fault.position} ${dialect}`.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

function watch(app: TestCore, streamId: string, watched: Watched): () => void {
  const hear = (event: TestCore['events']['all'][number]): void => {
    if (event.name !== 'chat.delta' && event.name !== 'chat.waiting' && event.name !== 'chat.ended') return;
    if (event.payload.streamId !== streamId) return;
    watched.seqs.push(event.payload.seq);
    if (event.name === 'chat.delta') watched.text += event.payload.text;
    if (event.name === 'chat.ended') watched.ends.push(event.payload);
    if (event.name !== 'chat.waiting') return;
    watched.waits.push(event.payload);
    watched.announcedWaitMs += Math.max(0, (event.payload.waiting?.retryAt ?? 0) - Date.now());
  };
  for (const event of app.events.all) hear(event);
  return app.events.subscribe(hear);
}

async function act(
  app: TestCore,
  { fault }: Cell,
  started: {
    readonly streamId: string;
    readonly conversationId: string;
    readonly watched: Watched;
    readonly seen: readonly SeenRequest[];
  },
): Promise<number | null> {
  const { streamId, conversationId, watched, seen } = started;
  switch (fault.act) {
    case 'nothing':
      return null;
    case 'stop': {
      await until(() => seen.length === 1 && watched.text === fault.text);
      const stoppedAt = unstarvedNow();
      await app.get('chat.cancel', { streamId });
      return Math.round(((await seen[0]?.socketClosed) ?? Number.NaN) - stoppedAt);
    }
    case 'stop while it waits':
    case 'try now': {
      await until(() => watched.waits.length === 1);
      const live = await app.get('chat.attach', { conversationId });
      // A window that is loaded now must be able to show the wait.
      if (live?.waiting?.attempt !== 2) throw new Error('the wait is not part of what a window attaches to');
      watched.announcedWaitMs = 0;
      await app.get(fault.act === 'try now' ? 'chat.retryNow' : 'chat.cancel', { streamId });
      return null;
    }
  }
}

/** Waits for the end; announced waits do not count. */
async function endWithin(watched: Watched, startedAt: number, limitMs: number): Promise<boolean> {
  const isLate = (): boolean => unstarvedNow() - startedAt - watched.announcedWaitMs > limitMs;
  await until(() => watched.ends.length > 0 || isLate());
  return watched.ends.length > 0 && !isLate();
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await delay(5);
}

function spacingProblem([first, second]: readonly SeenRequest[], minWaitMs: number): string {
  if (first === undefined || second === undefined || second.at - first.at >= minWaitMs) return '';
  return `asked again after ${second.at - first.at} ms, not ${minWaitMs}`;
}

function differs(what: string, found: unknown, expected: unknown): string {
  return Object.is(found, expected)
    ? ''
    : `${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`;
}
