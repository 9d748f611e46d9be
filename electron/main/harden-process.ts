import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
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

// Node has no API for core limits. With no memory region selected, a core file holds no key. Chromium's zygotes run already,
// and every renderer is forked from one of them: the filter is inherited.
if (process.platform === 'linux') for (const pid of ['self', ...childProcesses()]) selectNoMemory(pid);

function selectNoMemory(pid: string): void {
  try {
    writeFileSync(`/proc/${pid}/coredump_filter`, '0');
  } catch {
    // Containers may mount /proc read-only; a sandboxed zygote is not ours to write to, and it and its renderers leave no core.
  }
}

function childProcesses(): readonly string[] {
  return readdirSync('/proc/self/task').flatMap((thread) => {
    try {
      return readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' ').filter(Boolean);
    } catch {
      return []; // The thread has ended meanwhile, or the kernel does not tell.
    }
  });
}
