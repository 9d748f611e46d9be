import { KNOWN_MODELS, type KnownModel } from './known-models.ts';

/** What is appended to a name for one state of a model: `-2026-04-23`, or `-0613` in older ones. */
const SNAPSHOT = /^-(?:\d{4}-\d{2}-\d{2}|\d{4})$/;

/**
 * The row of a model: by its name, or by that of which it is a dated snapshot; the longest wins. Never by a mere beginning:
 * `gpt-5-pro` is not `gpt-5`. A maker's name before it and a router's wish behind it (`openai/gpt-5.4:floor`) are no part of it.
 */
export function findKnownModel(
  model: string,
  known: readonly KnownModel[] = KNOWN_MODELS,
): KnownModel | null {
  const name = model.replace(/^openai\//, '').replace(/:[a-z]+$/, '');
  let best: KnownModel | null = null;
  for (const candidate of known) {
    const isIt =
      name === candidate.model ||
      (name.startsWith(candidate.model) && SNAPSHOT.test(name.slice(candidate.model.length)));
    if (isIt && (best === null || candidate.model.length > best.model.length)) best = candidate;
  }
  return best;
}
