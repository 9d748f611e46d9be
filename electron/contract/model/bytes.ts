import { z } from 'zod';

/** Bytes, as they cross the boundary; whatever is no plain `Uint8Array` is refused before. */
export const bytesSchema = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
