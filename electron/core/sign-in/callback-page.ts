import { createHash } from 'node:crypto';
import type { CallbackVerdict } from './judge-callback.ts';

/** A whole answer of the loopback listener. */
export interface CallbackPage {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is shown besides the verdicts: a second callback, after the one that counted. */
export type CallbackOutcome = CallbackVerdict['kind'] | 'second';

const STYLE = `
:root{color-scheme:light dark;--canvas:#fcfcfa;--ink:#1d1d1a;--ink-2:#4f4e49;--accent:#7a5a10}
@media (prefers-color-scheme:dark){:root{--canvas:#161718;--ink:#ecebe7;--ink-2:#b9b7b0;--accent:#d9b360}}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--canvas);color:var(--ink);font:15px/24px system-ui,-apple-system,'Segoe UI',Cantarell,'Noto Sans',sans-serif}
main{max-width:26rem;padding:2rem}
svg{color:var(--accent)}
h1{margin:1.5rem 0 .25rem;font-size:22px;line-height:30px;font-weight:600;letter-spacing:-.015em}
p{margin:0;color:var(--ink-2)}
`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** Nothing but this one style: no script, no image, no form, no frame around it. */
const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  Connection: 'close',
} as const;

/** Nothing that came with the request is ever in a page. */
const TEXTS: Readonly<Record<Exclude<CallbackOutcome, 'refused'>, readonly [title: string, body: string]>> = {
  code: ['Back to Latchkey', 'You can close this tab. Latchkey fetches your key and goes on by itself.'],
  denied: ['Not signed in', 'You can close this tab. Nothing was added to Latchkey.'],
  failed: ['Not signed in', 'OpenRouter reported a problem. You can close this tab and go back to Latchkey.'],
  second: [
    'Already used',
    'This sign-in was answered before. You can close this tab and go back to Latchkey.',
  ],
};

const STATUS = { code: 200, denied: 200, failed: 200, second: 409 } as const;

/** What the browser shows when it comes back. */
export function callbackPage(outcome: Exclude<CallbackOutcome, 'refused'>): CallbackPage {
  const [title, body] = TEXTS[outcome];
  return page(STATUS[outcome], html(title, body));
}

/** What everybody else gets: a status and nothing to learn from. */
export function refusal(status: number): CallbackPage {
  const { headers, ...rest } = page(status, '');
  return { ...rest, headers: status === 405 ? { ...headers, Allow: 'GET' } : headers };
}

function page(status: number, body: string): CallbackPage {
  return { status, body, headers: { ...HEADERS, 'Content-Length': String(Buffer.byteLength(body)) } };
}

function html(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Latchkey</title><style>${STYLE}</style></head>
<body><main>
<svg viewBox="0 0 58 20" width="104" height="36" fill="currentColor" fill-rule="evenodd" aria-hidden="true"><path d="M9.5 2a8 8 0 1 1 0 16a8 8 0 1 1 0-16Z M6.2 7.4a2.6 2.6 0 1 0 0 5.2a2.6 2.6 0 1 0 0-5.2Z M17 6.5L20 6.5L21.2 9.6L23.6 9.6L25 6.5L26.2 7.6L28.6 7.6L30 6.5L31.2 10.7L33.6 10.7L35 6.5L36.2 8.6L38.6 8.6L40 6.5L41.2 9.6L43.6 9.6L45 6.5L53 6.5L56.5 10.5L53.5 13.5L17 13.5Z"/></svg>
<h1>${title}</h1><p>${body}</p>
</main></body>
</html>
`;
}
