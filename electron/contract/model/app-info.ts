import { z } from 'zod';
import { wireErrorSchema } from './conversation.ts';
import { keystoreStatusSchema } from './connection.ts';
import { idSchema } from './ids.ts';
import { policyInForceSchema } from './policy.ts';

/** Something the person should know that is not the answer to a request, e.g. a damaged settings file set aside. */
export const noticeSchema = z.strictObject({
  id: idSchema,
  error: wireErrorSchema,
  /** Title and body in plain words: what happened, what was kept, what to do. */
  title: z.string(),
  body: z.string(),
});
/** See {@link noticeSchema}. */
export type Notice = z.infer<typeof noticeSchema>;

/** What a chat window needs to know once. */
export const appInfoSchema = z.strictObject({
  version: z.string(),
  platform: z.enum(['linux', 'darwin', 'win32']),
  runtime: z.strictObject({
    electron: z.string(),
    chrome: z.string(),
    node: z.string(),
    /** True on any Electron older than the pinned major: the window wears a permanent notice. */
    isDevelopment: z.boolean(),
    /** True when a flag lets the development runtime take keys for other than loopback origins. */
    allowsRemoteKeys: z.boolean(),
  }),
  keystore: keystoreStatusSchema,
  /** Base URL of the local demo server, when one was offered at start. */
  demoBaseUrl: z.string().nullable(),
  profileFolder: z.string(),
  /** What the organisation allows; null where it says nothing. */
  policy: policyInForceSchema.nullable(),
  /** Set when the policy, history or the profile cannot be used: the window shows this instead of a conversation. */
  blocked: wireErrorSchema.nullable(),
  notices: z.array(noticeSchema),
});
/** See {@link appInfoSchema}. */
export type AppInfo = z.infer<typeof appInfoSchema>;

/** A prompt that arrived by `latchkey://v1/chat?prompt=` and waits for Use or Discard. */
export const linkedPromptSchema = z.strictObject({ id: idSchema, prompt: z.string() });
/** See {@link linkedPromptSchema}. */
export type LinkedPrompt = z.infer<typeof linkedPromptSchema>;

/** Whether the OS opens `latchkey://` links with this program. */
export const protocolStatusSchema = z.strictObject({
  isRegistered: z.boolean(),
  /** False where registration needs an installed app (e.g. an unpackaged run on macOS). */
  canRegister: z.boolean(),
});
/** See {@link protocolStatusSchema}. */
export type ProtocolStatus = z.infer<typeof protocolStatusSchema>;
