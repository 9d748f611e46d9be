import { createSecureContext, rootCertificates } from 'node:tls';
import { readSystemAuthorities } from '../../../electron/core/network/certificate-authorities.ts';
import { NetworkTransport } from '../../../electron/core/network/network-transport.ts';

// One request, by Node's own fetch or by ours, in a process whose environment a test decides. Prints what came of it.

const [origin = '', by = '', store = ''] = process.argv.slice(2);

const transport = new NetworkTransport({
  sources: () => ({
    proxy: { mode: 'none', url: null, bypass: [], followsScripts: false },
    variables: {},
    resolveProxy: () => Promise.resolve('DIRECT'),
  }),
  context: () =>
    Promise.resolve(
      createSecureContext({
        ca: [...rootCertificates, ...(store === 'system-store' ? (readSystemAuthorities() ?? []) : [])],
      }),
    ),
  findLogin: () => Promise.resolve(null),
});

try {
  const answer = await (by === 'node' ? fetch : transport.fetch)(`${origin}/v1/models`);
  await answer.text();
  process.stdout.write(String(answer.status));
} catch (error) {
  const { code, details } = error as { code?: string; details?: { reason?: string } };
  process.stdout.write(`${code ?? String(error)} ${details?.reason ?? ''}`);
}
await transport.close();
