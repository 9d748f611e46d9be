import { AppError } from '../../contract/app-error.ts';
import type { Usage } from '../../contract/model/conversation.ts';
import type {
  ChatProvider,
  CompletionRequest,
  ProviderEvent,
  ProviderTarget,
} from '../providers/chat-provider.ts';
import type { ReplyTiming } from './reply-timing.ts';
import { Watchdog } from './watchdog.ts';

/** One request and whoever waits for its answer. */
export interface AttemptOptions {
  readonly provider: ChatProvider;
  readonly target: ProviderTarget;
  readonly request: CompletionRequest;
  readonly timing: ReplyTiming;
  readonly signal: AbortSignal;
  readonly onContent: (content: ReplyContent) => void;
}

/** What an answer consists of. */
export type ReplyContent = Extract<
  ProviderEvent,
  { readonly type: 'delta' | 'reasoning' | 'citations' | 'image-begun' | 'image' }
>;

/** What became of a request. */
export type AttemptEnd =
  | { readonly kind: 'finished'; readonly usage: Usage | null }
  /** `isFinal`: something of an answer has arrived, or a whole wait was spent on it. Then nobody asks again unasked. */
  | {
      readonly kind: 'broken';
      readonly error: unknown;
      readonly isFinal: boolean;
      /** What is cut short is billed all the same. */
      readonly usage: Usage | null;
    };

/** What has arrived besides content. */
interface Answer {
  isWhole: boolean;
  /** Why the provider ended it before its time. */
  cutBy: AppError | null;
  usage: Usage | null;
}

const CONTENT: ReadonlySet<ProviderEvent['type']> = new Set([
  'delta',
  'reasoning',
  'citations',
  'image-begun',
  'image',
]);

/** Makes one request and hands over what it brings. Never rejects; ends within the limits whatever the provider does. */
export async function runAttempt(options: AttemptOptions): Promise<AttemptEnd> {
  const { provider, target, request, timing, onContent } = options;
  const stop = new AbortController();
  const { signal } = stop;
  const stopAsAsked = (): void => stop.abort(options.signal.reason);
  options.signal.addEventListener('abort', stopAsAsked, { once: true });
  if (options.signal.aborted) stopAsAsked();
  let hasExpired = false;
  const expire = (): void => {
    hasExpired = !signal.aborted;
    stop.abort(new AppError('network/timeout', 'The server stopped answering.'));
  };
  const watchdog = new Watchdog(timing, expire);
  const answer: Answer = { isWhole: false, cutBy: null, usage: null };
  let countsTimer: NodeJS.Timeout | undefined;
  const onEvent = (event: ProviderEvent): void => {
    watchdog.noteProgress();
    note(event, answer);
    if (isContent(event)) onContent(event);
    if (event.type === 'finished' || event.type === 'cut')
      countsTimer ??= setTimeout(expire, timing.countsMs);
  };
  try {
    const watch = { signal, onBytes: () => watchdog.noteBytes() };
    const received = receiveAll(provider.stream(target, request, watch), signal, onEvent);
    // A provider that does not hear the abort must not hold the reply up.
    await Promise.race([received, rejectionBy(signal)]);
    return endOf(answer);
  } catch (error) {
    // What breaks after the end of an answer can only cost its token counts.
    if (answer.isWhole || answer.cutBy !== null) return endOf(answer);
    return {
      kind: 'broken',
      error: hasExpired ? signal.reason : error,
      isFinal: hasExpired || watchdog.hasBytes,
      usage: answer.usage,
    };
  } finally {
    options.signal.removeEventListener('abort', stopAsAsked);
    watchdog.stop();
    clearTimeout(countsTimer);
  }
}

async function receiveAll(
  events: AsyncIterable<ProviderEvent>,
  signal: AbortSignal,
  onEvent: (event: ProviderEvent) => void,
): Promise<void> {
  // For every event a flag, since asking a signal takes a tenth of what reading the event does.
  let isStopped = signal.aborted;
  signal.addEventListener('abort', () => (isStopped = true), { once: true });
  for await (const event of events) {
    if (isStopped) break;
    onEvent(event);
  }
  // A provider that ignores the abort must not turn it into a success.
  signal.throwIfAborted();
}

function isContent(event: ProviderEvent): event is ReplyContent {
  return CONTENT.has(event.type);
}

function note(event: ProviderEvent, answer: Answer): void {
  if (event.type === 'finished') answer.isWhole = true;
  if (event.type === 'cut') answer.cutBy ??= event.error;
  if ('usage' in event) answer.usage = event.usage ?? answer.usage;
}

function endOf({ cutBy, usage }: Answer): AttemptEnd {
  return cutBy === null
    ? { kind: 'finished', usage }
    : { kind: 'broken', error: cutBy, isFinal: true, usage };
}

/** Rejects with the reason of an abort; pending for ever without one. */
export function rejectionBy(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const rejectNow = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', rejectNow, { once: true });
    if (signal.aborted) rejectNow();
  });
}
