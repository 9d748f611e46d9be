import type { TLSSocket } from 'node:tls';
import type { CertificateProblem } from './map-socket-error.ts';
import { onOneLine } from './parse-certificates.ts';

/** What a server's certificate says, as far as a person can judge it. */
export interface PeerCertificate {
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: string;
  readonly validTo: string;
  /** The names it is good for. */
  readonly names: readonly string[];
}

/** Most names of a certificate that are told. */
const MAX_NAMES = 3;

/** Reads the certificate off a socket; null when the other end showed none. */
export function readPeerCertificate(socket: TLSSocket): PeerCertificate | null {
  // Not `getPeerX509Certificate`: before Node has judged the certificate, asking for that makes Node see no names in it.
  const certificate: Partial<ReturnType<TLSSocket['getPeerCertificate']>> = socket.getPeerCertificate();
  if (certificate.raw === undefined) return null;
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    validFrom: dayOf(certificate.valid_from ?? ''),
    validTo: dayOf(certificate.valid_to ?? ''),
    names: (certificate.subjectaltname ?? '')
      .split(',')
      .map((name) => name.trim().replace(/^(?:DNS|IP Address):/, ''))
      .filter((name) => /^[\w.:*-]{1,253}$/.test(name)),
  };
}

/** "issued by X, valid until Y". */
export function describeTrusted({ issuer, validTo }: PeerCertificate): string {
  return `issued by ${issuer}, valid until ${validTo}`;
}

/** Says why a certificate was refused. */
export function describeRefused(problem: string, host: string, certificate: PeerCertificate | null): string {
  if (certificate === null) return 'The server did not complete a secure handshake.';
  // `as`: a reason that is none of these is answered below.
  switch (problem as CertificateProblem | 'handshake') {
    case 'expired':
      return `The certificate ended on ${certificate.validTo}, or one that it depends on has.`;
    case 'not-yet-valid':
      return `The certificate begins on ${certificate.validFrom}. Is this computer's clock right?`;
    case 'wrong-name':
      return `The certificate is for ${listNames(certificate)}, not for ${host}.`;
    case 'unknown-issuer':
      return `The certificate was issued by ${certificate.issuer}, whom Latchkey does not know.`;
    case 'revoked':
      return `${certificate.issuer} has taken the certificate back.`;
    case 'handshake':
      return 'The server did not complete a secure handshake.';
  }
}

function listNames({ names, subject }: PeerCertificate): string {
  if (names.length === 0) return subject;
  const rest = names.length - MAX_NAMES;
  return names.slice(0, MAX_NAMES).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function nameOf(name: Partial<Record<'CN' | 'O', string | string[]>> | undefined): string {
  const [first = ''] = [name?.CN ?? name?.O ?? ''].flat();
  return onOneLine(first);
}

/** `Jan  2 03:04:05 2027 GMT` as `2027-01-02`. */
function dayOf(date: string): string {
  const time = Date.parse(date);
  return Number.isNaN(time) ? 'an unknown day' : new Date(time).toISOString().slice(0, 10);
}
