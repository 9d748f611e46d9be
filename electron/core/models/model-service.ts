import type { ModelCapabilities } from '../../contract/model/capabilities.ts';
import type { Connection } from '../../contract/model/connection.ts';
import type { ConnectionService } from '../connections/connection-service.ts';
import { capabilitiesOf } from './capabilities-of.ts';
import { LearnedCapabilities, type LearnedDependencies } from './learned-capabilities.ts';

/** What knowing models is built from. */
export interface ModelDependencies extends LearnedDependencies {
  readonly connections: Pick<ConnectionService, 'find'>;
}

/** What models can do, wherever it is known from. */
export class ModelService {
  readonly #connections: ModelDependencies['connections'];
  readonly #learned: LearnedCapabilities;

  constructor(dependencies: ModelDependencies) {
    this.#connections = dependencies.connections;
    this.#learned = new LearnedCapabilities(dependencies);
  }

  /** Throws `connection/not-found`. */
  capabilities(connectionId: string, model: string): ModelCapabilities {
    return this.capabilitiesOf(this.#connections.find(connectionId), model);
  }

  /** The same for who has the connection at hand. */
  capabilitiesOf(connection: Connection, model: string): ModelCapabilities {
    return capabilitiesOf(connection, model, this.#learned.of(connection, model));
  }

  /** Called when a connection is removed. */
  forgetConnection(connectionId: string): void {
    this.#learned.forget(connectionId);
  }
}
