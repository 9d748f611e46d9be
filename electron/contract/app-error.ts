/** Every error code that may cross the boundary, as `area/what`. Closed: `describeError` in the window is exhaustive over it. */
export const ERROR_CODES = [
  'auth/missing-key',
  'auth/rejected-key',
  'auth/forbidden',
  'quota/rate-limited',
  'quota/insufficient',
  'request/empty',
  'request/too-large',
  'request/context-too-long',
  'request/invalid',
  'request/unknown-model',
  'network/unreachable',
  'network/dns',
  'network/tls',
  'network/timeout',
  'network/interrupted',
  'network/forbidden-origin',
  'network/proxy-invalid',
  'network/proxy-url-with-login',
  'network/proxy-unreachable',
  'network/proxy-login',
  'network/proxy-refused',
  'network/certificate-invalid',
  'provider/server-error',
  'provider/unexpected-response',
  'provider/redirected',
  'provider/content-filtered',
  'provider/incomplete',
  'provider/garbled',
  'provider/failed',
  'connection/not-found',
  'connection/invalid-url',
  'connection/url-without-scheme',
  'connection/url-with-credentials',
  'connection/insecure-url',
  'connection/development-runtime',
  'secret/empty-key',
  'secret/malformed-key',
  'secret/clipboard-empty',
  'secret/keystore-unavailable',
  'secret/locked',
  'secret/other-backend',
  'secret/unreadable',
  'secret/wrong-origin',
  'secret/expired',
  'secret/key-in-message',
  'secret/key-in-field',
  'storage/unwritable',
  'storage/full',
  'storage/locked',
  'storage/corrupt',
  'storage/from-the-future',
  'storage/no-backup',
  'storage/failed',
  'attachment/unsupported',
  'attachment/empty',
  'attachment/cut-off',
  'attachment/too-large',
  'attachment/too-many',
  'attachment/image-too-large',
  'attachment/image-unreadable',
  'attachment/image-failed',
  'attachment/not-taken',
  'attachment/unreadable',
  'attachment/missing',
  'attachment/damaged',
  'attachment/not-found',
  'budget/exceeded',
  'budget/unknown-price',
  'budget/large-request',
  'budget/nearly-spent',
  'chat/not-found',
  'chat/busy',
  'chat/nothing-to-summarise',
  'policy/unreadable',
  'policy/untrusted',
  'policy/invalid',
  'policy/managed',
  'policy/own-connections',
  'policy/origin',
  'policy/model',
  'policy/deep-links',
  'policy/export',
  'policy/keystore',
  'library/not-found',
  'library/full',
  'transfer/busy',
  'transfer/unknown-format',
  'transfer/newer-version',
  'transfer/unsafe-archive',
  'transfer/too-large',
  'transfer/unreadable',
  'transfer/unwritable',
  'transfer/failed',
  'link/invalid',
  'link/blocked',
  'sign-in/no-browser',
  'sign-in/expired',
  'sign-in/denied',
  'sign-in/refused',
  'sign-in/unexpected-answer',
  'sign-in/failed',
  'ipc/forbidden',
  'ipc/invalid-input',
  'ipc/unknown-route',
  'internal',
] as const;

/** One of {@link ERROR_CODES}. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Facts a window may show beside a code: plain, bounded, free of secrets. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null>>;

/** What an error looks like on the other side of IPC: no stack, no cause. */
export interface WireError {
  readonly code: ErrorCode;
  /** Plain English for logs and for codes the window does not explain further; never a raw provider text. */
  readonly message: string;
  readonly details: ErrorDetails;
}

/** The only error class that crosses a boundary. `cause` stays on the side that threw. */
export class AppError extends Error implements WireError {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: { details?: ErrorDetails; cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.details = options.details ?? {};
  }

  /** The part that may leave the process. */
  toWire(): WireError {
    return { code: this.code, message: this.message, details: this.details };
  }
}

/** What every request resolves to: `invoke` keeps only the message of a rejection, so none is ever rejected. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: WireError };
