import { z } from 'zod';
import { dialectSchema } from '../../contract/model/connection.ts';
import type { Connection } from '../../contract/model/connection.ts';
import type { Clock, DocumentStore, Logger } from '../ports.ts';
import { isOptional, traitSchema, type Trait } from './request-part.ts';

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
  learnedAt: z.number().int().nonnegative(),
});
type Learned = Readonly<z.infer<typeof learnedSchema>>;

const documentSchema = z.object({ version: z.literal(1), models: z.array(z.unknown()).max(10_000) });

/** What it takes of a connection to remember something of it. */
export type LearningConnection = Pick<Connection, 'id' | 'baseUrl' | 'dialect'>;

/** Traits a model has and has not at a connection. */
export interface Traits {
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
    return { accepted: new Set(found.accepted), refused: new Set(found.refused) };
  }

  /** What was learnt last counts. Never throws. */
  note(
    connection: LearningConnection,
    model: string,
    {
      accepted = [],
      refused = [],
    }: { readonly accepted?: readonly Trait[]; readonly refused?: readonly Trait[] },
  ): void {
    const former = this.of(connection, model);
    if (accepted.every((t) => former.accepted.has(t)) && refused.every((t) => former.refused.has(t))) return;
    this.#replace(connection, model, {
      accepted: union(former.accepted, accepted, refused),
      refused: union(former.refused, refused, accepted),
    });
  }

  /** Takes a refusal back, so that the server is asked again. Never throws. */
  forgetRefusals(connection: LearningConnection, model: string, traits: readonly Trait[]): void {
    const former = this.of(connection, model);
    if (!traits.some((trait) => former.refused.has(trait))) return;
    this.#replace(connection, model, {
      accepted: [...former.accepted],
      refused: union(former.refused, [], traits),
    });
  }

  #replace(
    { id, baseUrl, dialect }: LearningConnection,
    model: string,
    traits: Pick<Learned, 'accepted' | 'refused'>,
  ): void {
    const learned: Learned = {
      connectionId: id,
      baseUrl,
      dialect,
      model,
      ...traits,
      learnedAt: this.#dependencies.clock.now(),
    };
    const others = this.#learned.filter((each) => each.connectionId !== id || each.model !== model);
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
      file.write({ version: 1, models: this.#learned.map(withoutRefusedInput) });
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
        return parsed.success ? [withoutRefusedInput(parsed.data)] : [];
      })
      .slice(-MAX_LEARNED);
  }
}

/**
 * Without what counts until Latchkey quits only: whether a picture or a file is refused for good or for what it is, a server's words
 * may not tell, and a local model is loaded with its eyes the next time.
 */
function withoutRefusedInput(learned: Learned): Learned {
  return { ...learned, refused: learned.refused.filter(isOptional) };
}

function union(former: ReadonlySet<Trait>, added: readonly Trait[], removed: readonly Trait[]): Trait[] {
  return [...new Set([...former, ...added])].filter(
    (trait) => added.includes(trait) || !removed.includes(trait),
  );
}
