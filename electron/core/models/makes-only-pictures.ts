import { findKnownModel } from './find-known-model.ts';

/** Whether a model answers with a picture and never with text. */
export function makesOnlyPictures(model: string): boolean {
  return findKnownModel(model)?.images === 'only';
}
