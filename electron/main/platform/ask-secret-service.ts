import { execFile } from 'node:child_process';
import type { KeystoreView } from './keystore-probe.ts';

const SERVICE = 'org.freedesktop.secrets';
const ROOT = '/org/freedesktop/secrets';
const DEFAULT_COLLECTION = `${ROOT}/aliases/default`;

/** The keyring may have to be started for it, which takes some hundred milliseconds. */
const LIMIT_MS = 3_000;

/** A program that can put one question to the session bus, and how its answers look. */
interface BusTool {
  readonly program: string;
  /** Whether the collection into which Chromium writes is locked. */
  readonly lockedArgs: readonly string[];
  /** Chromium's entry: the unlocked items that are it, then the locked ones. */
  readonly searchArgs: (appName: string) => readonly string[];
  /** Matches the answer to a search that found nothing locked. */
  readonly nothingLocked: RegExp;
}

const words = (text: string): readonly string[] => text.split(' ');

/** Each desktop has at least one of these. */
const BUS_TOOLS: readonly BusTool[] = [
  {
    program: 'gdbus',
    lockedArgs: words(
      `call --session --timeout=2 --dest=${SERVICE} --object-path=${DEFAULT_COLLECTION} --method=org.freedesktop.DBus.Properties.Get org.freedesktop.Secret.Collection Locked`,
    ),
    searchArgs: (appName) => [
      ...words(
        `call --session --timeout=2 --dest=${SERVICE} --object-path=${ROOT} --method=org.freedesktop.Secret.Service.SearchItems`,
      ),
      `{'application': '${appName}'}`,
    ],
    nothingLocked: /\[\]\)\s*$/,
  },
  {
    program: 'busctl',
    lockedArgs: words(
      `--user --timeout=2 get-property ${SERVICE} ${DEFAULT_COLLECTION} org.freedesktop.Secret.Collection Locked`,
    ),
    searchArgs: (appName) => [
      ...words(
        `--user --timeout=2 call ${SERVICE} ${ROOT} org.freedesktop.Secret.Service SearchItems a{ss} 1 application`,
      ),
      appName,
    ],
    nothingLocked: /^aoao .*(?<!\S)0\s*$/,
  },
  {
    program: 'dbus-send',
    lockedArgs: words(
      `--session --print-reply --reply-timeout=2000 --dest=${SERVICE} ${DEFAULT_COLLECTION} org.freedesktop.DBus.Properties.Get string:org.freedesktop.Secret.Collection string:Locked`,
    ),
    searchArgs: (appName) => [
      ...words(
        `--session --print-reply --reply-timeout=2000 --dest=${SERVICE} ${ROOT} org.freedesktop.Secret.Service.SearchItems`,
      ),
      `dict:string:string:application,${appName}`,
    ],
    nothingLocked: /\]\s*array \[\s*\]\s*$/,
  },
];

/** Runs a program and resolves to what it printed; null when it is not there; 'failed' when it was and gave no answer. */
export type RunTool = (
  program: string,
  args: readonly string[],
) => Promise<{ readonly text: string } | 'failed' | null>;

/**
 * Asks the Secret Service whether Chromium could read its entry without a prompt. These questions never show one. Chromium
 * unlocks the default collection and the entry itself, so both have to be open.
 */
export async function askSecretService(appName: string, run: RunTool = runTool): Promise<KeystoreView> {
  for (const tool of BUS_TOOLS) {
    const [locked, search] = await Promise.all([
      run(tool.program, tool.lockedArgs),
      run(tool.program, tool.searchArgs(appName)),
    ]);
    if (locked === null || search === null) continue;
    if (locked === 'failed' || search === 'failed') return 'silent';
    const isOpen = /\bfalse\b/.test(locked.text) && !/\btrue\b/.test(locked.text);
    return isOpen && tool.nothingLocked.test(search.text) ? 'open' : 'locked';
  }
  return 'unknown';
}

const runTool: RunTool = (program, args) =>
  new Promise((resolve) => {
    execFile(
      program,
      args,
      { timeout: LIMIT_MS, killSignal: 'SIGKILL', maxBuffer: 64_000 },
      (error, stdout) => {
        if (error === null) resolve({ text: stdout });
        else resolve(error.code === 'ENOENT' ? null : 'failed');
      },
    );
  });
