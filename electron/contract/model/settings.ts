import { z } from 'zod';
import { idSchema } from './ids.ts';
import { MAX_BUDGET_MICRO_USD } from './ledger.ts';
import { certificateSettingsSchema, proxySettingsSchema, typedProxySettingsSchema } from './network.ts';

/** What becomes of a conversation that no longer fits its model: its oldest messages are not sent, or the person is asked first. */
export const contextPolicySchema = z.enum(['drop-oldest', 'ask']);
/** See {@link contextPolicySchema}. */
export type ContextPolicy = z.infer<typeof contextPolicySchema>;

/** Everything a person can set, with its defaults. Never holds a secret. */
export const settingsSchema = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** Text size of the transcript in CSS pixels. */
  textSizePx: z.number().int().min(12).max(24).default(15),
  /** Whether Enter sends (Shift+Enter breaks the line) or Ctrl/Cmd+Enter does. */
  sendKey: z.enum(['enter', 'mod-enter']).default('enter'),
  isSidebarShown: z.boolean().default(true),
  sidebarWidthPx: z.number().int().min(180).max(480).default(264),
  defaultConnectionId: idSchema.nullable().default(null),
  /** How new chats begin; null, or one that was removed: plain. */
  defaultPresetId: idSchema.nullable().default(null),
  /** Whether the requests of this session are remembered, in memory, for the Network tab. */
  keepsNetworkLog: z.boolean().default(true),
  /** Whether a key that was pasted is taken off the clipboard once it is saved. */
  clearsClipboard: z.boolean().default(true),
  proxy: proxySettingsSchema.default({ mode: 'system', url: null, bypass: [], followsScripts: false }),
  certificates: certificateSettingsSchema.default({ usesSystemStore: false }),
  /** A request that is expected to cost more is asked about first, in micro-USD; null: none is. */
  confirmCostAboveMicroUsd: z.number().int().min(0).max(MAX_BUDGET_MICRO_USD).nullable().default(500_000),
  /** Whether a connection with a budget may be asked for a model whose price is unknown. */
  allowsUnknownPrices: z.boolean().default(true),
  contextPolicy: contextPolicySchema.default('drop-oldest'),
  /** Whether a new conversation gets its title from a model, by a small request after the first answer. */
  makesTitles: z.boolean().default(true),
});
/** See {@link settingsSchema}. */
export type Settings = z.infer<typeof settingsSchema>;

/** A partial change; an absent field stays as it is. */
export const settingsPatchSchema = z.strictObject({
  theme: settingsSchema.shape.theme.unwrap().optional(),
  textSizePx: settingsSchema.shape.textSizePx.unwrap().optional(),
  sendKey: settingsSchema.shape.sendKey.unwrap().optional(),
  isSidebarShown: settingsSchema.shape.isSidebarShown.unwrap().optional(),
  sidebarWidthPx: settingsSchema.shape.sidebarWidthPx.unwrap().optional(),
  defaultConnectionId: settingsSchema.shape.defaultConnectionId.unwrap().optional(),
  defaultPresetId: settingsSchema.shape.defaultPresetId.unwrap().optional(),
  keepsNetworkLog: settingsSchema.shape.keepsNetworkLog.unwrap().optional(),
  clearsClipboard: settingsSchema.shape.clearsClipboard.unwrap().optional(),
  proxy: typedProxySettingsSchema.optional(),
  certificates: certificateSettingsSchema.optional(),
  confirmCostAboveMicroUsd: settingsSchema.shape.confirmCostAboveMicroUsd.unwrap().optional(),
  allowsUnknownPrices: settingsSchema.shape.allowsUnknownPrices.unwrap().optional(),
  contextPolicy: settingsSchema.shape.contextPolicy.unwrap().optional(),
  makesTitles: settingsSchema.shape.makesTitles.unwrap().optional(),
});
/** See {@link settingsPatchSchema}. */
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;
