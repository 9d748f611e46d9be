import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from '../../core/ports.ts';

const MAX_BYTES = 1_048_576;

/**
 * A log in one file and one predecessor, at most 1 MiB each. Every line passes `redact`, the one choke point; a log
 * that cannot be written is given up silently, since it must never stop the app.
 */
export function createLogFile(path: string, redact: (text: string) => string, now: () => number): Logger {
  let queue: Promise<void> = Promise.resolve();
  const write = (level: string, message: string, details: Readonly<Record<string, unknown>> = {}): void => {
    const time = new Date(now()).toISOString();
    const line = redact(`${time} ${level} ${message} ${JSON.stringify(details, describeErrors)}`);
    queue = queue.then(() => append(path, `${line}\n`)).catch(() => undefined);
  };
  return {
    info: (message, details) => write('info', message, details),
    warn: (message, details) => write('warn', message, details),
    error: (message, details) => write('error', message, details),
  };
}

async function append(path: string, line: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size > MAX_BYTES) await rename(path, `${path}.1`);
  await appendFile(path, line, { mode: 0o600 });
}

/** An Error has no enumerable fields; its cause chain may quote a provider and stays out. */
function describeErrors(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (!(value instanceof Error)) return value;
  return { name: value.name, message: value.message, stack: value.stack?.split('\n').slice(1, 8) };
}
