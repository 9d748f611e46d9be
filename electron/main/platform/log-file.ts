import { appendFile, chmod, mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from '../../core/ports.ts';

/** Of the file and of its predecessor each. */
const MAX_BYTES = 1_048_576;

/** A longer line is cut: an error may quote anything, and one line must not fill the log. */
const MAX_LINE_CHARACTERS = 16_384;

/**
 * A log in one file and one predecessor, at most 1 MiB each. Every line passes `redact`, the one choke point; a log
 * that cannot be written is given up silently, since it must never stop the app.
 */
export function createLogFile(path: string, redact: (text: string) => string, now: () => number): Logger {
  let queue: Promise<void> = Promise.resolve();
  const write = (level: string, message: string, details: Readonly<Record<string, unknown>> = {}): void => {
    const time = new Date(now()).toISOString();
    // Redacted before it is cut: half a key would not be known again.
    const line = redact(`${time} ${level} ${message} ${JSON.stringify(details, describeErrors)}`);
    queue = queue.then(() => append(path, `${cut(line)}\n`)).catch(() => undefined);
  };
  return {
    info: (message, details) => write('info', message, details),
    warn: (message, details) => write('warn', message, details),
    error: (message, details) => write('error', message, details),
  };
}

/** The last whole lines of a log, at most `maxBytes` of them; '' when there is none. */
export async function readLogTail(path: string, maxBytes: number): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const start = Math.max(0, size - maxBytes);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(maxBytes), 0, maxBytes, start);
      const text = buffer.toString('utf8', 0, bytesRead);
      return start === 0 ? text : text.slice(text.indexOf('\n') + 1);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

async function append(path: string, line: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size > 0 && size + Buffer.byteLength(line) > MAX_BYTES) await rename(path, `${path}.1`);
  await appendFile(path, line, { mode: 0o600 });
  // The mode above counts for a new file only.
  await chmod(path, 0o600);
}

function cut(line: string): string {
  return line.length > MAX_LINE_CHARACTERS ? `${line.slice(0, MAX_LINE_CHARACTERS)} [cut]` : line;
}

/** An Error has no enumerable fields; its cause chain may quote a provider and stays out. */
function describeErrors(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (!(value instanceof Error)) return value;
  return { name: value.name, message: value.message, stack: value.stack?.split('\n').slice(1, 8) };
}
