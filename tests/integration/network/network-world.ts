import { LLMock } from '@copilotkit/aimock';
import type { RouteOutput } from '../../../electron/contract/contract.ts';
import { createTestCore, type TestCore, type TestCoreOptions } from '../../harness/create-test-core.ts';
import { startConnectProxy, startSocksProxy, type TestProxy } from '../../harness/proxy-servers.ts';
import { startSecureFront, type SecureServer } from '../../harness/secure-server.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';
import { createTestAuthority, type TestAuthority } from '../../harness/test-certificates.ts';

/** A key no provider ever issued. */
export const KEY = 'sk-test-canary-0123456789abcdef';
/** A login no proxy ever gave. */
export const USER = 'ada@corp';
/** With everything in it that has to be encoded on some way. */
export const PASSWORD = 'p:a ss/w@rd-Canary%41é';
/** A name that no resolver knows: whoever gets there came through a proxy. */
export const HOST = 'api.company.test';

/** A company network: an authority of its own, an API behind TLS, proxies, and a core that has to find its way. */
export class NetworkWorld {
  readonly api = new LLMock({ port: 0 });
  readonly #folder = temporaryFolder();
  readonly #proxies: TestProxy[] = [];
  readonly #fronts: SecureServer[] = [];
  #authority: TestAuthority | null = null;
  #app: TestCore | null = null;

  get folder(): string {
    return this.#folder.path;
  }

  get app(): TestCore {
    return present(this.#app);
  }

  get authority(): TestAuthority {
    return present(this.#authority);
  }

  /** The API behind TLS, with a certificate for {@link HOST}, `localhost` and 127.0.0.1. */
  get front(): SecureServer {
    return present(this.#fronts[0] ?? null);
  }

  async open(options: Partial<TestCoreOptions> = {}): Promise<this> {
    await this.api.start();
    this.api.onMessage(/./, { content: 'An answer.' });
    this.#authority = await createTestAuthority();
    await this.startFront([HOST, 'localhost', '127.0.0.1']);
    this.#app = await createTestCore({ folder: this.folder, ...options });
    return this;
  }

  async restart(options: Partial<TestCoreOptions> = {}): Promise<void> {
    await this.app.stop();
    this.#app = await createTestCore({ folder: this.folder, ...options });
  }

  async close(): Promise<void> {
    await this.app.stop();
    await Promise.all([...this.#proxies, ...this.#fronts].map((server) => server.stop()));
    await this.api.stop();
    this.#folder.remove();
  }

  async startFront(
    names: readonly string[],
    options: { readonly isExpired?: boolean; readonly authority?: TestAuthority } = {},
  ): Promise<SecureServer> {
    const identity = await (options.authority ?? this.authority).issue(names, options);
    const front = await startSecureFront(identity, this.api.url);
    this.#fronts.push(front);
    return front;
  }

  async startProxy(options: Partial<Parameters<typeof startConnectProxy>[0]> = {}): Promise<TestProxy> {
    const proxy = await startConnectProxy({ targetPort: this.front.port, ...options });
    this.#proxies.push(proxy);
    return proxy;
  }

  async startSocks(options: Partial<Parameters<typeof startSocksProxy>[0]> = {}): Promise<TestProxy> {
    const proxy = await startSocksProxy({ targetPort: this.front.port, ...options });
    this.#proxies.push(proxy);
    return proxy;
  }

  /** Adds the authority as a person would: by picking its file. */
  async trust(pem = this.authority.pem): Promise<RouteOutput<'network.addCertificate'>> {
    this.app.desktop.certificateFile = Buffer.from(pem);
    return this.app.get('network.addCertificate', {});
  }

  /** Sets a manual proxy. */
  async useProxy(url: string, bypass: readonly string[] = []): Promise<void> {
    await this.app.get('settings.change', {
      proxy: { mode: 'manual', url, bypass: [...bypass], followsScripts: false },
    });
  }

  /** Enters a login in the key window. */
  async enterLogin(url: string, userName = USER, password = PASSWORD): Promise<void> {
    await this.app.get('network.enterLogin', { proxy: 'manual' });
    await this.app.get('keyWindow.saveProxy', { url, userName, password }, 'key');
  }

  /** A connection with a key. Returns its id. */
  connect(origin = `https://${HOST}`): Promise<string> {
    return this.app.addConnection({ baseUrl: `${origin}/v1`, key: KEY });
  }

  /** Sends a message and returns how its answer ended, with the text. */
  async ask(connectionId: string) {
    const { app } = this;
    const started = await app.get('chat.send', {
      conversationId: null,
      connectionId,
      model: 'gpt-4o',
      text: 'hi',
    });
    const end = await app.events.next('chat.ended', ({ streamId }) => streamId === started.streamId);
    const deltas = app.events.of('chat.delta').filter(({ streamId }) => streamId === started.streamId);
    return { ...end, text: deltas.map(({ text }) => text).join('') };
  }

  /** The steps of a test as `name: outcome`, and the failed one's detail. */
  async test(connectionId: string) {
    const steps = await this.app.get('network.test', { connectionId });
    const failed = steps.find(({ outcome }) => outcome === 'failed');
    return {
      steps,
      outcomes: steps.map(({ name, outcome }) => `${name}: ${outcome}`),
      detail: failed?.detail ?? '',
      code: failed?.error?.code ?? null,
    };
  }
}

function present<T>(value: T | null): T {
  if (value === null) throw new Error('the world is not open');
  return value;
}
