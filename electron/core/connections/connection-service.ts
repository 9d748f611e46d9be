import { AppError } from '../../contract/app-error.ts';
import type { Connection, Dialect, KeyStatus } from '../../contract/model/connection.ts';
import type { LocalServer } from '../../contract/model/key-exposure.ts';
import { salvageEntries } from '../documents/salvage-entries.ts';
import type { NoticeBoard } from '../notices/notice-board.ts';
import type { Policy } from '../policy/policy.ts';
import { refusal } from '../policy/refusal.ts';
import type { Clock, DocumentStore, EventSink, IdSource, Logger } from '../ports.ts';
import type { ChatProvider, ProviderTarget } from '../providers/chat-provider.ts';
import type { VaultService } from '../vault/vault-service.ts';
import { adoptManaged } from './adopt-managed.ts';
import {
  connectionsDocumentSchema,
  storedConnectionSchema,
  type StoredConnection,
} from './connection-document.ts';
import { findLocalServers } from './find-local-servers.ts';
import { parseBaseUrl, type BaseUrl } from './parse-base-url.ts';

/** Longest wait for a model list or a key test. */
const MODELS_TIMEOUT_MS = 20_000;

/** How long a removed key can be brought back, in milliseconds. */
export const KEY_UNDO_MS = 8_000;

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
  readonly policy: Policy;
  readonly demoBaseUrl: string | null;
  /** True on the development runtime without its flag: keys go to this computer only. */
  readonly isLoopbackOnly: boolean;
}

/** A model list as last fetched. */
export interface ModelList {
  readonly models: string[];
  readonly fetchedAt: number;
}

/** A target, and what the provider's verdict on its key is to be noted under. */
export interface ResolvedTarget {
  readonly target: ProviderTarget;
  readonly connection: Connection;
  /** The key it carries; null when it carries none. */
  readonly keyId: string | null;
  /** When that key was entered: another may stand in its place by the time its use is noted. */
  readonly keyEnteredAt: number;
}

/** What may be changed of a connection; an absent field stays as it is. */
export interface ConnectionChange {
  readonly label?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly dialect?: Dialect | undefined;
  readonly defaultModel?: string | null | undefined;
  readonly organization?: string | null | undefined;
  readonly project?: string | null | undefined;
}

/** A use of a key, for its status. */
export interface KeyUse {
  readonly kind: 'request' | 'test';
  readonly outcome: 'accepted' | 'rejected' | null;
  readonly enteredAt: number;
}

/** The places conversations can be sent to, and the requests that need a key but no conversation. */
export class ConnectionService {
  readonly #dependencies: ConnectionDependencies;
  readonly #modelLists = new Map<string, ModelList>();
  /** By key: what ends the time in which its removal can be undone. */
  readonly #purges = new Map<string, NodeJS.Timeout>();
  #stored: StoredConnection[];
  /** Entries of the file this version cannot read; written back unchanged. */
  #unreadEntries: readonly unknown[] = [];

  constructor(dependencies: ConnectionDependencies) {
    this.#dependencies = dependencies;
    // In memory only, as the policy is read anew at every start.
    this.#stored = adoptManaged(this.#load(), dependencies.policy.connections, dependencies.clock.now());
    this.#followDemo();
  }

  list(): Connection[] {
    return this.#stored.map((stored) => this.#withKeys(stored));
  }

  /** Throws `connection/not-found`. */
  find(id: string): Connection {
    return this.#withKeys(this.#findStored(id));
  }

  /** Adds a connection; the caller announces it once its key is saved. Throws `policy/*`, `storage/*`. */
  add(
    connection: Pick<StoredConnection, 'id' | 'label' | 'provider' | 'baseUrl' | 'dialect' | 'needsKey'>,
  ): Connection {
    this.assertMayAdd(parseBaseUrl(connection.baseUrl).origin);
    const stored: StoredConnection = {
      ...connection,
      defaultModel: null,
      createdAt: this.#dependencies.clock.now(),
      keyId: null,
      organization: null,
      project: null,
    };
    this.#replaceStored([...this.#stored, stored]);
    return this.#withKeys(stored);
  }

  /** Adds the demo server offered at start, once. */
  addDemo(): Connection {
    const { demoBaseUrl, ids } = this.#dependencies;
    if (demoBaseUrl === null) throw new AppError('connection/not-found', 'No local demo server was offered.');
    const former = this.#stored.find((stored) => stored.provider === 'demo');
    if (former !== undefined) return this.#withKeys(former);
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

  /** Throws `policy/*` when the organisation does not let people add a connection (to `origin`, where one is known). */
  assertMayAdd(origin: string | null): void {
    const { policy } = this.#dependencies;
    if (!policy.allowsOwnConnections) throw refusal('policy/own-connections');
    if (origin !== null && !policy.allowsOrigin(origin)) throw refusal('policy/origin', { origin });
  }

  /** Asks the usual ports of this computer for servers. Throws `policy/own-connections`. */
  async findLocal(): Promise<LocalServer[]> {
    this.assertMayAdd(null);
    const found = await findLocalServers(this.#dependencies.provider);
    return found.map((server) => ({
      ...server,
      isAdded: this.#stored.some((stored) => stored.baseUrl === server.baseUrl),
    }));
  }

  /** Adds a keyless server of this computer, once. Throws `connection/*`. */
  addLocal(server: { readonly baseUrl: string; readonly label: string }): Connection {
    const { baseUrl, isLoopback } = parseBaseUrl(server.baseUrl);
    if (!isLoopback)
      throw new AppError('connection/insecure-url', 'Only a server on this computer works without a key.');
    const former = this.#stored.find((stored) => stored.baseUrl === baseUrl);
    if (former !== undefined) return this.#withKeys(former);
    const id = this.#dependencies.ids.next();
    const { label } = server;
    return this.add({ id, label, provider: 'local', baseUrl, dialect: 'chat-completions', needsKey: false });
  }

  /** Throws `connection/*`, `policy/*`. With another origin the keys are void until they are entered again. */
  change(id: string, change: ConnectionChange): Connection {
    const former = this.#findStored(id);
    this.#assertNotManaged(id);
    const changed: StoredConnection = {
      ...former,
      label: change.label ?? former.label,
      baseUrl: change.baseUrl === undefined ? former.baseUrl : parseBaseUrl(change.baseUrl).baseUrl,
      dialect: change.dialect ?? former.dialect,
      defaultModel: change.defaultModel === undefined ? former.defaultModel : change.defaultModel,
      organization: change.organization === undefined ? former.organization : change.organization,
      project: change.project === undefined ? former.project : change.project,
    };
    if (changed.baseUrl !== former.baseUrl) {
      this.assertMayAdd(parseBaseUrl(changed.baseUrl).origin);
      this.#modelLists.delete(id);
    }
    this.#replace(changed);
    return this.#withKeys(changed);
  }

  /** Removes the keys first: a key without a connection could never be seen or removed again. */
  remove(id: string): void {
    const { vault } = this.#dependencies;
    this.#findStored(id);
    this.#assertNotManaged(id);
    for (const keyId of vault.keyIdsFor(id)) {
      vault.remove(keyId);
      vault.forget(keyId);
    }
    this.#modelLists.delete(id);
    this.#replaceStored(this.#stored.filter((stored) => stored.id !== id));
  }

  /** Takes a key away, off the disk at once, and forgets it once it can no longer be undone. */
  removeKey(id: string, keyId: string): { connection: Connection; undoMs: number } {
    const { vault } = this.#dependencies;
    this.#assertKeyOf(id, keyId);
    vault.remove(keyId);
    this.#stopPurge(keyId);
    const timer = setTimeout(() => {
      this.#purges.delete(keyId);
      vault.forget(keyId);
    }, KEY_UNDO_MS + 1_000);
    timer.unref();
    this.#purges.set(keyId, timer);
    this.#keepManaged(id);
    this.announce();
    return { connection: this.find(id), undoMs: KEY_UNDO_MS };
  }

  restoreKey(id: string, keyId: string): Connection {
    this.#findStored(id);
    this.#dependencies.vault.restore(keyId);
    this.#stopPurge(keyId);
    this.#keepManaged(id);
    this.announce();
    return this.find(id);
  }

  /** Makes a key the one that is used unless a conversation chose another. */
  useKey(id: string, keyId: string): Connection {
    this.#assertKeyOf(id, keyId);
    this.#replace({ ...this.#findStored(id), keyId });
    this.#modelLists.delete(id);
    return this.find(id);
  }

  changeKey(
    id: string,
    keyId: string,
    change: { readonly label?: string | undefined; readonly expiresAt?: number | null | undefined },
  ): Connection {
    this.#assertKeyOf(id, keyId);
    this.#dependencies.vault.change(keyId, change);
    this.announce();
    return this.find(id);
  }

  /** From now on requests carry a key, and this one. */
  requireKey(id: string, keyId: string): void {
    this.#replace({ ...this.#findStored(id), needsKey: true, keyId });
    this.#modelLists.delete(id);
  }

  /** Nothing that was removed outlives the app. */
  stop(): void {
    for (const keyId of this.#purges.keys()) this.#stopPurge(keyId);
    this.#dependencies.vault.forgetRemoved();
  }

  /**
   * Everything a request needs, the key included: the one asked for, or the connection's own (null).
   * Throws `policy/*`, `connection/*`, `auth/missing-key`, `secret/*`.
   */
  async resolve(id: string, wantedKeyId: string | null): Promise<ResolvedTarget> {
    const connection = this.find(id);
    this.assertUsable(connection);
    const wanted = connection.keys.find((key) => key.id === wantedKeyId) ?? connection.key;
    if (wanted === null && connection.needsKey)
      throw new AppError('auth/missing-key', 'This connection has no key.');
    const keyId = wanted?.id ?? null;
    if (keyId !== null) this.assertKeyAllowedFor(parseBaseUrl(connection.baseUrl));
    const apiKey = keyId === null ? null : await this.#dependencies.vault.useKey(keyId, connection.origin);
    const target = targetOf(connection, apiKey, wanted?.label ?? null);
    return { target, connection, keyId, keyEnteredAt: wanted?.createdAt ?? 0 };
  }

  /** As `resolve`, for a question to a model. Throws `policy/model`, too. */
  async resolveFor(target: {
    readonly connectionId: string;
    readonly keyId: string | null;
    readonly model: string;
  }): Promise<ResolvedTarget> {
    const { model } = target;
    const connection = this.find(target.connectionId);
    this.assertUsable(connection);
    if (!this.#dependencies.policy.allowsModel(connection.origin, model))
      throw refusal('policy/model', { model });
    return this.resolve(connection.id, target.keyId);
  }

  /** Throws `policy/*` when the organisation does not let this connection be used. */
  assertUsable({ policyRefusal, origin }: Connection): void {
    if (policyRefusal !== null) throw refusal(policyRefusal, { origin });
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
  recordKeyUse(keyId: string, use: KeyUse): void {
    this.#dependencies.vault.recordUse(keyId, use);
    this.announce();
  }

  /** The models a connection is known to offer, without asking it. */
  knownModels(id: string): readonly string[] {
    return this.#modelLists.get(id)?.models ?? [];
  }

  async models(id: string, shouldRefresh: boolean): Promise<ModelList> {
    const cached = this.#modelLists.get(id);
    if (cached !== undefined && !shouldRefresh) return cached;
    const models = await this.#fetchModels(await this.resolve(id, null), 'request');
    const list = { models: [...models], fetchedAt: this.#dependencies.clock.now() };
    this.#modelLists.set(id, list);
    return list;
  }

  /** Asks the provider whether it takes a key. Throws what the provider answered, as an `AppError`. */
  async test(id: string, keyId: string | null): Promise<{ modelCount: number }> {
    return { modelCount: (await this.#fetchModels(await this.resolve(id, keyId), 'test')).length };
  }

  /** Asks the provider whether it takes a key that is in no vault yet. Throws what it answered. */
  async tryKey(
    connection: Connection,
    key: { readonly label: string; readonly apiKey: string },
  ): Promise<void> {
    await this.#listModels(targetOf(connection, key.apiKey, key.label));
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

  /** Those that may be asked, of all that the server names. */
  #stopPurge(keyId: string): void {
    clearTimeout(this.#purges.get(keyId));
    this.#purges.delete(keyId);
  }

  async #fetchModels(
    { target, keyId, keyEnteredAt }: ResolvedTarget,
    kind: KeyUse['kind'],
  ): Promise<readonly string[]> {
    const note = (outcome: KeyUse['outcome']): void => {
      if (keyId !== null) this.recordKeyUse(keyId, { kind, outcome, enteredAt: keyEnteredAt });
    };
    try {
      const models = await this.#listModels(target);
      note('accepted');
      return models.filter((model) => this.#dependencies.policy.allowsModel(target.origin, model));
    } catch (error) {
      note(error instanceof AppError && error.code === 'auth/rejected-key' ? 'rejected' : null);
      throw error;
    }
  }

  async #listModels(target: ProviderTarget): Promise<readonly string[]> {
    try {
      return await this.#dependencies.provider.listModels(target, AbortSignal.timeout(MODELS_TIMEOUT_MS));
    } catch (error) {
      if (!isTimeout(error)) throw error;
      throw new AppError('network/timeout', 'The server took too long.', { cause: error });
    }
  }

  #withKeys(stored: StoredConnection): Connection {
    const { keyId, ...facts } = stored;
    const { origin } = parseBaseUrl(stored.baseUrl);
    const { vault, policy } = this.#dependencies;
    const keys = vault.statusesFor(stored.id, origin);
    const isDefaultAllowed = facts.defaultModel !== null && policy.allowsModel(origin, facts.defaultModel);
    return {
      ...facts,
      origin,
      keys,
      key: pickKey(keys, keyId),
      defaultModel: isDefaultAllowed ? facts.defaultModel : null,
      isManaged: policy.isManaged(stored.id),
      policyRefusal: policy.refusalOf({ id: stored.id, origin }),
    };
  }

  #assertKeyOf(id: string, keyId: string): void {
    this.#findStored(id);
    if (!this.#dependencies.vault.keyIdsFor(id).includes(keyId))
      throw new AppError('auth/missing-key', 'This connection has no such key.');
  }

  #assertNotManaged(id: string): void {
    if (this.#dependencies.policy.isManaged(id)) throw refusal('policy/managed');
  }

  #findStored(id: string): StoredConnection {
    const stored = this.#stored.find((candidate) => candidate.id === id);
    if (stored === undefined) throw new AppError('connection/not-found', 'There is no such connection.');
    return stored;
  }

  #replace(changed: StoredConnection): void {
    this.#replaceStored(this.#stored.map((stored) => (stored.id === changed.id ? changed : stored)));
  }

  #replaceStored(stored: StoredConnection[]): void {
    this.#write(stored);
    this.#stored = stored;
    this.announce();
  }

  #write(stored: readonly StoredConnection[]): void {
    const { file, policy, vault } = this.#dependencies;
    // A managed connection rests here only with keys of its own: without the policy they must not become unreachable.
    const kept = stored.filter(({ id }) => !policy.isManaged(id) || vault.keyIdsFor(id).length > 0);
    file.write({ version: 1, connections: [...this.#unreadEntries, ...kept] });
  }

  /** Writes down whether a managed connection has keys by now. The key itself is removed or back whatever becomes of this. */
  #keepManaged(id: string): void {
    if (!this.#dependencies.policy.isManaged(id)) return;
    try {
      this.#write(this.#stored);
    } catch (error) {
      // The next change writes it.
      this.#dependencies.logger.warn('could not note that a managed connection has keys', { error });
    }
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

/** The key in use: the chosen one, else the oldest that may be sent. */
function pickKey(keys: readonly KeyStatus[], keyId: string | null): KeyStatus | null {
  return keys.find((key) => key.id === keyId) ?? keys.find(isSendable) ?? keys[0] ?? null;
}

function isSendable({ state }: KeyStatus): boolean {
  return state === 'ok' || state === 'session-only';
}

function targetOf(connection: Connection, apiKey: string | null, keyLabel: string | null): ProviderTarget {
  const { baseUrl, origin, dialect, provider, organization, project } = connection;
  const keyHeader = provider === 'azure' ? 'api-key' : 'bearer';
  return {
    baseUrl,
    origin,
    dialect,
    apiKey,
    keyLabel: apiKey === null ? null : keyLabel,
    keyHeader,
    organization,
    project,
  };
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
