import { z } from 'zod';
import { dialectSchema } from './connection.ts';
import { effortSchema, verbositySchema } from './generation.ts';

/** Whether a model does something. `unknown` is worth a try: what the server answers is remembered. */
export const supportSchema = z.enum(['yes', 'no', 'unknown']);
/** See {@link supportSchema}. */
export type Support = z.infer<typeof supportSchema>;

/** What a model does at a connection, and so what a window offers. */
export const modelCapabilitiesSchema = z.strictObject({
  /** The ways it can be asked; null when not known. */
  dialects: z.array(dialectSchema).nullable(),
  /** What it takes, least first; [] when the effort cannot be set, null when not known. */
  efforts: z.array(effortSchema).nullable(),
  /** The same for how long its answers are. */
  verbosities: z.array(verbositySchema).nullable(),
  imageInput: supportSchema,
  /** PDF files as they are. Text files go to every model, as text. */
  fileInput: supportSchema,
  webSearch: supportSchema,
  imageGeneration: supportSchema,
  /** Tokens of question and answer together; null when not known. */
  contextTokens: z.number().int().positive().nullable(),
  maxOutputTokens: z.number().int().positive().nullable(),
  /** Where the table has it from, and on which day it was read; null for what is not in the table. */
  source: z.strictObject({ url: z.string(), readOn: z.iso.date() }).nullable(),
});
/** See {@link modelCapabilitiesSchema}. */
export type ModelCapabilities = z.infer<typeof modelCapabilitiesSchema>;
