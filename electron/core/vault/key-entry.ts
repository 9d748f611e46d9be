import { AppError } from '../../contract/app-error.ts';
import type { ParsedInput, RouteOutput } from '../../contract/contract.ts';
import type { Connection, KeyStatus } from '../../contract/model/connection.ts';
import type { KeyConcern } from '../../contract/routes/key-window.ts';
import type { ConnectionService } from '../connections/connection-service.ts';
import { parseBaseUrl, type BaseUrl } from '../connections/parse-base-url.ts';
import { PROXY_OWNER_ID } from '../network/sealed-value.ts';
import type { Desktop, IdSource, KeyWindowHost, KeyWindowTask, Logger } from '../ports.ts';
import type { SettingsService } from '../settings/settings-service.ts';
import { findOtherProvider, readKeyShape } from './key-shape.ts';
import { assertNoKeyIn, type KeySpotter } from './key-spotter.ts';
import type { KeystoreWatch } from './keystore-watch.ts';
import { lastFour, parseKey } from './parse-key.ts';
import type { VaultService } from './vault-service.ts';

/** What entering a key needs. */
export interface KeyEntryDependencies {
  readonly vault: VaultService;
  readonly keystore: KeystoreWatch;
  readonly connections: ConnectionService;
  readonly keyWindow: KeyWindowHost;
  readonly desktop: Pick<Desktop, 'readClipboardText' | 'clearClipboardIf'>;
  readonly ids: IdSource;
  readonly settings: SettingsService;
  readonly logger: Logger;
  readonly isLoopbackOnly: boolean;
  readonly keySpotter: KeySpotter;
}

type SaveInput = ParsedInput<'keyWindow.save'>;
type SaveOutput = RouteOutput<'keyWindow.save'>;

/** A key that waits for the coming save. */
interface HeldKey {
  readonly key: string;
  /** The whole text it was read from, by which the clipboard is known again; null for one that was typed. */
  readonly clipboardText: string | null;
}

/** What the key window does: one form, from opening to saving. A key that was pasted or asked about waits here, not in the window. */
export class KeyEntry {
  readonly #dependencies: KeyEntryDependencies;
  #held: HeldKey | null = null;
  /** Grows with every form that was closed. */
  #formsClosed = 0;

  constructor(dependencies: KeyEntryDependencies) {
    this.#dependencies = dependencies;
    dependencies.keyWindow.onClosed(() => {
      this.#held = null;
      this.#formsClosed += 1;
    });
  }

  /** Throws `connection/not-found`, `policy/*`. A key to replace that is gone by now makes it one more. */
  async open(task: KeyWindowTask): Promise<void> {
    const { connections, keyWindow } = this.#dependencies;
    const connection = task.connectionId === null ? null : connections.find(task.connectionId);
    if (connection === null) connections.assertMayAdd(null);
    else connections.assertUsable(connection);
    const isThere = connection?.keys.some(({ id }) => id === task.keyId) ?? false;
    await keyWindow.open({ connectionId: task.connectionId, keyId: isThere ? task.keyId : null });
  }

  /** Throws `policy/keystore`: the window then says so instead of asking for a key. */
  describe() {
    const { vault, settings, isLoopbackOnly } = this.#dependencies;
    const connection = this.#connection();
    if (!this.#isForProxy()) vault.assertKeepable();
    return {
      keystore: vault.keystore(),
      isKeystoreRequired: vault.requiresKeystore && !this.#isForProxy(),
      connection,
      replaced: this.#replaced(connection),
      isLoopbackOnly,
      clearsClipboard: settings.get().clearsClipboard,
    };
  }

  /** Asks the keystore, with a prompt if it must, so that the form can say where the key will rest. */
  async recheck() {
    await this.#dependencies.keystore.check({ mayPrompt: true });
    return this.describe();
  }

  /** Reads the clipboard in main and keeps the key for the coming save. Returns what may be shown of it. */
  async paste(): Promise<{ last4: string; length: number }> {
    this.#dependencies.vault.assertKeepable();
    const text = await this.#dependencies.desktop.readClipboardText();
    if (text.trim() === '')
      throw new AppError('secret/clipboard-empty', 'There is no text on the clipboard.');
    const key = parseKey(text);
    this.#dependencies.vault.protect(key);
    this.#held = { key, clipboardText: text };
    return outlineOf(key);
  }

  /**
   * Saves connection and key, then destroys the window; or asks first when something speaks against it, and holds the key
   * meanwhile. On any error nothing changed and the window stays.
   */
  async save(input: SaveInput): Promise<SaveOutput> {
    const { connections, keyWindow, vault } = this.#dependencies;
    if (this.#isForProxy()) throw new AppError('ipc/forbidden', 'The window is open for a proxy.');
    const formsClosed = this.#formsClosed;
    const taken = this.#takeKey(input.key);
    const apiKey = taken?.key ?? null;
    if (apiKey !== null) vault.protect(apiKey);
    assertNoKeyIn([input.label, input.baseUrl], this.#dependencies.keySpotter);
    const connection = this.#connection();
    // An address or a label that makes no sense is said before anybody is asked anything.
    const url = parseBaseUrl(connection?.baseUrl ?? input.baseUrl);
    if (connection === null) connections.assertMayAdd(url.origin);
    else connections.assertUsable(connection);
    if (apiKey !== null) {
      vault.assertKeepable();
      connections.assertKeyAllowedFor(url);
    }
    const concerns = apiKey === null || input.isConfirmed ? [] : await this.#judge(apiKey, connection, input);
    if (apiKey !== null && concerns.length === 0) await this.#openKeystore();
    // Closed while the provider or the keystore was asked: that was a Cancel, and nobody is there to read the answer.
    if (formsClosed !== this.#formsClosed) return { outcome: 'saved' };
    if (taken !== null && concerns.length > 0) {
      this.#held = taken;
      return { outcome: 'asked', concerns, ...outlineOf(taken.key) };
    }
    if (connection === null) await this.#addConnection(input, url, apiKey);
    // Looked up again: it may have been removed while the provider or the keystore was asked.
    else await this.#addKey(connections.find(connection.id), input, apiKey);
    connections.announce();
    keyWindow.close();
    if (input.key.source === 'held' && taken !== null && taken.clipboardText !== null)
      await this.#leaveClipboard(taken.clipboardText, input.key.shouldClearClipboard);
    return { outcome: 'saved' };
  }

  cancel(): void {
    this.#dependencies.keyWindow.close();
  }

  /** Asks a locked keystore once more before a key is entered into it. */
  async #openKeystore(): Promise<void> {
    const { vault, keystore } = this.#dependencies;
    if (vault.keystore().kind !== 'available') await keystore.check({ mayPrompt: true });
  }

  /** The key is saved by now, so what fails here is no reason to say that it was not. */
  async #leaveClipboard(text: string, shouldClear: boolean): Promise<void> {
    const { desktop, settings, logger } = this.#dependencies;
    try {
      if (shouldClear) await desktop.clearClipboardIf(text);
      if (settings.get().clearsClipboard !== shouldClear) settings.change({ clearsClipboard: shouldClear });
    } catch (error) {
      logger.warn('the clipboard was not cleared, or the choice not remembered', { error });
    }
  }

  /** What a person should look at first. A key that replaces another is tried before the other goes. */
  async #judge(apiKey: string, connection: Connection | null, input: SaveInput): Promise<KeyConcern[]> {
    const looksLike = findOtherProvider(apiKey, connection?.provider ?? input.provider);
    const concerns: KeyConcern[] = looksLike === null ? [] : [{ kind: 'other-provider', looksLike }];
    if (readKeyShape(apiKey).breadth === 'admin') concerns.push({ kind: 'admin-key' });
    if (connection === null || this.#replaced(connection) === null) return concerns;
    const refusal = await this.#try(apiKey, connection, input);
    return refusal === null ? concerns : [...concerns, refusal];
  }

  async #try(apiKey: string, connection: Connection, input: SaveInput): Promise<KeyConcern | null> {
    try {
      await this.#dependencies.connections.tryKey(connection, { label: input.label, apiKey });
      return null;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return error.code === 'auth/rejected-key'
        ? { kind: 'refused' }
        : { kind: 'untested', error: error.toWire() };
    }
  }

  async #addConnection(input: SaveInput, url: BaseUrl, rawKey: string | null): Promise<void> {
    const { connections, ids, vault } = this.#dependencies;
    if (rawKey === null && !url.isLoopback)
      throw new AppError('secret/empty-key', 'Only servers on this computer work without a key.');
    const { baseUrl, origin } = url;
    const { provider, dialect } = input;
    const id = ids.next();
    const label = input.label.trim() || new URL(origin).host;
    const newKey = { connectionId: id, replacedKeyId: null, label, origin };
    const keyId = rawKey === null ? null : await vault.save({ ...newKey, rawKey });
    try {
      connections.add({ id, label, provider, baseUrl, dialect, needsKey: keyId !== null });
    } catch (error) {
      if (keyId !== null) {
        vault.remove(keyId);
        vault.forget(keyId);
      }
      throw error;
    }
  }

  async #addKey(connection: Connection, input: SaveInput, rawKey: string | null): Promise<void> {
    if (rawKey === null) throw new AppError('secret/empty-key', 'There is no key in the field.');
    const replaced = this.#replaced(connection);
    const label = input.label.trim() || replaced?.label || connection.label;
    const { vault, connections } = this.#dependencies;
    const keyId = await vault.save({
      connectionId: connection.id,
      replacedKeyId: replaced?.id ?? null,
      label,
      origin: connection.origin,
      rawKey,
    });
    // One more key does not push aside the one in use; the first one is what the connection has been waiting for.
    const isInUse = replaced === null && connection.key !== null && connection.key.state !== 'wrong-origin';
    if (isInUse) return;
    try {
      connections.requireKey(connection.id, keyId);
    } catch (error) {
      if (keyId !== replaced?.id) {
        vault.remove(keyId);
        vault.forget(keyId);
      }
      throw error;
    }
  }

  #takeKey(key: SaveInput['key']): HeldKey | null {
    switch (key.source) {
      case 'typed':
        return { key: parseKey(key.text), clipboardText: null };
      case 'held':
        if (this.#held === null) throw new AppError('secret/clipboard-empty', 'Nothing was pasted yet.');
        return this.#held;
      case 'none':
        return null;
    }
  }

  /** What the window is open for then is the network settings' business, and no key. */
  #isForProxy(): boolean {
    return this.#dependencies.keyWindow.task()?.connectionId === PROXY_OWNER_ID;
  }

  #connection(): Connection | null {
    const id = this.#dependencies.keyWindow.task()?.connectionId ?? null;
    return id === null || id === PROXY_OWNER_ID ? null : this.#dependencies.connections.find(id);
  }

  #replaced(connection: Connection | null): KeyStatus | null {
    const keyId = this.#dependencies.keyWindow.task()?.keyId ?? null;
    return connection?.keys.find(({ id }) => id === keyId) ?? null;
  }
}

function outlineOf(key: string): { readonly last4: string; readonly length: number } {
  return { last4: lastFour(key), length: key.length };
}
