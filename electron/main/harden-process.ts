import { writeFileSync } from 'node:fs';
import { takeProxyVariables } from './proxy-variables.ts';

// Runs on import, and main.ts imports it before anything else: other modules must never see these variables.

/**
 * Variables that could move a key to another host, weaken TLS, add a certificate authority or write session secrets to a file.
 */
const DROPPED = [
  'NODE_TLS_REJECT_UNAUTHORIZED',
  'NODE_OPTIONS',
  'NODE_EXTRA_CA_CERTS',
  'NODE_USE_SYSTEM_CA',
  'NODE_USE_ENV_PROXY',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'SSLKEYLOGFILE',
];

/** What the environment said about proxies. It counts in one mode only, which is nobody's default. */
export const proxyVariables = takeProxyVariables(process.env);

for (const name of Object.keys(process.env)) {
  if (name.toUpperCase().startsWith('OPENAI_') || DROPPED.includes(name.toUpperCase()))
    delete process.env[name];
}

// Node has no API for core limits. With no memory region selected, a core file holds no key.
if (process.platform === 'linux') {
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    // Not every kernel offers it (containers may mount /proc read-only); core dumps then follow the system's limit.
  }
}
