import { describe, expect, it } from 'vitest';
import { challengeOf, createPkce } from './pkce.ts';

/** RFC 7636, appendix B. */
const OCTETS = Uint8Array.from([
  116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214, 191,
  240, 91, 88, 5, 88, 83, 132, 141, 121,
]);

describe('createPkce', () => {
  it('makes the verifier and the challenge of RFC 7636, appendix B', () => {
    expect(createPkce(OCTETS)).toEqual({
      verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
      challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    });
  });

  it('makes another pair each time, of 256 bits, in characters that need no escaping', () => {
    const pairs = Array.from({ length: 200 }, () => createPkce());
    expect(new Set(pairs.map(({ verifier }) => verifier)).size).toBe(200);
    for (const { verifier, challenge } of pairs) {
      expect(Buffer.from(verifier, 'base64url')).toHaveLength(32);
      expect(verifier).toMatch(/^[\w-]{43}$/);
      expect(challenge).toMatch(/^[\w-]{43}$/);
      expect(challenge).toBe(challengeOf(verifier));
    }
  });
});
