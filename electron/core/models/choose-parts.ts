import type { ModelCapabilities, Support } from '../../contract/model/capabilities.ts';
import type { Dialect } from '../../contract/model/connection.ts';
import type { CompletionRequest } from '../providers/chat-provider.ts';
import type { Traits } from './learned-capabilities.ts';
import type { RequestPart, Trait } from './request-part.ts';

/** What is asked, and in which API. */
export interface Asked {
  readonly request: Pick<CompletionRequest, 'generation' | 'turns'>;
  readonly dialect: Dialect;
}

/** What is known of who is asked. */
export interface Known {
  readonly capabilities: ModelCapabilities;
  readonly learned: Traits;
}

/** The parts of a request to send: all that is wished for and not known to be refused. */
export function chooseParts(asked: Asked, known: Known): ReadonlySet<RequestPart> {
  return new Set(wishedParts(asked, known.capabilities).filter((part) => isTaken(part, asked, known)));
}

/** What a server has taken that answered a request with these parts. */
export function traitsOf(parts: ReadonlySet<RequestPart>, { generation }: Asked['request']): Trait[] {
  return [...parts].flatMap((part): Trait[] => {
    if (part === 'effort' && generation.effort !== null) return [part, `effort:${generation.effort}`];
    if (part === 'verbosity' && generation.verbosity !== null)
      return [part, `verbosity:${generation.verbosity}`];
    return [part];
  });
}

function wishedParts({ request, dialect }: Asked, { efforts }: ModelCapabilities): RequestPart[] {
  const { generation, turns } = request;
  const has = (kind: 'image' | 'pdf'): boolean =>
    turns.some(({ files }) => files?.some((file) => file.kind === kind));
  const isThinking = generation.effort === null ? (efforts ?? []).length > 0 : generation.effort !== 'none';
  const wishes: Record<RequestPart, boolean> = {
    effort: generation.effort !== null,
    verbosity: generation.verbosity !== null,
    'reasoning-summary': dialect === 'responses' && isThinking,
    'web-search': generation.usesWebSearch,
    'image-generation': generation.makesImages && dialect === 'responses',
    'image-input': has('image'),
    'file-input': has('pdf'),
    'usage-in-stream': dialect === 'chat-completions',
  };
  return (Object.keys(wishes) as RequestPart[]).filter((part) => wishes[part]);
}

function isTaken(part: RequestPart, { request }: Asked, { capabilities, learned }: Known): boolean {
  const { effort, verbosity, usesWebSearch, makesImages } = request.generation;
  const usesTools = usesWebSearch || makesImages;
  switch (part) {
    case 'effort':
      // With it OpenAI's models take no tools, and those were asked for by name.
      if (effort === 'minimal' && usesTools) return false;
      return effort !== null && (capabilities.efforts?.includes(effort) ?? true);
    case 'verbosity':
      return verbosity !== null && (capabilities.verbosities?.includes(verbosity) ?? true);
    case 'reasoning-summary':
      return !learned.refused.has(part) && capabilities.efforts?.length !== 0;
    case 'usage-in-stream':
      return !learned.refused.has(part);
    case 'web-search':
      return may(capabilities.webSearch);
    case 'image-generation':
      return may(capabilities.imageGeneration);
    case 'image-input':
      return may(capabilities.imageInput);
    case 'file-input':
      return may(capabilities.fileInput);
  }
}

function may(support: Support): boolean {
  return support !== 'no';
}
