import type { KeystoreStatus } from '../../contract/model/connection.ts';
import type { ConnectionService } from '../connections/connection-service.ts';
import type { EventSink, KeystoreQuestion, Logger, SecretCipher } from '../ports.ts';
import type { VaultService } from './vault-service.ts';

/** What following the keystore needs. */
export interface KeystoreWatchDependencies {
  readonly cipher: SecretCipher;
  readonly vault: VaultService;
  readonly connections: ConnectionService;
  readonly events: EventSink;
  readonly logger: Logger;
}

/** Follows the OS keystore: whatever it says, whenever it says it, the keys are verified and the windows are told. */
export class KeystoreWatch {
  readonly #dependencies: KeystoreWatchDependencies;

  constructor(dependencies: KeystoreWatchDependencies) {
    this.#dependencies = dependencies;
    dependencies.cipher.onChanged((status) => {
      dependencies.events.emit({ name: 'keystore.changed', payload: status });
      // A prompt may be answered long after everybody stopped waiting for it.
      void this.#verify().catch((error: unknown) =>
        dependencies.logger.error('the keys were not verified', { error }),
      );
    });
  }

  /** Asks the keystore, verifies every saved key and announces how they stand. */
  async check(question: KeystoreQuestion): Promise<KeystoreStatus> {
    const status = await this.#dependencies.cipher.check(question);
    await this.#verify();
    return status;
  }

  async #verify(): Promise<void> {
    const { cipher, vault, connections } = this.#dependencies;
    if (cipher.status().kind === 'checking') return;
    await vault.verify();
    connections.announce();
  }
}
