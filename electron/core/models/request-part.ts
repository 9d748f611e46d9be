import { z } from 'zod';
import { effortSchema, verbositySchema } from '../../contract/model/generation.ts';

const PARTS = [
  'effort',
  'verbosity',
  'reasoning-summary',
  'web-search',
  'image-generation',
  'image-input',
  'file-input',
  'usage-in-stream',
] as const;

/**
 * A part of a request that not every model or server takes. Without `image-input` or `file-input` it would be another question;
 * without the others it is still the same.
 */
export const requestPartSchema = z.enum(PARTS);
/** See {@link requestPartSchema}. */
export type RequestPart = z.infer<typeof requestPartSchema>;

/** What a server takes or refuses: a part as such, or one value of it, as `effort:xhigh`. */
export const traitSchema = z.enum([
  ...PARTS,
  ...effortSchema.options.map((effort) => `effort:${effort}` as const),
  ...verbositySchema.options.map((verbosity) => `verbosity:${verbosity}` as const),
]);
/** See {@link traitSchema}. */
export type Trait = z.infer<typeof traitSchema>;

/** Whether the same question can be asked without it. */
export function isOptional(trait: Trait): boolean {
  return trait !== 'image-input' && trait !== 'file-input';
}
