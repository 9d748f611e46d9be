import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { idSchema, noInputSchema, nothingSchema } from '../model/ids.ts';
import { networkEntrySchema, networkStatusSchema, networkStepSchema } from '../model/network.ts';

/** What Latchkey contacted, and how it finds its way. */
export const networkRoutes = {
  /** The requests of this session, newest first. */
  'network.list': defineRoute({
    windows: ['chat'],
    input: noInputSchema,
    output: z.array(networkEntrySchema),
  }),
  'network.clear': defineRoute({ windows: ['chat'], input: noInputSchema, output: nothingSchema }),
  'network.status': defineRoute({ windows: ['chat'], input: noInputSchema, output: networkStatusSchema }),
  /** Walks the way to a connection's server step by step: five steps in order, of which the first that fails ends it. */
  'network.test': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ connectionId: idSchema }),
    output: z.array(networkStepSchema),
  }),
  /** Opens the key window for a proxy's login: the `manual` proxy, or one that was named elsewhere and asked for a login. */
  'network.enterLogin': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ proxy: z.enum(['manual', 'asking']) }),
    output: nothingSchema,
  }),
  /** Takes the proxy's login out of memory and off the disk. */
  'network.removeLogin': defineRoute({
    windows: ['chat'],
    input: noInputSchema,
    output: networkStatusSchema,
  }),
  /** Lets the person pick a file with a certificate authority; the same status when they picked none. */
  'network.addCertificate': defineRoute({
    windows: ['chat'],
    input: noInputSchema,
    output: networkStatusSchema,
  }),
  'network.removeCertificate': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ id: idSchema }),
    output: networkStatusSchema,
  }),
} as const;
