import { X509Certificate } from 'node:crypto';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { z } from 'zod';
import { AppError } from '../../contract/app-error.ts';
import type { AddedCertificate } from '../../contract/model/network.ts';
import type { NoticeBoard } from '../notices/notice-board.ts';
import type { Clock, DocumentStore, IdSource, Logger } from '../ports.ts';
import type { SystemAuthorities } from './certificate-authorities.ts';
import {
  certificateName,
  invalidCertificate,
  MAX_ADDED_CERTIFICATES,
  parseCertificates,
} from './parse-certificates.ts';
import type { SealedValue } from './sealed-value.ts';

const documentSchema = z.object({
  version: z.literal(1),
  certificates: z
    .array(z.strictObject({ id: z.uuid(), pem: z.string().max(32_000) }))
    .max(MAX_ADDED_CERTIFICATES),
});

/** What the seal is bound to; it goes to nobody. */
const BINDING = 'latchkey:certificates';

interface StoredCertificate {
  readonly id: string;
  readonly certificate: X509Certificate;
}

/** What the certificates are kept with. */
export interface CertificateDependencies {
  readonly file: DocumentStore;
  readonly seal: SealedValue;
  readonly readSystemAuthorities: SystemAuthorities;
  /** The setting. Asked whenever the authorities are put together. */
  readonly usesSystemStore: () => boolean;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly notices: NoticeBoard;
  readonly logger: Logger;
}

/**
 * Whom Latchkey believes: the authorities Node brings along, the operating system's if the setting says so, and those a person
 * added. The list is put together here and handed to every connection, so no variable of the environment can add to it. The
 * file of the added ones can be edited by anything running as the person, so it counts only as far as its fingerprints stand
 * in a seal in the keystore.
 */
export class CertificateService {
  readonly #dependencies: CertificateDependencies;
  #stored: readonly StoredCertificate[];
  #context: SecureContext | null = null;

  constructor(dependencies: CertificateDependencies) {
    this.#dependencies = dependencies;
    this.#stored = this.#load();
  }

  /** The added ones, in the order they were added. */
  async list(): Promise<AddedCertificate[]> {
    const sealed = await this.#sealedFingerprints();
    return this.#stored.map(({ id, certificate }) => ({
      id,
      subject: certificateName(certificate.subject),
      fingerprint: certificate.fingerprint256,
      expiresAt: Date.parse(certificate.validTo),
      isTrusted: sealed.has(certificate.fingerprint256),
    }));
  }

  /** How many authorities the operating system offers; null when this runtime cannot ask it. */
  countSystemAuthorities(): number | null {
    return this.#dependencies.readSystemAuthorities()?.length ?? null;
  }

  /** Adds what a file holds. Throws `network/certificate-invalid`, `storage/*`, `secret/*`. */
  async add(bytes: Uint8Array): Promise<void> {
    const { clock, ids } = this.#dependencies;
    const found = parseCertificates(bytes, clock.now());
    const known = new Set(this.#stored.map(({ certificate }) => certificate.fingerprint256));
    const added = found
      .filter((certificate, index) => indexOfSame(found, certificate) === index)
      .filter(({ fingerprint256 }) => !known.has(fingerprint256))
      .map((certificate) => ({ id: ids.next(), certificate }));
    // What stands in the file without a seal stays without: the new seal covers what was sealed, and what was just picked.
    const sealed = new Set(await this.#readSeal());
    for (const { fingerprint256 } of found) sealed.add(fingerprint256);
    await this.#replace([...this.#stored, ...added], sealed);
  }

  /** Forgets one. */
  async remove(id: string): Promise<void> {
    const kept = this.#stored.filter((stored) => stored.id !== id);
    // A seal that cannot be read now is left as it is: without the certificate itself it says nothing.
    await this.#replace(kept, await this.#sealedFingerprints());
  }

  /** Something the list depends on has changed: the next connection gets a new one. */
  forget(): void {
    this.#context = null;
  }

  /** The list in the form connections take. Kept until something changes: reading it takes some milliseconds. */
  async secureContext(): Promise<SecureContext> {
    const added = await this.#trusted();
    const isComplete = added.length === this.#stored.length;
    if (this.#context !== null) return this.#context;
    const system = this.#dependencies.usesSystemStore() ? this.#dependencies.readSystemAuthorities() : null;
    const context = createSecureContext({
      ca: [...rootCertificates, ...(system ?? []), ...added.map(({ certificate }) => certificate.toString())],
    });
    // A keystore that is locked now may be open for the next connection.
    if (isComplete) this.#context = context;
    return context;
  }

  async #replace(next: readonly StoredCertificate[], sealed: ReadonlySet<string>): Promise<void> {
    if (next.length > MAX_ADDED_CERTIFICATES) throw invalidCertificate('too-many');
    const { file, seal } = this.#dependencies;
    const fingerprints = next.map(({ certificate }) => certificate.fingerprint256);
    const covered = fingerprints.filter((fingerprint) => sealed.has(fingerprint));
    if (next.length === 0) seal.remove();
    else if (covered.length > 0) await seal.save(BINDING, covered.join(','));
    file.write({
      version: 1,
      certificates: next.map(({ id, certificate }) => ({ id, pem: certificate.toString() })),
    });
    this.#stored = next;
    this.forget();
  }

  async #trusted(): Promise<readonly StoredCertificate[]> {
    if (this.#stored.length === 0) return [];
    const sealed = await this.#sealedFingerprints();
    return this.#stored.filter(({ certificate }) => sealed.has(certificate.fingerprint256));
  }

  async #sealedFingerprints(): Promise<ReadonlySet<string>> {
    try {
      return new Set(await this.#readSeal());
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // Not to be read now (a locked keystore): they do not count, and the settings say so. Everything else works.
      this.#dependencies.logger.warn('the added certificates could not be verified', { code: error.code });
      return new Set();
    }
  }

  async #readSeal(): Promise<readonly string[]> {
    return (await this.#dependencies.seal.read(BINDING))?.split(',') ?? [];
  }

  #load(): readonly StoredCertificate[] {
    const { file, notices } = this.#dependencies;
    const content = file.read();
    if (content.kind === 'absent') return [];
    const document = content.kind === 'value' ? documentSchema.safeParse(content.value) : null;
    const stored = document?.success ? parseStored(document.data.certificates) : null;
    if (stored !== null) return stored;
    notices.raiseDamagedFile(
      'the certificates you added',
      content.kind === 'damaged' ? content.keptAs : file.setAside(),
    );
    return [];
  }
}

function indexOfSame(certificates: readonly X509Certificate[], { fingerprint256 }: X509Certificate): number {
  return certificates.findIndex((certificate) => certificate.fingerprint256 === fingerprint256);
}

/** null when one of them is no certificate. */
function parseStored(
  entries: readonly { readonly id: string; readonly pem: string }[],
): readonly StoredCertificate[] | null {
  try {
    return entries.map(({ id, pem }) => ({ id, certificate: new X509Certificate(pem) }));
  } catch {
    // The whole file is set aside; it is small, and its certificates can be added again.
    return null;
  }
}
