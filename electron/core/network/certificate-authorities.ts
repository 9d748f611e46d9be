import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';

/** Where Linux distributions keep the list their tools maintain. Fixed: SSL_CERT_FILE and SSL_CERT_DIR have no say. */
const LINUX_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** Reads the authorities the operating system trusts, as PEM; null when this runtime cannot ask. */
export type SystemAuthorities = () => readonly string[] | null;

/** The authorities of this operating system. */
export const readSystemAuthorities: SystemAuthorities = () =>
  process.platform === 'linux' ? readLinuxBundle() : askRuntime();

/** Since Node 22.15; the development runtime does not have it. */
function askRuntime(): readonly string[] | null {
  const { getCACertificates } = tls as Partial<Pick<typeof tls, 'getCACertificates'>>;
  return getCACertificates?.('system') ?? null;
}

/** Read here rather than by Node, whose own reading of the system's list on Linux follows variables. */
function readLinuxBundle(): readonly string[] | null {
  for (const path of LINUX_BUNDLES) {
    try {
      const blocks = readFileSync(path, 'latin1').match(
        /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g,
      );
      if (blocks !== null) return blocks;
    } catch {
      // Another distribution: the next path.
    }
  }
  return null;
}
