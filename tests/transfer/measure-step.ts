// One import or export in a process of its own, so that the memory it takes is nobody else's. Prints what it came to as JSON.
import { parseArgs } from 'node:util';
import type { TransferProgress } from '../../electron/contract/model/transfer.ts';
import { openTransferWorld } from '../harness/transfer-world.ts';
import type { StepResult } from './run-step.ts';

const INTERVAL_MS = 10;
/** What the core does of itself after its start is over by then. */
const IDLE_MS = 500;

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    export: { type: 'string' },
    import: { type: 'string', multiple: true },
  },
});

const world = await openTransferWorld(values.folder ?? '');
await new Promise((resolve) => {
  setTimeout(resolve, IDLE_MS);
});
const idleBytes = process.memoryUsage.rss();
let peakBytes = idleBytes;
const timer = setInterval(() => {
  peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
}, INTERVAL_MS);
const typing = probeHistory();
const startedAt = performance.now();
const outcome =
  values.export === undefined
    ? await world.importFiles(...(values.import ?? []))
    : await world.exportTo(values.export);
const seconds = (performance.now() - startedAt) / 1_000;
clearInterval(timer);
const longestWaitMs = await typing.stop();
const progress = world.core.events
  .of('transfer.changed')
  .flatMap((each): TransferProgress[] =>
    each.kind === 'running' && each.progress.phase !== 'saving' ? [each.progress] : [],
  );
await world.core.stop();
const result: StepResult = {
  outcome,
  seconds,
  idleBytes,
  peakBytes,
  longestWaitMs,
  progressCount: progress.length,
  isProgressGrowing: progress.every(({ done }, index) => done >= (progress[index - 1]?.done ?? 0)),
};
process.stdout.write(JSON.stringify(result));

/** Saves a draft again and again, as somebody who types meanwhile; says how long the slowest took. */
function probeHistory(): { stop(): Promise<number> } {
  const probe = { longestMs: 0, isStopped: false };
  const ended = (async () => {
    for (let n = 0; !probe.isStopped; n += 1) {
      const from = performance.now();
      await world.core.get('drafts.save', { conversationId: null, text: `draft ${n}` });
      probe.longestMs = Math.max(probe.longestMs, performance.now() - from);
      await new Promise((resolve) => {
        setTimeout(resolve, INTERVAL_MS);
      });
    }
  })();
  return {
    async stop() {
      probe.isStopped = true;
      await ended;
      return probe.longestMs;
    },
  };
}
