import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** Remote addresses of the TCP sockets a process has open now, loopback left out. IPv4 and IPv6, as `/proc/net/tcp` writes them. */
export function remoteAddresses(pid: number): readonly string[] {
  const inodes = socketInodes(pid);
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => inodes.has(columns[9] ?? '') && !isLocal(columns[2] ?? ''))
      .map((columns) => columns[2] ?? ''),
  );
}

function socketInodes(pid: number): ReadonlySet<string> {
  const inodes = new Set<string>();
  for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
    const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${descriptor}`))?.[1];
    if (inode !== undefined) inodes.add(inode);
  }
  return inodes;
}

/** A descriptor can be closed between listing and looking. */
function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}

/** Hexadecimal, little-endian per 32 bits: `0100007F` is 127.0.0.1. All zeros is a listening socket's "nobody". */
function isLocal(address: string): boolean {
  const host = address.split(':')[0] ?? '';
  return /^0+$/.test(host) || /7F$/.test(host) || /^0{24}01000000$/.test(host);
}
