import { AppError } from '../../contract/app-error.ts';
import type { Connection, Dialect } from '../../contract/model/connection.ts';
import { salvageEntries } from '../documents/salvage-entries.ts';
import type { NoticeBoard } from '../notices/notice-board.ts';
import type { Clock, DocumentStore, EventSink, IdSource, Logger } from '../ports.ts';
import type { ChatProvider, ProviderTarget } from '../providers/chat-provider.ts';
import type { VaultService } from '../vault/vault-service.ts';
import {
  connectionsDocumentSchema,
  storedConnectionSchema,
  type StoredConnection,
} from './connection-document.ts';
import { parseBaseUrl, type BaseUrl } from './parse-base-url.ts';

/** Longest wait for a model list or a key test. */
const MODELS_TIMEOUT_MS = 20_000;

/** What connections are built from. */
export interface ConnectionDependencies {
  readonly file: DocumentStore;
  readonly vault: VaultService;
  readonly provider: ChatProvider;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly events: EventSink;
  readonly notices: NoticeBoard;
  readonly logger: Logger;
  readonly demoBaseUrl: string | null;
  /** True on the development runtime without its flag: keys go to this computer only. */
  readonly isLoopbackOnly: boolean;
}

/** A model list as last fetched. */
export interface ModelList {
  readonly models: string[];
  readonly fetchedAt: number;
}

/** A target, and the way to report what the provider thought of its key. */
export interface ResolvedTarget {
  readonly target: ProviderTarget;
  readonly connection: Connection;
}

/** The places conversations can be sent to, and the requests that need a key but no conversation. */
export class ConnectionService {
  readonly #dependencies: ConnectionDependencies;
  readonly #modelLists = new Map<string, ModelList>();
  #stored: StoredConnection[];
  /** Entries of the file this version cannot read; written back unchanged. */
  #unreadEntries: readonly unknown[] = [];

  constructor(dependencies: ConnectionDependencies) {
    this.#dependencies = dependencies;
    this.#stored = this.#load();
    this.#followDemo();
  }

  list(): Connection[] {
    return this.#stored.map((stored) => this.#withKey(stored));
  }

  /** Throws `connection/not-found`. */
  find(id: string): Connection {
    return this.#withKey(this.#findStored(id));
  }

  /** Adds a connection; the caller announces it once its key is saved. Throws `storage/*`. */
  add(connection: Omit<StoredConnection, 'createdAt' | 'defaultModel'>): Connection {
    const stored = { ...connection, defaultModel: null, createdAt: this.#dependencies.clock.now() };
    this.#replaceStored([...this.#stored, stored]);
    return this.#withKey(stored);
  }

  /** Adds the demo server offered at start, once. */
  addDemo(): Connection {
    const { demoBaseUrl, ids } = this.#dependencies;
    if (demoBaseUrl === null) throw new AppError('connection/not-found', 'No local demo server was offered.');
    const former = this.#stored.find((stored) => stored.provider === 'demo');
    if (former !== undefined) return this.#withKey(former);
    const { baseUrl } = parseBaseUrl(demoBaseUrl);
    const id = ids.next();
    return this.add({
      id,
      label: 'Local demo',
      provider: 'demo',
      baseUrl,
      dialect: 'responses',
      needsKey: false,
    });
  }

  change(
    id: string,
    change: {
      readonly label?: string | undefined;
      readonly dialect?: Dialect | undefined;
      readonly defaultModel?: string | null | undefined;
    },
  ): Connection {
    const former = this.#findStored(id);
    const changed: StoredConnection = {
      ...former,
      label: change.label ?? former.label,
      dialect: change.dialect ?? former.dialect,
      defaultModel: change.defaultModel === undefined ? former.defaultModel : change.defaultModel,
    };
    this.#replaceStored(this.#stored.map((stored) => (stored.id === id ? changed : stored)));
    return this.#withKey(changed);
  }

  /** Removes the key first: a key without a connection could never be seen or removed again. */
  remove(id: string): void {
    this.#findStored(id);
    this.removeKey(id);
    this.#modelLists.delete(id);
    this.#replaceStored(this.#stored.filter((stored) => stored.id !== id));
  }

  removeKey(id: string): Connection {
    const keyId = this.#dependencies.vault.keyIdFor(id);
    if (keyId !== null) this.#dependencies.vault.remove(keyId);
    this.announce();
    return this.find(id);
  }

  /** From now on requests carry a key. */
  requireKey(id: string): void {
    this.#replaceStored(
      this.#stored.map((stored) => (stored.id === id ? { ...stored, needsKey: true } : stored)),
    );
  }

  /** Everything a request needs, the key included. Throws `connection/*`, `auth/missing-key`, `secret/*`. */
  async resolve(id: string): Promise<ResolvedTarget> {
    const stored = this.#findStored(id);
    const { baseUrl, origin, isLoopback } = parseBaseUrl(stored.baseUrl);
    const keyId = this.#dependencies.vault.keyIdFor(id);
    if (keyId === null && stored.needsKey)
      throw new AppError('auth/missing-key', 'This connection has no key.');
    if (keyId !== null) this.assertKeyAllowedFor({ baseUrl, origin, isLoopback });
    const apiKey = keyId === null ? null : await this.#dependencies.vault.useKey(keyId, origin);
    const connection = this.#withKey(stored);
    const keyLabel = connection.key?.label ?? null;
    return {
      target: { baseUrl, origin, dialect: stored.dialect, apiKey, keyLabel },
      connection,
    };
  }

  /** Throws `connection/development-runtime` when this Electron may not send keys off this computer. */
  assertKeyAllowedFor(url: BaseUrl): void {
    if (this.#dependencies.isLoopbackOnly && !url.isLoopback) {
      throw new AppError(
        'connection/development-runtime',
        'On this development runtime keys are accepted for this computer only.',
      );
    }
  }

  /** Notes in the key's status what a request or test showed. */
  recordKeyUse(
    id: string,
    use: { readonly kind: 'request' | 'test'; readonly outcome: 'accepted' | 'rejected' | null },
  ): void {
    const keyId = this.#dependencies.vault.keyIdFor(id);
    if (keyId === null) return;
    this.#dependencies.vault.recordUse(keyId, use);
    this.announce();
  }

  async models(id: string, shouldRefresh: boolean): Promise<ModelList> {
    const cached = this.#modelLists.get(id);
    if (cached !== undefined && !shouldRefresh) return cached;
    const { target } = await this.resolve(id);
    const models = await this.#fetchModels(id, target, 'request');
    const list = { models: [...models], fetchedAt: this.#dependencies.clock.now() };
    this.#modelLists.set(id, list);
    return list;
  }

  /** Asks the provider whether it takes the key. Throws what the provider answered, as an `AppError`. */
  async test(id: string): Promise<{ modelCount: number }> {
    const { target } = await this.resolve(id);
    return { modelCount: (await this.#fetchModels(id, target, 'test')).length };
  }

  announce(): void {
    this.#dependencies.events.emit({ name: 'connections.changed', payload: this.list() });
  }

  /** The demo server has a new port at every start; the connection a person once added follows it. */
  #followDemo(): void {
    const { demoBaseUrl } = this.#dependencies;
    if (demoBaseUrl === null) return;
    const { baseUrl } = parseBaseUrl(demoBaseUrl);
    // In memory only: the next start has another port, and a start that cannot write must still work.
    this.#stored = this.#stored.map((stored) =>
      stored.provider === 'demo' ? { ...stored, baseUrl } : stored,
    );
  }

  async #fetchModels(
    id: string,
    target: ProviderTarget,
    kind: 'request' | 'test',
  ): Promise<readonly string[]> {
    try {
      const models = await this.#dependencies.provider.listModels(
        target,
        AbortSignal.timeout(MODELS_TIMEOUT_MS),
      );
      this.recordKeyUse(id, { kind, outcome: 'accepted' });
      return models;
    } catch (error) {
      if (isTimeout(error))
        throw new AppError('network/timeout', 'The server took too long.', { cause: error });
      const isRejected = error instanceof AppError && error.code === 'auth/rejected-key';
      this.recordKeyUse(id, { kind, outcome: isRejected ? 'rejected' : null });
      throw error;
    }
  }

  #withKey(stored: StoredConnection): Connection {
    const { origin } = parseBaseUrl(stored.baseUrl);
    return { ...stored, origin, key: this.#dependencies.vault.statusFor(stored.id, origin) };
  }

  #findStored(id: string): StoredConnection {
    const stored = this.#stored.find((candidate) => candidate.id === id);
    if (stored === undefined) throw new AppError('connection/not-found', 'There is no such connection.');
    return stored;
  }

  #replaceStored(stored: StoredConnection[]): void {
    this.#dependencies.file.write({ version: 1, connections: [...this.#unreadEntries, ...stored] });
    this.#stored = stored;
    this.announce();
  }

  #load(): StoredConnection[] {
    const { file, notices } = this.#dependencies;
    const content = file.read();
    if (content.kind === 'absent') return [];
    const document = content.kind === 'value' ? connectionsDocumentSchema.safeParse(content.value) : null;
    if (document?.success) {
      const parsed = document.data.connections.map((entry) => ({ entry, stored: parseStored(entry) }));
      this.#unreadEntries = parsed.filter(({ stored }) => stored === null).map(({ entry }) => entry);
      return parsed.flatMap(({ stored }) => (stored === null ? [] : [stored]));
    }
    notices.raiseDamagedFile(
      'your connections',
      content.kind === 'damaged' ? content.keptAs : file.setAside(),
    );
    const text = content.kind === 'damaged' ? content.text : JSON.stringify(content.value);
    return this.#keepSalvaged(salvageEntries(text).flatMap((entry) => parseStored(entry) ?? []));
  }

  /** Writes what was saved from a damaged file, so that the next start finds it. */
  #keepSalvaged(stored: StoredConnection[]): StoredConnection[] {
    try {
      if (stored.length > 0) this.#dependencies.file.write({ version: 1, connections: stored });
    } catch (error) {
      // They are in memory and in the file that was set aside; the next change writes them.
      this.#dependencies.logger.warn('could not write the connections that were saved from a damaged file', {
        error,
      });
    }
    return stored;
  }
}

/** null when the entry makes no sense, its URL included: someone may have edited the file. */
function parseStored(entry: unknown): StoredConnection | null {
  const parsed = storedConnectionSchema.safeParse(entry);
  if (!parsed.success) return null;
  try {
    parseBaseUrl(parsed.data.baseUrl);
    return parsed.data;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}
