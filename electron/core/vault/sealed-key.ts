import { z } from 'zod';

/**
 * What is encrypted: the key together with the origin it was entered for. The facts beside a ciphertext are plain JSON that
 * anything running as the person can edit; the binding must not be.
 */
const sealedKeySchema = z.strictObject({ version: z.literal(1), origin: z.string(), key: z.string() });

/** The plain text to hand to the keystore. */
export function sealKey(sealed: { readonly origin: string; readonly key: string }): string {
  return JSON.stringify({ version: 1, ...sealed });
}

/** Reads what the keystore decrypted; null when it is not ours. */
export function openSealedKey(plainText: string): { readonly origin: string; readonly key: string } | null {
  try {
    const parsed = sealedKeySchema.safeParse(JSON.parse(plainText));
    return parsed.success ? parsed.data : null;
  } catch {
    // Not JSON: something else was decrypted. The caller reports the key as unreadable.
    return null;
  }
}
