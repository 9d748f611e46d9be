import { z } from 'zod';
import { ERROR_CODES } from '../app-error.ts';
import { keyStateSchema } from './connection.ts';
import { wireErrorSchema } from './conversation.ts';
import { idSchema, timestampSchema } from './ids.ts';

/** One request Latchkey made: where, when, with which key, and how much. No body, no path, no secret. */
export const networkEntrySchema = z.strictObject({
  id: idSchema,
  at: timestampSchema,
  origin: z.string(),
  purpose: z.enum(['answer', 'title', 'summary', 'model-list', 'sign-in']),
  /** The label of the key it carried; null when it carried none. */
  keyLabel: z.string().nullable(),
  /** The proxy it went through, as `scheme://host:port`; null when it went directly, or nowhere. */
  proxy: z.string().nullable(),
  /** HTTP status; null until headers arrive, or when none did. */
  status: z.number().int().nullable(),
  sentBytes: z.number().int().nonnegative(),
  receivedBytes: z.number().int().nonnegative(),
  /** `running` until the last byte. */
  outcome: z.union([z.enum(['running', 'done', 'cancelled']), z.enum(ERROR_CODES)]),
  durationMs: z.number().nonnegative(),
});
/** See {@link networkEntrySchema}. */
export type NetworkEntry = z.infer<typeof networkEntrySchema>;

/** Most entries of a bypass list. */
export const MAX_BYPASS_ENTRIES = 100;

/** How requests find their way out. Never holds a user name or a password. */
export const proxySettingsSchema = z.strictObject({
  /** `environment` is the only mode in which variables such as HTTPS_PROXY count. */
  mode: z.enum(['system', 'none', 'manual', 'environment']),
  /** The manual proxy as `scheme://host:port`; http, https or socks5. */
  url: z
    .string()
    .max(300)
    .regex(/^(?:https?|socks5):\/\/[^\s/@?#\\]+:\d{1,5}$/)
    .nullable(),
  /** Hosts the manual proxy is not used for: a name, `*.suffix` or `<local>` (names without a dot). */
  bypass: z
    .array(
      z
        .string()
        .max(253)
        .regex(/^(?:<local>|(?:\*\.)?[\w.:[\]-]+)$/),
    )
    .max(MAX_BYPASS_ENTRIES),
  /** Whether the system may name its proxy by a script (PAC, WPAD), which Chromium then fetches. Counts from the next start on. */
  followsScripts: z.boolean(),
});
/** See {@link proxySettingsSchema}. */
export type ProxySettings = z.infer<typeof proxySettingsSchema>;

/** The same as a person typed it; judged by main, which answers with its own codes. */
export const typedProxySettingsSchema = z.strictObject({
  mode: proxySettingsSchema.shape.mode,
  url: z.string().max(2048).nullable(),
  bypass: z.array(z.string().max(300)).max(MAX_BYPASS_ENTRIES),
  followsScripts: z.boolean(),
});

/** Whom Latchkey believes beside the certificate authorities it brings along, those that a person added one by one apart. */
export const certificateSettingsSchema = z.strictObject({ usesSystemStore: z.boolean() });

/** A certificate authority that a person added. */
export const addedCertificateSchema = z.strictObject({
  id: idSchema,
  /** Common name or, without one, organisation. */
  subject: z.string(),
  /** SHA-256, as upper-case pairs between colons. */
  fingerprint: z.string(),
  expiresAt: timestampSchema,
  /** False when the seal in the keystore does not name it, e.g. after the file was edited: it then counts for nothing. */
  isTrusted: z.boolean(),
});
/** See {@link addedCertificateSchema}. */
export type AddedCertificate = z.infer<typeof addedCertificateSchema>;

/** What the Network tab shows beside the settings. */
export const networkStatusSchema = z.strictObject({
  /** The login kept for a proxy; null when there is none. */
  login: z
    .strictObject({
      /** The only proxy it is given to. */
      proxy: z.string(),
      state: keyStateSchema,
      restsIn: z.string(),
    })
    .nullable(),
  /** Whether Latchkey was started with proxy variables. */
  hasEnvironmentProxy: z.boolean(),
  /** Whether `followsScripts` was on when Latchkey started. */
  allowsScripts: z.boolean(),
  certificates: z.array(addedCertificateSchema),
  /** How many authorities the operating system offers; null when this runtime cannot ask it. */
  systemAuthorities: z.number().int().nullable(),
});
/** See {@link networkStatusSchema}. */
export type NetworkStatus = z.infer<typeof networkStatusSchema>;

/** One step of the way to a server. */
export const networkStepSchema = z.strictObject({
  name: z.enum(['proxy', 'dns', 'tcp', 'tls', 'http']),
  outcome: z.enum(['ok', 'failed', 'skipped']),
  /** What was found, in plain words: no secret, no path. */
  detail: z.string(),
  /** Set when it failed. */
  error: wireErrorSchema.nullable(),
  durationMs: z.number().nonnegative(),
});
/** See {@link networkStepSchema}. */
export type NetworkStep = z.infer<typeof networkStepSchema>;
