/** Where OpenRouter lives. */
export const OPENROUTER_ORIGIN = 'https://openrouter.ai';

/** The addresses of OpenRouter's sign-in, see https://openrouter.ai/docs/guides/overview/auth/oauth. */
export interface OpenRouterEndpoints {
  readonly origin: string;
  /** What the minted key is for: the API itself. */
  readonly baseUrl: string;
  /** Where the code is exchanged for a key. */
  readonly exchangeUrl: string;
  /** The page a person approves on, which sends them back to `callbackUrl`. */
  authorizationUrl(request: { readonly callbackUrl: string; readonly challenge: string }): string;
}

/** The addresses below an origin; another one than {@link OPENROUTER_ORIGIN} is a test's. */
export function openRouterEndpoints(origin: string): OpenRouterEndpoints {
  const baseUrl = `${origin}/api/v1`;
  return {
    origin,
    baseUrl,
    exchangeUrl: `${baseUrl}/auth/keys`,
    authorizationUrl({ callbackUrl, challenge }) {
      const url = new URL('/auth', origin);
      url.search = new URLSearchParams({
        callback_url: callbackUrl,
        code_challenge: challenge,
        code_challenge_method: 'S256',
      }).toString();
      return url.href;
    },
  };
}
