import { AppError } from '../../contract/app-error.ts';
import type { Connection } from '../../contract/model/connection.ts';
import type { RouteInput } from '../../contract/contract.ts';
import type { ConnectionService } from '../connections/connection-service.ts';
import { parseBaseUrl, type BaseUrl } from '../connections/parse-base-url.ts';
import { PROXY_OWNER_ID } from '../network/sealed-value.ts';
import type { Desktop, IdSource, KeyWindowHost } from '../ports.ts';
import { lastFour, parseKey } from './parse-key.ts';
import type { VaultService } from './vault-service.ts';

/** What entering a key needs. */
export interface KeyEntryDependencies {
  readonly vault: VaultService;
  readonly connections: ConnectionService;
  readonly keyWindow: KeyWindowHost;
  readonly desktop: Pick<Desktop, 'readClipboardText'>;
  readonly ids: IdSource;
  readonly isLoopbackOnly: boolean;
}

type SaveInput = RouteInput<'keyWindow.save'>;

/** What the key window does: one form, from opening to saving. A key pasted by main waits here, not in the window. */
export class KeyEntry {
  readonly #dependencies: KeyEntryDependencies;
  #pastedKey: string | null = null;

  constructor(dependencies: KeyEntryDependencies) {
    this.#dependencies = dependencies;
    dependencies.keyWindow.onClosed(() => {
      this.#pastedKey = null;
    });
  }

  async open(connectionId: string | null): Promise<void> {
    if (connectionId !== null) this.#dependencies.connections.find(connectionId);
    await this.#dependencies.keyWindow.open(connectionId);
  }

  async describe() {
    const { vault, isLoopbackOnly } = this.#dependencies;
    return { keystore: await vault.keystore(), connection: this.#connection(), isLoopbackOnly };
  }

  /** Reads the clipboard in main and keeps the key for the coming save. Returns what may be shown of it. */
  async paste(): Promise<{ last4: string; length: number }> {
    const text = await this.#dependencies.desktop.readClipboardText();
    if (text.trim() === '')
      throw new AppError('secret/clipboard-empty', 'There is no text on the clipboard.');
    const key = parseKey(text);
    this.#pastedKey = key;
    return { last4: lastFour(key), length: key.length };
  }

  /** Saves connection and key, then destroys the window. On any error nothing changed and the window stays. */
  async save(input: SaveInput): Promise<void> {
    const { connections, keyWindow } = this.#dependencies;
    if (keyWindow.connectionId() === PROXY_OWNER_ID)
      throw new AppError('ipc/forbidden', 'The window is open for a proxy.');
    const rawKey = this.#rawKey(input.key);
    const connection = this.#connection();
    if (connection === null) await this.#addConnection(input, rawKey);
    else await this.#replaceKey(connection, input, rawKey);
    connections.announce();
    keyWindow.close();
  }

  cancel(): void {
    this.#dependencies.keyWindow.close();
  }

  async #addConnection(input: SaveInput, rawKey: string | null): Promise<void> {
    const { connections, ids } = this.#dependencies;
    const url = parseBaseUrl(input.baseUrl);
    const id = ids.next();
    const label = input.label.trim() || new URL(url.origin).host;
    const keyId = await this.#saveKey({ connectionId: id, label, url, rawKey });
    try {
      connections.add({
        id,
        label,
        provider: input.provider,
        baseUrl: url.baseUrl,
        dialect: input.dialect,
        needsKey: rawKey !== null,
      });
    } catch (error) {
      if (keyId !== null) this.#dependencies.vault.remove(keyId);
      throw error;
    }
  }

  async #replaceKey(connection: Connection, input: SaveInput, rawKey: string | null): Promise<void> {
    if (rawKey === null) throw new AppError('secret/empty-key', 'There is no key in the field.');
    const url = parseBaseUrl(connection.baseUrl);
    const label = input.label.trim() || connection.label;
    await this.#saveKey({ connectionId: connection.id, label, url, rawKey });
    this.#dependencies.connections.requireKey(connection.id);
  }

  async #saveKey(entry: {
    readonly connectionId: string;
    readonly label: string;
    readonly url: BaseUrl;
    readonly rawKey: string | null;
  }): Promise<string | null> {
    const { connectionId, label, url, rawKey } = entry;
    if (rawKey === null) {
      if (!url.isLoopback)
        throw new AppError('secret/empty-key', 'Only servers on this computer work without a key.');
      return null;
    }
    this.#dependencies.connections.assertKeyAllowedFor(url);
    return this.#dependencies.vault.save({ connectionId, label, origin: url.origin, rawKey });
  }

  #rawKey(key: SaveInput['key']): string | null {
    switch (key.source) {
      case 'typed':
        return key.text;
      case 'pasted':
        if (this.#pastedKey === null) throw new AppError('secret/clipboard-empty', 'Nothing was pasted yet.');
        return this.#pastedKey;
      case 'none':
        return null;
    }
  }

  #connection(): Connection | null {
    const id = this.#dependencies.keyWindow.connectionId();
    return id === null || id === PROXY_OWNER_ID ? null : this.#dependencies.connections.find(id);
  }
}
