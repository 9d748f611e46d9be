import type { Generation } from '../../electron/contract/model/generation.ts';

/** Answers as the model makes them unasked. */
export const PLAIN_GENERATION: Generation = {
  systemPrompt: '',
  effort: null,
  verbosity: null,
  usesWebSearch: false,
  makesImages: false,
};
