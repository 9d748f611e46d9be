import { createHash, randomBytes } from 'node:crypto';

/** A secret that never leaves main before the exchange, and its hash, which may be seen by anybody. RFC 7636. */
export interface Pkce {
  readonly verifier: string;
  readonly challenge: string;
}

/** Makes a pair from 32 random bytes, as RFC 7636, 4.1 recommends. */
export function createPkce(bytes: Uint8Array = randomBytes(32)): Pkce {
  const verifier = Buffer.from(bytes).toString('base64url');
  return { verifier, challenge: challengeOf(verifier) };
}

/** The S256 challenge of a verifier: base64url without padding (RFC 7636, 4.2). */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier, 'ascii').digest('base64url');
}
