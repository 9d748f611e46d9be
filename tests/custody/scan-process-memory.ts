import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** What a scan of one process found. */
export interface MemoryScan {
  readonly mappings: number;
  readonly bytes: number;
  /** One entry per occurrence: which form, in which mapping. */
  readonly hits: readonly string[];
}

/** Kernel pages that `/proc/<pid>/maps` lists as readable but that nobody can read through `/proc/<pid>/mem`. */
const KERNEL_MAPPINGS = /\[(?:vvar|vvar_vclock|vsyscall)\]$/;

const CHUNK_BYTES = 8 * 1024 * 1024;

/**
 * Searches every readable mapping of a process for a secret, as UTF-8, as UTF-16 and in base64. Memory that cannot be read is
 * an error, not a miss: a scanner that looks away proves nothing.
 */
export function scanProcessMemory(pid: number, secret: string): MemoryScan {
  const needles = formsOf(secret);
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const hits: string[] = [];
  let mappings = 0;
  let bytes = 0;
  try {
    for (const mapping of readableMappings(pid)) {
      mappings += 1;
      bytes += mapping.end - mapping.start;
      hits.push(...scanMapping(memory, pid, mapping, needles));
    }
  } finally {
    closeSync(memory);
  }
  return { mappings, bytes, hits };
}

interface Mapping {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

function readableMappings(pid: number): Mapping[] {
  return readFileSync(`/proc/${pid}/maps`, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const match = /^([0-9a-f]+)-([0-9a-f]+) r\S+ \S+ \S+ \d+\s*(.*)$/.exec(line);
      if (match === null || KERNEL_MAPPINGS.test(line)) return [];
      return [
        {
          start: Number.parseInt(match[1] ?? '', 16),
          end: Number.parseInt(match[2] ?? '', 16),
          name: match[3] ?? '',
        },
      ];
    });
}

function scanMapping(
  memory: number,
  pid: number,
  mapping: Mapping,
  needles: ReadonlyMap<string, Buffer>,
): string[] {
  const longest = Math.max(...[...needles.values()].map((needle) => needle.length));
  const hits: string[] = [];
  const chunk = Buffer.alloc(CHUNK_BYTES + longest);
  for (let position = mapping.start; position < mapping.end; position += CHUNK_BYTES) {
    // Chunks overlap by the longest needle, so that none hides on a border.
    const wanted = Math.min(CHUNK_BYTES + longest, mapping.end - position);
    const got = readAt(memory, chunk, { wanted, position, pid, mapping });
    for (const [form, needle] of needles) {
      const at = chunk.subarray(0, got).indexOf(needle);
      if (at >= 0) hits.push(`${form} in ${mapping.name || 'anonymous memory'}`);
    }
  }
  return hits;
}

function readAt(
  memory: number,
  chunk: Buffer,
  read: {
    readonly wanted: number;
    readonly position: number;
    readonly pid: number;
    readonly mapping: Mapping;
  },
): number {
  let got = 0;
  while (got < read.wanted) {
    try {
      const more = readSync(memory, chunk, got, read.wanted - got, read.position + got);
      if (more === 0) break;
      got += more;
    } catch (error) {
      if (!isStillMapped(read.pid, read.mapping)) return got;
      if (isBeyondFile(read.mapping, error)) return got;
      throw new Error(`memory of ${read.pid} could not be read: ${JSON.stringify(read.mapping)}`, {
        cause: error,
      });
    }
  }
  return got;
}

/** A running process unmaps memory while it is being read; what is gone cannot hold a secret. */
function isStillMapped(pid: number, mapping: Mapping): boolean {
  return readableMappings(pid).some(({ start, end }) => start < mapping.end && end > mapping.start);
}

/** Pages of a file mapping past the end of its file have no content (reading them is EIO, touching them SIGBUS). */
function isBeyondFile(mapping: Mapping, error: unknown): boolean {
  return mapping.name.startsWith('/') && (error as { code?: string }).code === 'EIO';
}

/** The forms a secret may have in memory. Base64 depends on its offset, so all three alignments are looked for. */
export function formsOf(secret: string): ReadonlyMap<string, Buffer> {
  const base64 = [0, 1, 2].map((offset) => {
    const encoded = Buffer.from('x'.repeat(offset) + secret).toString('base64');
    // The first characters mix in the padding before the secret, the last ones what follows it.
    return [`base64+${offset}`, Buffer.from(encoded.slice(offset === 0 ? 0 : 4, -4))] as const;
  });
  return new Map([
    ['UTF-8', Buffer.from(secret, 'utf8')],
    ['UTF-16', Buffer.from(secret, 'utf16le')],
    ...base64,
  ]);
}

/** In how many of its forms the secret is there. */
export function countForms(content: string | Buffer, secret: string): number {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  return [...formsOf(secret).values()].filter((needle) => bytes.includes(needle)).length;
}
