import type { ModelCapabilities } from '../../contract/model/capabilities.ts';
import type { Connection } from '../../contract/model/connection.ts';
import type { ConnectionService } from '../connections/connection-service.ts';
import type { CompletionRequest } from '../providers/chat-provider.ts';
import { capabilitiesOf } from './capabilities-of.ts';
import { chooseParts, traitsOf } from './choose-parts.ts';
import { LearnedCapabilities, type LearnedDependencies } from './learned-capabilities.ts';
import { makesOnlyPictures } from './makes-only-pictures.ts';
import { isOptional, type Trait } from './request-part.ts';

/** What knowing models is built from. */
export interface ModelDependencies extends LearnedDependencies {
  readonly connections: Pick<ConnectionService, 'find'>;
}

/** One model at one connection, as whoever asks it sees it. */
export interface ModelLearner {
  /** The request with what is sent of it by all that is known now. */
  prepare(request: CompletionRequest): CompletionRequest;
  /** A server answered: it took what was sent. */
  noteAnswered(request: CompletionRequest): void;
  /** A server refused parts. True when the same question can be asked without them. */
  noteRefused(refused: readonly Trait[]): boolean;
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

  /** A person attaches a picture or a file again: its server is asked again, too. */
  forgetRefusedInput(connection: Connection, model: string): void {
    this.#learned.forgetRefusals(connection, model, ['image-input', 'file-input']);
  }

  /** For asking a model, and for learning from what becomes of it. */
  learnerFor(connection: Connection, model: string): ModelLearner {
    const isPainter = makesOnlyPictures(model);
    return {
      prepare: (request) => {
        if (isPainter) return { ...request, answer: 'picture', parts: new Set() };
        const learned = this.#learned.of(connection, model);
        const known = { capabilities: capabilitiesOf(connection, model, learned), learned };
        return { ...request, parts: chooseParts({ request, dialect: connection.dialect }, known) };
      },
      noteAnswered: (request) => {
        const accepted = traitsOf(request.parts ?? new Set(), request);
        if (accepted.length > 0) this.#learned.note(connection, model, { accepted });
      },
      noteRefused: (refused) => {
        this.#learned.note(connection, model, { refused });
        return refused.every(isOptional);
      },
    };
  }

  /** Called when a connection is removed. */
  forgetConnection(connectionId: string): void {
    this.#learned.forget(connectionId);
  }
}
