import type { WireError } from '../../electron/contract/app-error.ts';
import type { Bridge } from '../../electron/contract/bridge.ts';
import type {
  EventName,
  EventPayload,
  RouteInput,
  RouteName,
  RouteOutput,
} from '../../electron/contract/contract.ts';
import type { ShownMessage } from '../../electron/contract/model/conversation.ts';
import { costSum, modelPrices, usageReport } from './fake-costs.ts';
import { PLAIN_GENERATION } from '../lib/plain-generation.ts';
import { answer, diagnostics, makeWorld, PLAIN_MESSAGE } from './fake-data.ts';
import type { World } from './fake-data.ts';

type Handlers = { [R in RouteName]?: (input: RouteInput<R>) => RouteOutput<R> };

class Refused extends Error {
  readonly wire: WireError;
  constructor(wire: WireError) {
    super(wire.message);
    this.wire = wire;
  }
}

/** Puts a bridge on the window that behaves like main, with scripted data. */
export function installFakeBridge(scenario: string): void {
  const fake = new FakeMain(makeWorld(scenario), scenario);
  Object.assign(window, { latchkey: fake.bridge, fakeMain: fake });
}

/** A main process of paper. */
export class FakeMain {
  readonly #world: World;
  readonly #listeners = new Set<(event: unknown) => void>();
  readonly #drafts = new Map<string, string>();
  readonly #handlers: Handlers;
  #stop: ((state: 'cancelled') => void) | null = null;
  #live: RouteOutput<'chat.attach'> = null;

  constructor(world: World, scenario: string) {
    this.#world = world;
    this.#handlers = this.#makeHandlers(scenario);
  }

  get bridge(): Bridge {
    return {
      request: async (route, input) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        try {
          const handler = this.#handlers[route as RouteName] as ((input: unknown) => unknown) | undefined;
          if (handler === undefined)
            throw new Refused({ code: 'ipc/unknown-route', message: route, details: {} });
          return structuredClone({ ok: true, value: handler(input) });
        } catch (error) {
          if (error instanceof Refused) return { ok: false, error: error.wire };
          return { ok: false, error: { code: 'internal', message: String(error), details: {} } };
        }
      },
      subscribe: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    };
  }

  /** Sends an event to the window. */
  emit<E extends EventName>(name: E, payload: EventPayload<E>): void {
    for (const listener of this.#listeners) listener({ name, payload });
  }

  #find(id: string): World['conversations'][number] {
    const found = this.#world.conversations.find((each) => each.conversation.id === id);
    if (found === undefined)
      throw new Refused({ code: 'chat/not-found', message: 'No such conversation.', details: {} });
    return found;
  }

  #list(): RouteOutput<'conversations.list'> {
    return this.#world.conversations.filter((each) => !each.isRemoved).map((each) => each.conversation);
  }

  #showSignIn(status: World['signIn']): World['signIn'] {
    this.#world.signIn = status;
    this.emit('signIn.changed', status);
    return status;
  }

  #makeHandlers(scenario: string): Handlers {
    const world = this.#world;
    return {
      'app.info': () => world.info,
      'app.diagnostics': () => ({ text: diagnostics }),
      'app.dismissNotice': () => null,
      'app.openProfileFolder': () => null,
      'app.restart': () => null,
      'settings.get': () => world.settings,
      'settings.change': (patch) => Object.assign(world.settings, patch),
      'link.open': () => ({ outcome: 'declined' as const }),
      'search.messages': ({ query }) => this.#search(query),
      'transfer.status': () => ({ kind: 'idle' as const }),
      'transfer.dismiss': () => null,
      'backups.list': () => world.backups,
      'backups.remove': () => null,
      'backups.restore': () => null,
      'network.list': () => [],
      'network.clear': () => null,
      'signIn.status': () => world.signIn,
      'signIn.start': () =>
        this.#showSignIn({ state: 'waiting', error: null, expiresAt: Date.now() + 120_000 }),
      'signIn.openBrowser': () => null,
      'signIn.cancel': () => this.#showSignIn({ state: 'idle', error: null, expiresAt: null }),
      'network.status': () => ({
        login: null,
        hasEnvironmentProxy: false,
        allowsScripts: false,
        certificates: [],
        systemAuthorities: 142,
      }),
      'network.enterLogin': () => null,
      'link.pending': () => world.link,
      'link.settle': () => null,
      'protocol.status': () => ({ isRegistered: false, canRegister: true }),
      'protocol.register': () => ({ isRegistered: true, canRegister: true }),
      'protocol.unregister': () => ({ isRegistered: false, canRegister: true }),
      'conversations.list': () => this.#list(),
      'conversations.open': ({ id }) => this.#detail(id),
      'conversations.rename': ({ id, title }) =>
        (this.#find(id).conversation = { ...this.#find(id).conversation, title }),
      'conversations.choose': ({ id, connectionId, keyId = null, model }) =>
        (this.#find(id).conversation = { ...this.#find(id).conversation, connectionId, keyId, model }),
      'conversations.remove': ({ id }) => {
        this.#find(id).isRemoved = true;
        return { undoMs: 8_000 };
      },
      'conversations.restore': ({ id }) => {
        this.#find(id).isRemoved = false;
        return this.#find(id).conversation;
      },
      'conversations.showVariant': ({ id }) => this.#detail(id),
      'conversations.countBelow': () => ({ count: 4 }),
      'conversations.removeMessage': () => ({ undoMs: 8_000, count: 4 }),
      'drafts.get': ({ conversationId }) => ({ text: this.#drafts.get(conversationId ?? 'new') ?? '' }),
      'drafts.save': ({ conversationId, text }) => {
        this.#drafts.set(conversationId ?? 'new', text);
        return null;
      },
      'conversations.setGeneration': ({ id, generation }) => (this.#find(id).generation = generation),
      'newChat.get': () => null,
      'newChat.save': () => null,
      'presets.list': () => world.presets,
      'presets.save': ({ id, ...preset }) => {
        const saved = { ...preset, id: id ?? crypto.randomUUID(), obstacle: null };
        world.presets = [...world.presets.filter((each) => each.id !== saved.id), saved];
        return saved;
      },
      'presets.remove': ({ id }) => {
        world.presets = world.presets.filter((each) => each.id !== id);
        return { undoMs: 8_000 };
      },
      'prompts.list': () => world.prompts,
      'prompts.save': ({ id, ...prompt }) => {
        const saved = { ...prompt, id: id ?? crypto.randomUUID() };
        world.prompts = [...world.prompts.filter((each) => each.id !== saved.id), saved];
        return saved;
      },
      'prompts.remove': ({ id }) => {
        world.prompts = world.prompts.filter((each) => each.id !== id);
        return { undoMs: 8_000 };
      },
      'connections.list': () => world.connections,
      'connections.addDemo': () => {
        const demo = makeWorld('chat').connections[1];
        if (demo === undefined) throw new Error('no demo');
        world.connections = [demo];
        this.emit('connections.changed', world.connections);
        return demo;
      },
      'connections.change': ({ id, dialect }) => {
        const connection = world.connections.find((each) => each.id === id);
        if (connection === undefined) throw new Error('no connection');
        return dialect === undefined ? connection : { ...connection, dialect };
      },
      'connections.remove': () => null,
      'connections.models': () => {
        if (scenario === 'offline') throw new Refused(world.offline);
        return { models: world.models, fetchedAt: Date.now() };
      },
      'models.capabilities': () => ({
        dialects: null,
        efforts: ['none', 'low', 'medium', 'high', 'xhigh'],
        verbosities: ['low', 'medium', 'high'],
        imageInput: 'yes',
        fileInput: 'yes',
        webSearch: 'yes',
        imageGeneration: 'unknown',
        contextTokens: 400_000,
        maxOutputTokens: 128_000,
        source: { url: 'https://developers.openai.com/api/docs/models/gpt-5', readOn: '2026-11-26' },
      }),
      'connections.findLocal': () => [
        { label: 'Ollama', baseUrl: 'http://127.0.0.1:11434/v1', modelCount: 4, isAdded: false },
        { label: 'LM Studio', baseUrl: 'http://127.0.0.1:1234/v1', modelCount: 1, isAdded: true },
      ],
      'ledger.report': () => usageReport(),
      'ledger.prices': () => modelPrices(),
      'ledger.setPrice': () => null,
      'ledger.setBudget': () => null,
      'ledger.export': () => ({ outcome: 'cancelled' as const }),
      'ledger.conversation': ({ id }) => {
        const answers = this.#find(id).messages.filter(({ role }) => role === 'assistant');
        const each = answers.map((message) => ({
          messageId: message.id,
          ...costSum(12_345, { requestCount: 1 }),
        }));
        const beside = costSum(90, { requestCount: 1 });
        const total = costSum(12_345 * each.length + 90, { requestCount: each.length + 1 });
        return { total, beside, answers: each };
      },
      'ledger.budgets': () =>
        world.connections.map(({ id, needsKey }) => {
          const budget = { dayMicroUsd: null, monthMicroUsd: needsKey ? 20_000_000 : null };
          const month = needsKey ? costSum(3_100_000) : costSum(0, { requestCount: 0 });
          return { connectionId: id, budget, limit: budget, today: costSum(260_000), month };
        }),
      'chat.estimate': () => ({
        inputTokens: 31_000,
        outputTokens: 2_000,
        inputMicroUsd: 54_250,
        totalMicroUsd: 82_250,
        isLarge: false,
        omittedCount: 0,
        isTooLong: false,
      }),
      'keys.openWindow': () => null,
      'keys.exposure': () => ({
        origin: 'https://api.openai.com',
        requestCount: 218,
        createdAt: Date.now() - 4_320_000_000,
        lastUsedAt: Date.now() - 360_000,
        conversations: this.#list()
          .slice(0, 3)
          .map(({ id, title }, index) => ({ id, title, answerCount: 12 - index * 5 })),
        revokeUrl: 'https://platform.openai.com/api-keys',
      }),
      'keys.recheck': () => world.info.keystore,
      'keys.test': () => {
        if (scenario === 'offline') throw new Refused(world.offline);
        return { modelCount: world.models.length };
      },
      'keyWindow.describe': () => world.described,
      'keyWindow.recheck': () => world.described,
      'keyWindow.paste': () => ({ last4: '4f2a', length: 51 }),
      'keyWindow.save': ({ key }) => {
        if (key.source === 'none') throw new Refused({ code: 'secret/empty-key', message: '', details: {} });
        return { outcome: 'saved' as const };
      },
      'keyWindow.saveProxy': () => null,
      'keyWindow.cancel': () => null,
      'chat.send': (input) => this.#send(input),
      'chat.cancel': () => {
        this.#stop?.('cancelled');
        return null;
      },
      'chat.retryNow': () => null,
      'chat.attach': ({ conversationId }) =>
        this.#live?.conversationId === conversationId ? this.#live : null,
    };
  }

  #search(query: string): RouteOutput<'search.messages'> {
    const wanted = query.trim().toLowerCase();
    const hits = this.#world.conversations.flatMap(({ conversation, messages }) =>
      messages.flatMap(({ id, role, model, createdAt, text }) => {
        const at = text.toLowerCase().indexOf(wanted);
        if (wanted === '' || at === -1) return [];
        const start = Math.max(0, at - 40);
        const snippet = {
          text: text.slice(start, start + 160),
          ranges: [[at - start, at - start + wanted.length] as const],
        };
        const { id: conversationId, title: conversationTitle } = conversation;
        return [{ conversationId, conversationTitle, messageId: id, role, model, createdAt, snippet }];
      }),
    );
    return { hits, total: hits.length, isTotalCapped: false, isIndexComplete: true, isSuperseded: false };
  }

  #send({
    conversationId,
    text,
    model,
    connectionId,
    keyId = null,
  }: RouteInput<'chat.send'>): RouteOutput<'chat.send'> {
    if (text.includes('offline')) throw new Refused(this.#world.offline);
    const id = conversationId ?? crypto.randomUUID();
    const now = Date.now();
    if (conversationId === null) {
      const conversation = {
        id,
        title: text.slice(0, 60),
        connectionId,
        keyId,
        model,
        createdAt: now,
        updatedAt: now,
      };
      this.#world.conversations.unshift({ conversation, messages: [], isRemoved: false });
    }
    const { messages } = this.#find(id);
    const base = { ...PLAIN_MESSAGE, conversationId: id, createdAt: now };
    const [userId, replyId] = [crypto.randomUUID(), crypto.randomUUID()];
    const user = {
      ...base,
      id: userId,
      parentId: null,
      role: 'user' as const,
      text,
      state: 'done' as const,
      model: null,
    };
    const reply = {
      ...base,
      id: replyId,
      parentId: userId,
      role: 'assistant' as const,
      text: '',
      state: 'streaming' as const,
      model,
    };
    messages.push({ ...user, variantIds: [userId] }, { ...reply, variantIds: [replyId] });
    this.emit('conversations.changed', this.#list());
    const streamId = crypto.randomUUID();
    this.#stream(messages, { streamId, messageId: replyId, conversationId: id });
    return { conversationId: id, streamId, userMessage: user, assistantMessage: reply };
  }

  #detail(id: string): RouteOutput<'conversations.open'> {
    const { conversation, messages, generation = PLAIN_GENERATION } = this.#find(id);
    return { conversation, generation, summary: null, messages };
  }

  #stream(
    messages: ShownMessage[],
    ids: { readonly streamId: string; readonly messageId: string; readonly conversationId: string },
  ): void {
    let seq = 0;
    let text = '';
    this.#live = { ...ids, text, reasoning: '', waiting: null, lastSeq: seq };
    const timer = setInterval(() => {
      const piece = answer.slice(text.length, text.length + 7);
      if (piece === '') return end('done');
      seq += 1;
      text += piece;
      this.#live = { ...ids, text, reasoning: '', waiting: null, lastSeq: seq };
      this.emit('chat.delta', { ...ids, seq, text: piece });
    }, 16);
    const end = (state: 'done' | 'cancelled'): void => {
      clearInterval(timer);
      this.#live = null;
      this.#stop = null;
      const usage = { inputTokens: 42, outputTokens: 618 };
      const index = messages.findIndex((message) => message.id === ids.messageId);
      const before = messages[index];
      if (before !== undefined) messages[index] = { ...before, text, state, usage };
      this.emit('chat.ended', { ...ids, seq: seq + 1, state, error: null, usage });
    };
    this.#stop = end;
  }
}
