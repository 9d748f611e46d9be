import { z } from 'zod';
import { dialectSchema, headerValueSchema } from './connection.ts';

/** Longest policy file read, in bytes: far more than any list of connections and models needs. */
export const MAX_POLICY_BYTES = 262_144;

const originSchema = z
  .string()
  .max(300)
  // A URL parser takes a star for a letter; whoever writes one means more than that.
  .regex(
    /^https?:\/\/[^/?#@*\s\\]+$/,
    'must be an origin such as https://api.example.com, without a path or *',
  );

/** Visible ASCII only: two names that look alike must be alike. */
const modelNameSchema = z
  .string()
  .regex(/^[\x21-\x29\x2b-\x7e]{1,200}$/, 'must be a model name of visible ASCII characters, without *');

const modelPatternSchema = z
  .string()
  .regex(
    /^(?:[\x21-\x29\x2b-\x7e]{1,200}\*?|\*)$/,
    'must be a model name, or the beginning of one followed by *',
  );

const microUsdSchema = z.int('must be a whole number of millionths of a US dollar').nonnegative();

const managedIdSchema = z.uuid('must be a UUID').toLowerCase();

/** A connection that an organisation sets up. */
export const managedConnectionSchema = z.strictObject({
  id: managedIdSchema.describe(
    'A UUID, made once (uuidgen) and never changed: the keys people enter belong to it.',
  ),
  label: z.string().trim().min(1).max(80).describe('What people see.'),
  provider: z
    .enum(['openai', 'openrouter', 'azure', 'compatible', 'local'])
    .describe('"azure" sends its key as "api-key"; "local" is a server on this computer that needs no key.'),
  baseUrl: z
    .string()
    .max(2048)
    .describe('https, or http on this computer; with the path, e.g. https://api.openai.com/v1.'),
  dialect: dialectSchema.default('responses').describe('Which dialect of the OpenAI API the server speaks.'),
  organization: headerValueSchema.optional().describe('Sent as OpenAI-Organization.'),
  project: headerValueSchema.optional().describe('Sent as OpenAI-Project.'),
  defaultModel: modelNameSchema.optional().describe('The model a new conversation begins with.'),
});
/** See {@link managedConnectionSchema}. */
export type ManagedConnection = z.infer<typeof managedConnectionSchema>;

/** Which models may be asked at an origin, or wherever no origin is named. */
export const modelRuleSchema = z.strictObject({
  origin: originSchema.optional().describe('Where the rule holds; everywhere when absent.'),
  names: z
    .array(modelPatternSchema)
    .min(1)
    .max(500)
    .describe('Exact names, and beginnings followed by *: "gpt-5*" is every name that begins with gpt-5.'),
});

/** How much may be spent, in millionths of a US dollar. */
export const policyBudgetSchema = z.strictObject({
  connection: managedIdSchema
    .optional()
    .describe('The id of a connection of this policy; all connections together when absent.'),
  monthMicroUsd: microUsdSchema.optional().describe('Most per calendar month; 1000000 is one US dollar.'),
  dayMicroUsd: microUsdSchema.optional().describe('Most per calendar day.'),
});
/** See {@link policyBudgetSchema}. */
export type PolicyBudget = z.infer<typeof policyBudgetSchema>;

/** The file in which an organisation says what Latchkey may do. Strict: what it does not know, it does not guess at. */
export const policyRulesSchema = z
  .strictObject({
    $schema: z.string().max(2048).optional().describe('For editors; not looked at.'),
    version: z.literal(1, 'must be 1').describe('The version of this format.'),
    connections: z
      .array(managedConnectionSchema)
      .max(100)
      .default([])
      .describe('Connections that are there for everybody, and that nobody can change or remove.'),
    allowsOwnConnections: z
      .boolean()
      .default(true)
      .describe('Whether people may add connections, and use those they added before.'),
    origins: z
      .array(originSchema)
      .max(500)
      .optional()
      .describe('The only origins that may be contacted, besides those of "connections"; any when absent.'),
    models: z
      .array(modelRuleSchema)
      .max(500)
      .optional()
      .describe('The only models that may be asked: one that no rule names is refused; any when absent.'),
    budgets: z.array(policyBudgetSchema).max(101).default([]).describe('Limits of what may be spent.'),
    allowsDeepLinks: z.boolean().default(true).describe('Whether latchkey:// links are taken.'),
    allowsExport: z.boolean().default(true).describe('Whether conversations may be exported.'),
    requiresKeystore: z
      .boolean()
      .default(false)
      .describe('Whether a key is refused unless the keystore of the operating system keeps it.'),
  })
  .describe('Managed policy of Latchkey. See managed-policy.md.');
/** See {@link policyRulesSchema}. */
export type PolicyRules = z.infer<typeof policyRulesSchema>;

/** The policy in force, as a window shows it. */
export const policyInForceSchema = z.strictObject({ path: z.string(), rules: policyRulesSchema });
/** See {@link policyInForceSchema}. */
export type PolicyInForce = z.infer<typeof policyInForceSchema>;
