import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { appInfoSchema, linkedPromptSchema, protocolStatusSchema } from '../model/app-info.ts';
import { idSchema, noInputSchema, nothingSchema } from '../model/ids.ts';
import { settingsPatchSchema, settingsSchema } from '../model/settings.ts';

/** The application itself: facts, settings, links in and out. */
export const appRoutes = {
  'app.info': defineRoute({ windows: ['chat'], input: noInputSchema, output: appInfoSchema }),
  /** What "Copy diagnostics" copies, redacted: a window shows it as it is. */
  'app.diagnostics': defineRoute({
    windows: ['chat'],
    input: noInputSchema,
    output: z.strictObject({ text: z.string() }),
  }),
  'app.dismissNotice': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ id: idSchema }),
    output: nothingSchema,
  }),
  'app.openProfileFolder': defineRoute({ windows: ['chat'], input: noInputSchema, output: nothingSchema }),
  'app.restart': defineRoute({ windows: ['chat'], input: noInputSchema, output: nothingSchema }),
  'settings.get': defineRoute({ windows: ['chat', 'key'], input: noInputSchema, output: settingsSchema }),
  'settings.change': defineRoute({ windows: ['chat'], input: settingsPatchSchema, output: settingsSchema }),
  /** The one opener for every outgoing link: https and mailto only, after the person has seen the full target. */
  'link.open': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ url: z.string().max(8192), text: z.string().max(8192) }),
    output: z.strictObject({ outcome: z.enum(['opened', 'declined']) }),
  }),
  'link.pending': defineRoute({
    windows: ['chat'],
    input: noInputSchema,
    output: linkedPromptSchema.nullable(),
  }),
  /** Called for Use and for Discard alike: the inbox forgets the prompt. */
  'link.settle': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ id: idSchema }),
    output: nothingSchema,
  }),
  'protocol.status': defineRoute({ windows: ['chat'], input: noInputSchema, output: protocolStatusSchema }),
  'protocol.register': defineRoute({ windows: ['chat'], input: noInputSchema, output: protocolStatusSchema }),
  'protocol.unregister': defineRoute({
    windows: ['chat'],
    input: noInputSchema,
    output: protocolStatusSchema,
  }),
} as const;
