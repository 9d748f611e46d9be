import type { ModelCapabilities, Support } from '../../contract/model/capabilities.ts';
import type { Connection } from '../../contract/model/connection.ts';
import { effortSchema, verbositySchema } from '../../contract/model/generation.ts';
import { findKnownModel } from './find-known-model.ts';
import type { KnownModel } from './known-models.ts';
import type { Traits } from './learned-capabilities.ts';
import type { RequestPart } from './request-part.ts';

/** What it takes of a connection to know what a model does there. */
export type AskedConnection = Pick<Connection, 'origin' | 'dialect'>;

/** The origin whose own tools the table is about. */
const TABLE_ORIGIN = 'https://api.openai.com';

const UNKNOWN: ModelCapabilities = {
  dialects: null,
  efforts: null,
  verbosities: null,
  imageInput: 'unknown',
  fileInput: 'unknown',
  webSearch: 'unknown',
  imageGeneration: 'unknown',
  contextTokens: null,
  maxOutputTokens: null,
  source: null,
};

/** What is known of a model at a connection: what the table says, and over it what the server has taken or refused. */
export function capabilitiesOf(
  connection: AskedConnection,
  model: string,
  learned: Traits,
): ModelCapabilities {
  const known = knownCapabilities(connection, model);
  return {
    ...known,
    efforts: values({ all: effortSchema.options, known: known.efforts, part: 'effort', learned }),
    verbosities: values({
      all: verbositySchema.options,
      known: known.verbosities,
      part: 'verbosity',
      learned,
    }),
    imageInput: learnt(known.imageInput, 'image-input', learned),
    fileInput: learnt(known.fileInput, 'file-input', learned),
    webSearch: learnt(known.webSearch, 'web-search', learned),
    imageGeneration: learnt(known.imageGeneration, 'image-generation', learned),
  };
}

/**
 * What the table says of a model at a connection. A name is believed wherever it is spoken: a proxy hands the same model on.
 * Searching and making pictures are services of OpenAI's own API, though; whether another has them is not known.
 */
function knownCapabilities({ origin, dialect }: AskedConnection, model: string): ModelCapabilities {
  const known = findKnownModel(model);
  if (known === null) return UNKNOWN;
  const isOpenAI = origin === TABLE_ORIGIN;
  const service = (does: boolean): Support => (isOpenAI ? support(does) : 'unknown');
  return {
    dialects: isOpenAI ? [...known.dialects] : null,
    efforts: [...known.efforts],
    verbosities: [...known.verbosities],
    imageInput: support(known.takesImages),
    fileInput: known.takesFiles ? service(true) : 'no',
    webSearch: service(known.searchesIn.includes(dialect)),
    imageGeneration: known.images === 'only' ? 'yes' : service(hasImageTool(known, dialect)),
    contextTokens: known.contextTokens,
    maxOutputTokens: known.maxOutputTokens,
    source: { url: known.sourceUrl, readOn: known.readOn },
  };
}

function hasImageTool({ images }: KnownModel, dialect: AskedConnection['dialect']): boolean {
  return images === 'tool' && dialect === 'responses';
}

function support(does: boolean): Support {
  return does ? 'yes' : 'no';
}

function learnt(known: Support, part: RequestPart, { accepted, refused }: Traits): Support {
  if (refused.has(part)) return 'no';
  return accepted.has(part) ? 'yes' : known;
}

/** Values of a part, in their own order; null when nothing is known of any. */
function values<V extends string>(options: {
  readonly all: readonly V[];
  readonly known: readonly V[] | null;
  readonly part: 'effort' | 'verbosity';
  readonly learned: Traits;
}): V[] | null {
  const { all, known, part, learned } = options;
  if (learned.refused.has(part)) return [];
  const has = (traits: ReadonlySet<string>, value: V): boolean => traits.has(`${part}:${value}`);
  const isTouched = all.some((value) => has(learned.refused, value));
  if (known === null && !isTouched) return null;
  return all.filter(
    (value) =>
      !has(learned.refused, value) &&
      (known === null || known.includes(value) || has(learned.accepted, value)),
  );
}
