import { writeFileSync } from 'node:fs';

// Runs on import, and main.ts imports it before anything else: other modules must never see these variables.

/** Variables that could move a key to another host, weaken TLS or write its session secrets to a file. */
const DROPPED = ['NODE_TLS_REJECT_UNAUTHORIZED', 'NODE_OPTIONS', 'SSLKEYLOGFILE'];

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
