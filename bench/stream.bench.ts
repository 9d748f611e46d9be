import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createSecureContext } from 'node:tls';
import { serialize } from 'node:v8';
import OpenAI from 'openai';
import type { WireEvent } from '../electron/contract/contract.ts';
import { REPLY_TIMING } from '../electron/core/chat/reply-timing.ts';
import { Reply } from '../electron/core/chat/reply.ts';
import { openHistoryStore } from '../electron/core/history/open-history-store.ts';
import type { HistoryStore } from '../electron/core/history/history-store.ts';
import { NetworkLog } from '../electron/core/network/network-log.ts';
import { NetworkTransport } from '../electron/core/network/network-transport.ts';
import type { ChatProvider, ProviderTarget } from '../electron/core/providers/chat-provider.ts';
import { createOpenAIProvider } from '../electron/core/providers/openai/openai-provider.ts';
import { quantile, type Bench, type BenchRow } from './measure.ts';
import { PLAIN_GENERATION, PLAIN_MESSAGE } from '../electron/contract/model/plain.ts';

const EVENTS = 20_000;
/** 50 kB, for the slope. */
const SHORT_EVENTS = EVENTS / 4;
const DELTA_BYTES = 'ten chars '.length;
const FRAME_MS = 16;

/** What one answer cost. */
interface Sample {
  readonly cpuUs: number;
  readonly wallMs: number;
  readonly messages: number;
  readonly messageBytes: number;
}

interface Samples {
  readonly raw: Sample[];
  readonly whole: Sample[];
  readonly short: Sample[];
}

/** Streams 200 kB in 20,000 events, with the bare SDK and with all of ours in turn, and compares CPU time. */
export const bench: Bench = async ({ rounds }) => {
  const server = fork(new URL('./stream-server.ts', import.meta.url));
  const folder = mkdtempSync(path.join(tmpdir(), 'latchkey-bench-'));
  const location = {
    databaseFile: path.join(folder, 'history.sqlite'),
    workerUrl: new URL('../electron/core/history/history-worker.ts', import.meta.url),
  };
  const history = await openHistoryStore(location, Date.now());
  const transport = openTransport();
  try {
    const [port] = (await once(server, 'message')) as [number];
    const serverUrl = `http://127.0.0.1:${port}`;
    const log = new NetworkLog({ now: Date.now }, { next: randomUUID }, () => true);
    const provider = createOpenAIProvider(log, transport.fetch);
    const raw = (events: number) => measure(() => streamRaw(serverUrl, events));
    const whole = (events: number) => measure(() => streamWhole(serverUrl, events, { provider, history }));
    // The first of each only warms up.
    await raw(EVENTS);
    await whole(EVENTS);
    const samples: Samples = { raw: [], whole: [], short: [] };
    for (let round = 0; round < rounds; round += 1) {
      samples.raw.push(await raw(EVENTS));
      samples.whole.push(await whole(EVENTS));
      samples.short.push(await whole(SHORT_EVENTS));
    }
    return compare(samples);
  } finally {
    await transport.close();
    await history.close();
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  }
};

function compare({ raw, whole, short }: Samples): BenchRow[] {
  const perEvent = (samples: readonly Sample[], events = EVENTS): number =>
    quantile(
      samples.map(({ cpuUs }) => cpuUs / events),
      0.5,
    );
  const perFrame = Math.max(...whole.map(({ messages, wallMs }) => messages / (wallMs / FRAME_MS + 1)));
  const messageBytes = quantile(
    whole.map((sample) => sample.messageBytes),
    0.5,
  );
  return [
    {
      what: "main's CPU per event of an answer, persistence and IPC included",
      unit: 'us',
      ours: perEvent(whole),
      baseline: perEvent(raw),
      against: 'the SDK alone',
      goal: { of: 'ratio', max: 1.5 },
    },
    {
      what: 'the same: an answer of 200 kB beside one of 50 kB',
      unit: 'us',
      ours: perEvent(whole),
      baseline: perEvent(short, SHORT_EVENTS),
      against: 'ours, 50 kB',
      goal: { of: 'ratio', max: 1.3 },
    },
    {
      what: 'IPC messages per 16 ms',
      unit: '',
      ours: perFrame,
      baseline: 0,
      against: '',
      goal: { of: 'ours', max: 1 },
    },
    {
      what: 'IPC bytes of an answer, as fast as it comes',
      unit: 'B',
      ours: messageBytes,
      baseline: EVENTS * DELTA_BYTES,
      against: 'its text',
      goal: { of: 'ratio', max: 1.3 },
    },
  ];
}

async function measure(work: () => Promise<{ messages: number; messageBytes: number }>): Promise<Sample> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  const counted = await work();
  const { user, system } = process.cpuUsage(before);
  return { ...counted, cpuUs: user + system, wallMs: performance.now() - startedAt };
}

async function streamRaw(
  serverUrl: string,
  events: number,
): Promise<{ messages: number; messageBytes: number }> {
  const client = new OpenAI({
    apiKey: 'none',
    baseURL: `${serverUrl}/${events}/v1`,
    maxRetries: 0,
    logLevel: 'off',
  });
  let length = 0;
  const stream = await client.responses.create({ model: 'm', input: 'x', store: false, stream: true });
  for await (const event of stream)
    if (event.type === 'response.output_text.delta') length += event.delta.length;
  if (length !== events * DELTA_BYTES) throw new Error('the answer was not whole');
  return { messages: 0, messageBytes: 0 };
}

/** Everything main does: guard, SDK, state machine, database, and each event made ready to be sent. */
async function streamWhole(
  serverUrl: string,
  events: number,
  { provider, history }: { readonly provider: ChatProvider; readonly history: HistoryStore },
): Promise<{ messages: number; messageBytes: number }> {
  let messages = 0;
  let messageBytes = 0;
  const emit = (event: WireEvent): void => {
    messages += 1;
    messageBytes += serialize(event).length;
  };
  const identity = await startReply(history);
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const reply = new Reply(identity, {
    provider,
    history,
    attachments: {
      prepareImage: () => Promise.reject(new Error('there are no pictures')),
      keepImage: () => Promise.reject(new Error('there are no pictures')),
    },
    events: { emit },
    clock: { now: Date.now },
    logger,
    signals: { isOnline: () => true, subscribe: () => () => undefined },
    timing: REPLY_TIMING,
    random: Math.random,
  });
  const request = { model: 'm', generation: PLAIN_GENERATION, turns: [{ role: 'user' as const, text: 'x' }] };
  const outcome = await reply.run({
    request,
    learner: {
      prepare: (asked) => asked,
      noteAnswered: () => undefined,
      noteRefused: () => false,
    },
    targetFor: () => Promise.resolve(targetOf(`${serverUrl}/${events}/v1`)),
  });
  if (outcome.state !== 'done') throw new Error(`the answer ended as ${outcome.state}`);
  if (reply.receivedText().length !== events * DELTA_BYTES) throw new Error('the answer was not whole');
  return { messages, messageBytes };
}

async function startReply(history: HistoryStore) {
  const [conversationId, userId, messageId] = [randomUUID(), randomUUID(), randomUUID()];
  const now = Date.now();
  const common = { ...PLAIN_MESSAGE, conversationId, createdAt: now };
  const choice = { connectionId: null, keyId: null, model: 'm' };
  const user = { ...common, id: userId, parentId: null, text: 'x', model: null };
  const assistant = { ...common, id: messageId, parentId: userId, text: '', model: 'm' };
  await history.startReply({
    newConversation: {
      id: conversationId,
      title: 'x',
      ...choice,
      generation: PLAIN_GENERATION,
      createdAt: now,
      updatedAt: now,
    },
    userMessage: { ...user, role: 'user', state: 'done' },
    assistantMessage: { ...assistant, role: 'assistant', state: 'streaming' },
    choice,
    asked: { connectionId: randomUUID(), keyId: null },
  });
  return { streamId: randomUUID(), messageId, conversationId, initialText: '', initialReasoning: '' };
}

function targetOf(baseUrl: string): ProviderTarget {
  return {
    baseUrl,
    origin: new URL(baseUrl).origin,
    dialect: 'responses',
    apiKey: null,
    keyHeader: 'bearer',
    organization: null,
    project: null,
    keyLabel: null,
  };
}

/** As it leaves for a server on this computer, where no proxy, certificate or login counts. */
function openTransport(): NetworkTransport {
  return new NetworkTransport({
    sources: () => ({
      proxy: { mode: 'none', url: null, bypass: [], followsScripts: false },
      variables: {},
      resolveProxy: () => Promise.resolve('DIRECT'),
    }),
    context: () => Promise.resolve(createSecureContext()),
    findLogin: () => Promise.resolve(null),
  });
}
