// The library below looks for it before anything else.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

/** A certificate and its key, as servers take them. */
export interface ServerIdentity {
  readonly cert: string;
  readonly key: string;
}

/** An authority of a test's own. */
export interface TestAuthority {
  readonly pem: string;
  readonly fingerprint: string;
  /** Issues a certificate for names and addresses; `expired` ended yesterday. */
  issue(names: readonly string[], options?: { readonly isExpired?: boolean }): Promise<ServerIdentity>;
}

const DAY_MS = 86_400_000;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** Makes a new authority. Nobody trusts it until a test says so. */
export async function createTestAuthority(
  name = 'Test Company Root',
  options: { readonly isExpired?: boolean } = {},
): Promise<TestAuthority> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: ALGORITHM,
    ...period(options.isExpired ?? false),
    serialNumber: serialNumber(),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  return {
    pem: root.toString('pem'),
    fingerprint: colonHex(await root.getThumbprint('SHA-256')),
    async issue(names, { isExpired = false } = {}) {
      const serverKeys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
      const certificate = await x509.X509CertificateGenerator.create({
        subject: `CN=${names[0] ?? 'server'}`,
        issuer: root.subject,
        publicKey: serverKeys.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: ALGORITHM,
        ...period(isExpired),
        serialNumber: serialNumber(),
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.SubjectAlternativeNameExtension(
            names.map((each) => ({
              type: /^[\d.]+$/.test(each) ? ('ip' as const) : ('dns' as const),
              value: each,
            })),
          ),
        ],
      });
      return { cert: certificate.toString('pem'), key: await privateKeyPem(serverKeys.privateKey) };
    },
  };
}

/** Valid around now, or until yesterday. */
function period(isExpired: boolean): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return {
    notBefore: new Date(now - 30 * DAY_MS),
    notAfter: new Date(now + (isExpired ? -DAY_MS : 30 * DAY_MS)),
  };
}

function serialNumber(): string {
  return `01${Buffer.from(crypto.getRandomValues(new Uint8Array(8))).toString('hex')}`;
}

async function privateKeyPem(key: CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

function colonHex(bytes: ArrayBuffer): string {
  return Buffer.from(bytes).toString('hex').toUpperCase().match(/../g)?.join(':') ?? '';
}
