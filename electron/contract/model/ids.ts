import { z } from 'zod';

/** Ids are UUIDs made in main; a window only ever hands back what it was given. */
export const idSchema = z.uuid();

/** Milliseconds since 1970-01-01 UTC. */
export const timestampSchema = z.number().int().nonnegative();

/** Answer of routes that only do. */
export const nothingSchema = z.null();

/** Input of routes that take nothing. */
export const noInputSchema = z.strictObject({});
