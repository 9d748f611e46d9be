import { z } from 'zod';
import { dialectSchema } from '../../contract/model/connection.ts';
import type { Connection } from '../../contract/model/connection.ts';
import type { Clock, DocumentStore, Logger } from '../ports.ts';
import { traitSchema, type Trait } from './request-part.ts';

/** Models remembered at most; the ones that were learnt of longest ago go first. */
export const MAX_LEARNED = 500;

/** How long something learnt counts: servers learn too. */
export const LEARNED_FOR_MS = 30 * 86_400_000;

/** What one server took and refused for one model. */
const learnedSchema = z.object({
  connectionId: z.uuid(),
  /** What the connection was then; of another server or API nothing is known. */
  baseUrl: z.string().max(2048),
  dialect: dialectSchema,
  model: z.string().min(1).max(200),
  accepted: z.array(traitSchema).max(traitSchema.options.length),
  refused: z.array(traitSchema).max(traitSchema.options.length),
  /** The size of its window, as the server named it when a request was too long. */
  contextTokens: z.number().int().positive().nullable().default(null),
  learnedAt: z.number().int().nonnegative(),
});
type Learned = Readonly<z.infer<typeof learnedSchema>>;

const documentSchema = z.object({ version: z.literal(1), models: z.array(z.unknown()).max(10_000) });

/** What it takes of a connection to remember something of it. */
export type LearningConnection = Pick<Connection, 'id' | 'baseUrl' | 'dialect'>;

/** Traits a model has and has not at a connection. */
export interface Traits {
  readonly contextTokens?: number | null;
  readonly accepted: ReadonlySet<Trait>;
  readonly refused: ReadonlySet<Trait>;
}

const NOTHING: Traits = { accepted: new Set(), refused: new Set() };

/** What is needed to remember. */
export interface LearnedDependencies {
  readonly file: DocumentStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What servers took and refused, over a small file. It can be lost at any time: then it is learnt again. */
export class LearnedCapabilities {
  readonly #dependencies: LearnedDependencies;
  #learned: readonly Learned[];

  constructor(dependencies: LearnedDependencies) {
    this.#dependencies = dependencies;
    this.#learned = this.#load();
  }

  /** What is known of a model at a connection as it is now. */
  of(connection: LearningConnection, model: string): Traits {
    const found = this.#find(connection, model);
    if (found === undefined || this.#isOld(found)) return NOTHING;
    const { accepted, refused, contextTokens } = found;
    return { accepted: new Set(accepted), refused: new Set(refused), contextTokens };
  }

  /** What was learnt last counts. Never throws. */
  note(
    connection: LearningConnection,
    model: string,
    news: {
      readonly accepted?: readonly Trait[];
      readonly refused?: readonly Trait[];
      readonly contextTokens?: number;
    },
  ): void {
    const { accepted = [], refused = [] } = news;
    const former = this.of(connection, model);
    const { contextTokens = former.contextTokens ?? null } = news;
    const isKnown = contextTokens === (former.contextTokens ?? null);
    if (
      isKnown &&
      accepted.every((t) => former.accepted.has(t)) &&
      refused.every((t) => former.refused.has(t))
    )
      return;
    const learned: Learned = {
      connectionId: connection.id,
      baseUrl: connection.baseUrl,
      dialect: connection.dialect,
      model,
      accepted: union(former.accepted, accepted, refused),
      refused: union(former.refused, refused, accepted),
      contextTokens,
      learnedAt: this.#dependencies.clock.now(),
    };
    const others = this.#learned.filter(
      (each) => each.connectionId !== connection.id || each.model !== model,
    );
    this.#write([...others, learned].slice(-MAX_LEARNED));
  }

  /** Forgets all that was learnt at a connection. Never throws. */
  forget(connectionId: string): void {
    const kept = this.#learned.filter((each) => each.connectionId !== connectionId);
    if (kept.length < this.#learned.length) this.#write(kept);
  }

  #find({ id, baseUrl, dialect }: LearningConnection, model: string): Learned | undefined {
    return this.#learned.find(
      (each) =>
        each.connectionId === id &&
        each.model === model &&
        each.baseUrl === baseUrl &&
        each.dialect === dialect,
    );
  }

  #isOld({ learnedAt }: Learned): boolean {
    return learnedAt + LEARNED_FOR_MS < this.#dependencies.clock.now();
  }

  #write(learned: readonly Learned[]): void {
    const { file, logger } = this.#dependencies;
    this.#learned = learned.filter((each) => !this.#isOld(each));
    try {
      file.write({ version: 1, models: this.#learned });
    } catch (error) {
      // It is in memory; the next thing learnt writes it.
      logger.warn('could not write what a server takes', { error });
    }
  }

  #load(): readonly Learned[] {
    const content = this.#dependencies.file.read();
    // A damaged file was set aside by `read`; nothing in it was entered by a person, so nobody is told.
    if (content.kind !== 'value') return [];
    const document = documentSchema.safeParse(content.value);
    if (!document.success) return [];
    return document.data.models
      .flatMap((entry) => {
        const parsed = learnedSchema.safeParse(entry);
        return parsed.success ? [parsed.data] : [];
      })
      .slice(-MAX_LEARNED);
  }
}

function union(former: ReadonlySet<Trait>, added: readonly Trait[], removed: readonly Trait[]): Trait[] {
  return [...new Set([...former, ...added])].filter(
    (trait) => added.includes(trait) || !removed.includes(trait),
  );
}
