import type { Message } from './conversation.ts';
import type { Generation } from './generation.ts';

/** What most messages do not have. Here, without zod, for windows too. */
export const PLAIN_MESSAGE: Pick<
  Message,
  'attachments' | 'reasoning' | 'citations' | 'toolName' | 'omittedCount' | 'error' | 'usage'
> = {
  attachments: [],
  reasoning: '',
  citations: [],
  toolName: null,
  omittedCount: 0,
  error: null,
  usage: null,
};

/** Answers as the model makes them unasked. */
export const PLAIN_GENERATION: Generation = {
  systemPrompt: '',
  effort: null,
  verbosity: null,
  usesWebSearch: false,
  makesImages: false,
};
