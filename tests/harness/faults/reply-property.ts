import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { AppError, type ErrorCode } from '../../../electron/contract/app-error.ts';
import type { Message } from '../../../electron/contract/model/conversation.ts';
import { StreamStore } from '../../../renderer/lib/stream-store.ts';
import { createTestCore, type TestCore } from '../create-test-core.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { ScriptedProvider } from './scripted-provider.ts';

/** What can happen to a reply. */
type Step =
  | { readonly kind: 'bytes' | 'finish' | 'pause' }
  | { readonly kind: 'text' | 'thought'; readonly text: string }
  | { readonly kind: 'fail'; readonly code: ErrorCode }
  | { readonly kind: 'cancel' | 'try now' | 'resumed' | 'online' | 'reload' | 'close window' | 'quit' };

const RETRYABLE: readonly ErrorCode[] = [
  'quota/rate-limited',
  'provider/server-error',
  'network/interrupted',
];
const FINAL: readonly ErrorCode[] = [
  'auth/rejected-key',
  'quota/insufficient',
  'provider/garbled',
  'internal',
];
const MAX_REQUESTS = 3;

const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: textStep('text') },
    { weight: 3, arbitrary: textStep('thought') },
    { weight: 5, arbitrary: fc.constantFrom(...RETRYABLE).map((code): Step => ({ kind: 'fail', code })) },
    { weight: 1, arbitrary: fc.constantFrom(...FINAL).map((code): Step => ({ kind: 'fail', code })) },
    { weight: 4, arbitrary: stepOf('pause') },
    { weight: 1, arbitrary: stepOf('bytes') },
    { weight: 1, arbitrary: stepOf('finish') },
    { weight: 1, arbitrary: stepOf('cancel') },
    { weight: 3, arbitrary: stepOf('try now') },
    { weight: 2, arbitrary: fc.oneof(stepOf('resumed'), stepOf('online')) },
    { weight: 3, arbitrary: fc.oneof(stepOf('reload'), stepOf('close window')) },
    { weight: 1, arbitrary: stepOf('quit') },
  ),
  { maxLength: 25 },
);

function stepOf(kind: Exclude<Step['kind'], 'text' | 'thought' | 'fail'>): fc.Arbitrary<Step> {
  return fc.constant({ kind });
}

/** Any text but NUL, for which the history has a stand-in of its own. */
function textStep(kind: 'text' | 'thought'): fc.Arbitrary<Step> {
  return fc
    .string({ unit: 'binary', minLength: 1, maxLength: 12 })
    .map((text) => ({ kind, text: text.replaceAll('\0', ' ') }));
}

/** Runs random interleavings and checks after each what must hold for every reply. */
export async function checkReplies(runs: number): Promise<void> {
  const folder = temporaryFolder();
  const world = new PropertyWorld(folder.path);
  try {
    await world.open();
    await fc.assert(
      fc.asyncProperty(steps, (sequence) => world.check(sequence)),
      { numRuns: runs },
    );
  } finally {
    await world.app.stop();
    folder.remove();
  }
}

/** A core whose provider does as it is told, and a window that may come and go. */
class PropertyWorld {
  readonly #folder: string;
  readonly #provider = new ScriptedProvider();
  #app: TestCore | null = null;
  #connectionId = '';

  constructor(folder: string) {
    this.#folder = folder;
  }

  get app(): TestCore {
    if (this.#app === null) throw new Error('the world is not open');
    return this.#app;
  }

  async open(): Promise<void> {
    await this.#start();
    const baseUrl = 'http://127.0.0.1:9/v1';
    this.#connectionId = await this.app.addConnection({ baseUrl, key: null });
  }

  async check(sequence: readonly Step[]): Promise<void> {
    const { app } = this;
    const connectionId = this.#connectionId;
    const firstCall = this.#provider.calls.length;
    const started = await app.get('chat.send', {
      conversationId: null,
      connectionId,
      model: 'm',
      text: 'hi',
    });
    const { streamId, conversationId, assistantMessage } = started;
    const run = new Run(app, started, () => this.#provider.calls.slice(firstCall));
    await run.openWindow();
    await run.settle();
    for (const step of sequence) await run.do(step);
    await run.end();
    if (run.hasQuit) await this.#start();
    const calls = this.#provider.calls.slice(firstCall);
    const { messages } = await this.app.get('conversations.open', { id: conversationId });
    const stored = messages.find(({ id }) => id === assistantMessage.id);
    const heard = app.events.all.filter(
      ({ name, payload }) =>
        name.startsWith('chat.') && (payload as { streamId?: string }).streamId === streamId,
    );
    const ends = app.events.of('chat.ended').filter((event) => event.streamId === streamId);
    const deltas = app.events.of('chat.delta').filter((event) => event.streamId === streamId);
    assert.equal(ends.length, 1);
    assert.equal(heard.at(-1)?.name, 'chat.ended');
    const seqs = heard.map(({ payload }) => (payload as { seq: number }).seq);
    assert.deepEqual(
      seqs,
      seqs.map((_seq, index) => index + 1),
    );
    assert.equal(stored?.state, ends[0]?.state);
    assert.equal(stored?.text, deltas.map(({ text }) => text).join(''));
    const thoughts = app.events.of('chat.reasoning').filter((event) => event.streamId === streamId);
    assert.equal(stored?.reasoning, thoughts.map(({ text }) => text).join(''));
    const sentText = calls.at(-1)?.sentText ?? '';
    const sentThoughts = calls.at(-1)?.sentThoughts ?? '';
    assert.ok(sentThoughts.startsWith(stored?.reasoning ?? '?'), 'so are the thoughts');
    assert.ok(sentText.startsWith(stored?.text ?? '?'), 'the text is a prefix of what was sent');
    assert.ok(calls.length <= MAX_REQUESTS, 'at most three requests');
    assert.ok(!calls.slice(0, -1).some(({ hasSent }) => hasSent), 'nothing is asked twice after a byte');
    if (run.callsAtCancel !== null) assert.equal(calls.length, run.callsAtCancel);
    if (stored?.state === 'done') {
      assert.equal(calls.at(-1)?.hasFinished, true);
      assert.equal(stored.text, sentText);
      assert.equal(stored.reasoning, sentThoughts);
    }
    run.assertWindowShows(stored);
  }

  async #start(): Promise<void> {
    this.#app = await createTestCore({
      folder: this.#folder,
      provider: this.#provider,
      timing: { retryBaseMs: 12, countsMs: 20 },
    });
  }
}

/** One reply and everything that happens to it. */
class Run {
  hasQuit = false;
  /** How many requests had been made when the person stopped or quit while it ran. */
  callsAtCancel: number | null = null;
  readonly #app: TestCore;
  readonly #started: {
    readonly streamId: string;
    readonly conversationId: string;
    readonly messageId: string;
  };
  readonly #calls: () => readonly ScriptedProvider['calls'][number][];
  #store: StreamStore | null = null;
  #stopListening = (): void => undefined;

  constructor(
    app: TestCore,
    started: {
      readonly streamId: string;
      readonly conversationId: string;
      readonly assistantMessage: { readonly id: string };
    },
    calls: () => readonly ScriptedProvider['calls'][number][],
  ) {
    this.#app = app;
    this.#started = { ...started, messageId: started.assistantMessage.id };
    this.#calls = calls;
  }

  async do(step: Step): Promise<void> {
    if (this.hasQuit) return;
    const call = this.#calls().at(-1);
    const { streamId } = this.#started;
    switch (step.kind) {
      case 'bytes':
        return call?.bytes();
      case 'text':
        return call?.text(step.text);
      case 'thought':
        return call?.thought(step.text);
      case 'finish':
        return call?.finish();
      case 'fail':
        call?.fail(new AppError(step.code, 'a scripted failure'));
        return this.settle();
      case 'pause':
        await delay(20);
        return;
      case 'cancel': {
        const isRunning = this.#isRunning();
        await this.#app.get('chat.cancel', { streamId });
        // Not before: until it has heard of it, main may make a request that was due.
        if (isRunning) this.callsAtCancel ??= this.#calls().length;
        return;
      }
      case 'try now':
        await this.#app.get('chat.retryNow', { streamId });
        return this.settle();
      case 'resumed':
      case 'online':
        return this.#app.signals.send(step.kind);
      case 'reload':
        return this.openWindow();
      case 'close window':
        return this.#closeWindow();
      case 'quit':
        this.hasQuit = true;
        this.#closeWindow();
        await this.#app.stop();
        this.callsAtCancel ??= this.#calls().length;
        return;
    }
  }

  /** A new window: knows nothing, listens, attaches. */
  async openWindow(): Promise<void> {
    this.#closeWindow();
    const store = new StreamStore();
    this.#store = store;
    this.#stopListening = this.#app.events.subscribe((event) => {
      if (event.name === 'chat.delta') this.#closeGap(store, store.apply(event.payload));
      if (event.name === 'chat.reasoning') this.#closeGap(store, store.applyReasoning(event.payload));
      if (event.name === 'chat.waiting') this.#closeGap(store, store.applyWait(event.payload));
    });
    await this.#attach(store);
  }

  /** Lets everything run that is ready to. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  async end(): Promise<void> {
    if (!this.hasQuit) await this.do({ kind: 'cancel' });
    const { streamId } = this.#started;
    await this.#app.events.next('chat.ended', (event) => event.streamId === streamId);
    await this.settle();
    this.#stopListening();
  }

  assertWindowShows(stored: Pick<Message, 'text' | 'reasoning'> | undefined): void {
    // null: it was opened after the end and reads the history instead.
    const shown = this.#store?.textOf(this.#started.messageId) ?? null;
    if (shown === null) return;
    assert.equal(shown, stored?.text);
    assert.equal(this.#store?.reasoningOf(this.#started.messageId), stored?.reasoning);
  }

  async #attach(store: StreamStore): Promise<void> {
    const { conversationId } = this.#started;
    store.await(conversationId);
    store.attach(conversationId, await this.#app.get('chat.attach', { conversationId }));
  }

  #closeGap(store: StreamStore, outcome: string): void {
    // As in the window, whoever listens first; failing shows in what the window shows at the end.
    if (outcome === 'gap') void this.#attach(store);
  }

  #closeWindow(): void {
    this.#stopListening();
    this.#stopListening = () => undefined;
    this.#store = null;
  }

  #isRunning(): boolean {
    return !this.#app.events.of('chat.ended').some(({ streamId }) => streamId === this.#started.streamId);
  }
}
