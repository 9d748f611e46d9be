import { X509Certificate } from 'node:crypto';
import { AppError } from '../../contract/app-error.ts';

/** Largest certificate file read, in bytes. */
export const MAX_CERTIFICATE_BYTES = 256 * 1024;

/** Most authorities a person can add, in all. */
export const MAX_ADDED_CERTIFICATES = 20;

const BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]{1,20000}?-----END CERTIFICATE-----/g;

/**
 * Reads a PEM file with one or more certificates, or a DER file with one. Each must be a certificate authority that has not
 * expired. Throws `network/certificate-invalid` (details.reason) and takes none when one of them is bad.
 */
export function parseCertificates(bytes: Uint8Array, now: number): readonly X509Certificate[] {
  if (bytes.length > MAX_CERTIFICATE_BYTES) throw invalidCertificate('too-large');
  const text = Buffer.from(bytes).toString('latin1');
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) throw invalidCertificate('private-key');
  const blocks = text.match(BLOCK) ?? [];
  if (blocks.length > MAX_ADDED_CERTIFICATES) throw invalidCertificate('too-many');
  const certificates = (blocks.length > 0 ? blocks : [bytes]).map((source) => parseOne(source));
  for (const certificate of certificates) assertAuthority(certificate, now);
  return certificates;
}

/** The name a person knows it by. */
export function certificateName(distinguishedName: string | undefined): string {
  const lines = (distinguishedName ?? '').split('\n');
  const valueOf = (attribute: string): string | undefined =>
    lines.findLast((line) => line.startsWith(`${attribute}=`))?.slice(attribute.length + 1);
  return onOneLine(valueOf('CN') ?? valueOf('O') ?? lines.at(-1) ?? '');
}

/** A name of a stranger's, fit to stand in a line of ours: what cannot be seen could imitate the words around it. */
export function onOneLine(name: string): string {
  return name.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 120) || 'unnamed';
}

/** Builds the error for a file that cannot be used. */
export function invalidCertificate(
  reason: 'unreadable' | 'too-large' | 'too-many' | 'private-key' | 'not-an-authority' | 'expired',
): AppError {
  return new AppError('network/certificate-invalid', 'This file holds no certificate authority to add.', {
    details: { reason },
  });
}

function parseOne(source: string | Uint8Array): X509Certificate {
  try {
    return new X509Certificate(source);
  } catch {
    // OpenSSL's words help nobody; that it is no certificate does.
    throw invalidCertificate('unreadable');
  }
}

function assertAuthority(certificate: X509Certificate, now: number): void {
  if (!certificate.ca) throw invalidCertificate('not-an-authority');
  if (Date.parse(certificate.validTo) <= now) throw invalidCertificate('expired');
}
