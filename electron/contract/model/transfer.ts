import { z } from 'zod';
import { wireErrorSchema } from './conversation.ts';
import { timestampSchema } from './ids.ts';

/** What is on its way: out of a file, or into one. */
export const transferTaskSchema = z.enum(['import', 'export']);
/** See {@link transferTaskSchema}. */
export type TransferTask = z.infer<typeof transferTaskSchema>;

/** How far it is. `saving`: everything has been read, and what is read enters the history in one step that cannot be cancelled. */
export const transferProgressSchema = z.strictObject({
  phase: z.enum(['reading', 'saving', 'writing']),
  unit: z.enum(['bytes', 'conversations']),
  done: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
});
/** See {@link transferProgressSchema}. */
export type TransferProgress = z.infer<typeof transferProgressSchema>;

/** Why one item of a file was not taken in. */
export const itemProblemSchema = z.enum([
  'syntax',
  'not-utf8',
  'wrong-shape',
  'no-messages',
  'broken-tree',
  'too-large',
  'too-deep',
  'ended-early',
]);
/** See {@link itemProblemSchema}. */
export type ItemProblem = z.infer<typeof itemProblemSchema>;

/** Most failures that a report lists; the rest is counted. */
export const MAX_LISTED_FAILURES = 200;

/** An item that was not taken in. */
export const itemFailureSchema = z.strictObject({
  kind: z.enum(['conversation', 'file']),
  /** Counted from 1, in its document. */
  number: z.number().int().nonnegative(),
  /** Which of the chosen files, or of the files in an archive; '' when there is only one. */
  document: z.string(),
  title: z.string().nullable(),
  problem: itemProblemSchema,
});
/** See {@link itemFailureSchema}. */
export type ItemFailure = z.infer<typeof itemFailureSchema>;

/** What an import came to. */
export const importReportSchema = z.strictObject({
  kind: z.literal('import'),
  importedCount: z.number().int().nonnegative(),
  messageCount: z.number().int().nonnegative(),
  alreadyHereCount: z.number().int().nonnegative(),
  /** Conversations without a message. */
  emptyCount: z.number().int().nonnegative(),
  failureCount: z.number().int().nonnegative(),
  failures: z.array(itemFailureSchema),
  /** Messages of a kind that nothing is known of. */
  leftOutMessageCount: z.number().int().nonnegative(),
  /** Pictures and files that were not in the chosen file, or are not what they say they are. */
  leftOutFileCount: z.number().int().nonnegative(),
});
/** See {@link importReportSchema}. */
export type ImportReport = z.infer<typeof importReportSchema>;

/** What an export came to. */
export const exportReportSchema = z.strictObject({
  kind: z.literal('export'),
  conversationCount: z.number().int().nonnegative(),
  messageCount: z.number().int().nonnegative(),
  /** Files that should be stored and are not. */
  missingFileCount: z.number().int().nonnegative(),
  /** The name of the file or folder, without where it is. */
  name: z.string(),
});
/** See {@link exportReportSchema}. */
export type ExportReport = z.infer<typeof exportReportSchema>;

/** The one transfer there can be at a time, or the last one there was. */
export const transferStatusSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('idle') }),
  z.strictObject({
    kind: z.literal('running'),
    task: transferTaskSchema,
    progress: transferProgressSchema,
    isCancelling: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('ended'),
    task: transferTaskSchema,
    endedAt: timestampSchema,
    outcome: z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('done'),
        report: z.discriminatedUnion('kind', [importReportSchema, exportReportSchema]),
      }),
      z.strictObject({ kind: z.literal('cancelled') }),
      z.strictObject({ kind: z.literal('failed'), error: wireErrorSchema }),
    ]),
  }),
]);
/** See {@link transferStatusSchema}. */
export type TransferStatus = z.infer<typeof transferStatusSchema>;
