import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { noInputSchema, nothingSchema } from '../model/ids.ts';
import { signInProviderSchema, signInStatusSchema } from '../model/sign-in.ts';

/** Signing in with a provider instead of pasting a key. The key it mints goes from main into the vault; no route sees it. */
export const signInRoutes = {
  /** Opens the person's browser. A sign-in under way is cancelled first. What goes wrong is in the status. */
  'signIn.start': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ provider: signInProviderSchema }),
    output: signInStatusSchema,
  }),
  /** Opens the same page once more, while waiting. */
  'signIn.openBrowser': defineRoute({ windows: ['chat'], input: noInputSchema, output: nothingSchema }),
  /** Ends a sign-in that waits or exchanges, or puts away the outcome of the last one. */
  'signIn.cancel': defineRoute({ windows: ['chat'], input: noInputSchema, output: signInStatusSchema }),
  'signIn.status': defineRoute({ windows: ['chat'], input: noInputSchema, output: signInStatusSchema }),
} as const;
