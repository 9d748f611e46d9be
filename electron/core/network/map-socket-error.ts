import { AppError } from '../../contract/app-error.ts';

/** Why a certificate was refused, as far as a person can do something about it. */
export type CertificateProblem = 'expired' | 'not-yet-valid' | 'wrong-name' | 'unknown-issuer' | 'revoked';

/** Names of OpenSSL and Node, see https://nodejs.org/api/tls.html#x509-certificate-error-codes. */
const PROBLEMS: Readonly<Record<string, CertificateProblem>> = {
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'wrong-name',
  ERR_TLS_CERT_ALTNAME_FORMAT: 'wrong-name',
  HOSTNAME_MISMATCH: 'wrong-name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'unknown-issuer',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknown-issuer',
  UNABLE_TO_GET_ISSUER_CERT: 'unknown-issuer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknown-issuer',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unknown-issuer',
  CERT_UNTRUSTED: 'unknown-issuer',
  CERT_REVOKED: 'revoked',
};

/** Says why no socket could be opened. */
export function toTcpError(error: unknown, host: string): AppError {
  if (isTimeout(error))
    return new AppError('network/timeout', 'The server took too long.', { details: { host }, cause: error });
  const code = codeOf(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new AppError('network/dns', 'The server name could not be found.', {
      details: { host },
      cause: error,
    });
  }
  return new AppError('network/unreachable', 'The server could not be reached.', {
    details: { host, reason: code.slice(0, 40) },
    cause: error,
  });
}

/** Says why an open socket could not be made secure. */
export function toTlsError(error: unknown, host: string): AppError {
  if (isTimeout(error))
    return new AppError('network/timeout', 'The server took too long.', { details: { host }, cause: error });
  const code = codeOf(error);
  return new AppError('network/tls', 'The secure connection could not be made.', {
    details: { host, reason: PROBLEMS[code] ?? 'handshake' },
    cause: error,
  });
}

function isTimeout(error: unknown): boolean {
  return (error instanceof DOMException && error.name === 'TimeoutError') || codeOf(error) === 'ETIMEDOUT';
}

/** Node's code of an error; of several addresses tried, that of the first. */
function codeOf(error: unknown): string {
  const candidate: unknown = error instanceof AggregateError ? (error.errors[0] ?? error) : error;
  return candidate instanceof Error && 'code' in candidate ? String(candidate.code) : '';
}
