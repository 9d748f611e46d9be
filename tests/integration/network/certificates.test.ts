import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRawServer } from '../../harness/raw-server.ts';
import { createTestAuthority } from '../../harness/test-certificates.ts';
import { NetworkWorld } from './network-world.ts';
import { proves } from '../../harness/proves.ts';

let world: NetworkWorld;

beforeEach(async () => {
  world = await new NetworkWorld().open();
});

afterEach(() => world.close());

const own = (): string => `https://localhost:${world.front.port}`;

describe('a company authority', () => {
  it(
    'counts for nothing until it is added, then it does, then it does not again',
    proves('tls-holds'),
    async () => {
      const connectionId = await world.connect(own());
      const refused = await world.ask(connectionId);
      expect(refused.error).toMatchObject({ code: 'network/tls', details: { reason: 'unknown-issuer' } });
      expect(world.front.requests).toEqual([]);

      const { certificates } = await world.trust();
      expect(certificates).toEqual([
        expect.objectContaining({
          subject: 'Test Company Root',
          fingerprint: world.authority.fingerprint,
          isTrusted: true,
        }),
      ]);
      expect(await world.ask(connectionId)).toMatchObject({ state: 'done', text: 'An answer.' });
      await world.restart();
      expect(await world.ask(connectionId)).toMatchObject({ state: 'done' });

      const before = world.front.requests.length;
      await world.app.get('network.removeCertificate', { id: certificates[0]?.id ?? '' });
      expect((await world.ask(connectionId)).error?.code).toBe('network/tls');
      expect(world.front.requests).toHaveLength(before);
      expect(readFileSync(path.join(world.folder, 'certificates.json'), 'utf8')).not.toContain('BEGIN');
    },
  );

  it('does not vouch for a wrong name or an expired certificate', proves('tls-holds'), async () => {
    await world.trust();
    const wrong = await world.startFront(['another.example']);
    const expired = await world.startFront(['localhost'], { isExpired: true });
    for (const [front, reason] of [
      [wrong, 'wrong-name'],
      [expired, 'expired'],
    ] as const) {
      const end = await world.ask(await world.connect(`https://localhost:${front.port}`));
      expect(end.error).toMatchObject({ code: 'network/tls', details: { reason, host: 'localhost' } });
      expect(front.requests).toEqual([]);
    }
  });

  it('vouches for nobody else', async () => {
    await world.trust();
    const stranger = await createTestAuthority('Another Root');
    const front = await world.startFront(['localhost'], { authority: stranger });
    const end = await world.ask(await world.connect(`https://localhost:${front.port}`));
    expect(end.error).toMatchObject({ code: 'network/tls', details: { reason: 'unknown-issuer' } });
  });

  it('is one more beside the known ones, added once however often it is picked', async () => {
    const second = await createTestAuthority('Second Root');
    await world.trust();
    const { certificates } = await world.trust(`${world.authority.pem}\n${second.pem}\n${second.pem}`);
    expect(certificates.map(({ subject }) => subject)).toEqual(['Test Company Root', 'Second Root']);
  });

  it('changes nothing when no file is picked', async () => {
    world.app.desktop.certificateFile = null;
    expect((await world.app.get('network.addCertificate', {})).certificates).toEqual([]);
  });
});

describe('a file that is picked', () => {
  it.each([
    ['is empty', () => '', 'unreadable'],
    ['is a text', () => 'hello', 'unreadable'],
    ['is broken PEM', () => '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'unreadable'],
    ['is one byte too large', () => 'x'.repeat(256 * 1024 + 1), 'too-large'],
    ['holds 21', () => world.authority.pem.repeat(21), 'too-many'],
    [
      'is a server certificate',
      async () => (await world.authority.issue(['a.test'])).cert,
      'not-an-authority',
    ],
    ['has expired', async () => (await createTestAuthority('Old', { isExpired: true })).pem, 'expired'],
    [
      'comes with a private key',
      async () => {
        const { cert, key } = await world.authority.issue(['a.test']);
        return cert + key;
      },
      'private-key',
    ],
    [
      'has one good and one bad',
      async () => world.authority.pem + (await world.authority.issue(['a.test'])).cert,
      'not-an-authority',
    ],
  ])('and %s is refused whole', async (_name, content, reason) => {
    world.app.desktop.certificateFile = Buffer.from(await content());
    const result = await world.app.call('network.addCertificate', {});
    expect(result).toMatchObject({ error: { code: 'network/certificate-invalid', details: { reason } } });
    expect((await world.app.get('network.status', {})).certificates).toEqual([]);
  });

  it('may be DER as well', async () => {
    world.app.desktop.certificateFile = Buffer.from(
      world.authority.pem.replaceAll(/-----[^-]+-----|\s/g, ''),
      'base64',
    );
    expect((await world.app.get('network.addCertificate', {})).certificates).toHaveLength(1);
  });
});

describe('the file of added certificates', () => {
  const file = (): string => path.join(world.folder, 'certificates.json');

  it(
    'counts only as far as the keystore vouches for it: a certificate somebody put in does not',
    proves('tls-holds'),
    async () => {
      await world.trust();
      const intruder = await createTestAuthority('Intruder');
      const document = JSON.parse(readFileSync(file(), 'utf8')) as { certificates: object[] };
      document.certificates.push({ id: 'b0000000-0000-4000-8000-000000000001', pem: intruder.pem });
      writeFileSync(file(), JSON.stringify(document));
      await world.restart();
      const front = await world.startFront(['localhost'], { authority: intruder });
      const end = await world.ask(await world.connect(`https://localhost:${front.port}`));
      expect(end.error).toMatchObject({ code: 'network/tls', details: { reason: 'unknown-issuer' } });
      expect(front.requests).toEqual([]);
      expect(await world.ask(await world.connect(own()))).toMatchObject({ state: 'done' });

      const names = async () =>
        (await world.app.get('network.status', {})).certificates.map(({ subject, isTrusted }) => [
          subject,
          isTrusted,
        ]);
      expect(await names()).toEqual([
        ['Test Company Root', true],
        ['Intruder', false],
      ]);
      // Adding another does not bless it.
      await world.trust((await createTestAuthority('Third')).pem);
      expect(await names()).toContainEqual(['Intruder', false]);
    },
  );

  it('is untouched and without effect while the keystore is locked', async () => {
    await world.trust();
    const connectionId = await world.app.addConnection({ baseUrl: `${own()}/v1`, key: null });
    const before = readFileSync(file(), 'utf8');
    world.app.cipher.failure = 'locked';
    expect((await world.app.get('network.status', {})).certificates[0]?.isTrusted).toBe(false);
    await world.app.get('settings.change', { certificates: { usesSystemStore: false } });
    expect((await world.ask(connectionId)).error?.code).toBe('network/tls');
    expect(readFileSync(file(), 'utf8')).toBe(before);
    world.app.cipher.failure = null;
    expect(await world.ask(connectionId)).toMatchObject({ state: 'done' });
  });

  it('is set aside when it is damaged, with a word about it', async () => {
    await world.trust();
    writeFileSync(file(), '{"version": 1, "certificates": [{"id": "x", "pem": "y"}]}');
    await world.restart();
    expect((await world.app.get('network.status', {})).certificates).toEqual([]);
    const { notices } = await world.app.get('app.info', {});
    expect(notices.map(({ title }) => title)).toContain(
      'The file with the certificates you added was damaged',
    );
  });
});

it("takes the operating system's authorities along only when asked to", async () => {
  const { systemAuthorities } = await world.app.get('network.status', {});
  expect(systemAuthorities === null || systemAuthorities > 0).toBe(true);
  const connectionId = await world.connect(own());
  await world.app.get('settings.change', { certificates: { usesSystemStore: true } });
  // The test's own authority is not among them, and everything else goes on being judged.
  expect((await world.ask(connectionId)).error?.code).toBe('network/tls');
});

it(
  'is moved by no variable of the environment: a process of its own is started with all of them',
  proves('tls-holds'),
  async () => {
    const canary = await startRawServer((_request, socket) => socket.end());
    const authorityFile = path.join(world.folder, 'authority.pem');
    writeFileSync(authorityFile, world.authority.pem);
    const proxy = new URL(canary.baseUrl).origin;
    const program = new URL('./fetch-once.ts', import.meta.url).pathname;
    const run = promisify(execFile);
    const trusting = {
      PATH: process.env['PATH'] ?? '',
      NODE_EXTRA_CA_CERTS: authorityFile,
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      NODE_USE_SYSTEM_CA: '1',
      SSL_CERT_FILE: authorityFile,
      SSL_CERT_DIR: world.folder,
    };
    const everything = {
      ...trusting,
      NODE_USE_ENV_PROXY: '1',
      HTTPS_PROXY: proxy,
      https_proxy: proxy,
      ALL_PROXY: proxy,
    };
    const outcomeOf = async (env: Record<string, string>, ...args: readonly string[]): Promise<string> =>
      (await run(process.execPath, ['--no-warnings', program, own(), ...args], { env })).stdout.trim();
    // The positive control: Node's own fetch believes them.
    expect(await outcomeOf(trusting, 'node')).toBe('200');
    expect(await outcomeOf(everything, 'latchkey')).toBe('network/tls unknown-issuer');
    expect(await outcomeOf(everything, 'latchkey', 'system-store')).toBe('network/tls unknown-issuer');
    expect(world.front.requests).toHaveLength(1);
    expect(canary.requests).toEqual([]);
    await canary.stop();
  },
);
