import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { app } from 'electron';
import { askSecretService } from './ask-secret-service.ts';
import { parseProbeAnswer, PROBE_SWITCH } from './probe-answer.ts';

/** What can be seen of a keystore without asking it: `silent` when it should have answered, `unknown` when nobody can look. */
export type KeystoreView = 'open' | 'locked' | 'silent' | 'unknown';

/**
 * Asks in place of main. safeStorage answers when the keyring's own prompt is answered, blocks its process until then,
 * and remembers a refusal for as long as that process lives: main must not be that process.
 */
export interface KeystoreProbe {
  /** Shows no prompt. Never rejects. */
  look(backend: string): Promise<KeystoreView>;
  /** Whether the keystore answers. Waits for its prompt as long as it takes, or until the signal ends it. Never rejects. */
  ask(signal: AbortSignal): Promise<boolean>;
}

/** How to start this program once more. */
export interface ProbeProgram {
  readonly executablePath: string;
  /** What leads to the same program with the same keystore, e.g. the app's folder and `--password-store`. */
  readonly args: readonly string[];
  /** The name under which Chromium's entry lies in the Secret Service. */
  readonly appName: string;
}

/** Switches that decide which keystore Chromium chooses, or whether it starts at all. */
const INHERITED_SWITCHES = ['password-store', 'no-sandbox', 'ozone-platform'];

/** This very program, as the probe starts it. */
export function describeProgram(): ProbeProgram {
  const switches = INHERITED_SWITCHES.filter((name) => app.commandLine.hasSwitch(name)).map((name) => {
    const value = app.commandLine.getSwitchValue(name);
    return value === '' ? `--${name}` : `--${name}=${value}`;
  });
  const args = app.isPackaged ? switches : [app.getAppPath(), ...switches];
  return { executablePath: process.execPath, args, appName: app.getName() };
}

/** Builds the probe of Linux. The other systems need none: their keystores do not wait for a person at the start. */
export function createKeystoreProbe(program: ProbeProgram): KeystoreProbe {
  return {
    look: (backend) =>
      // KWallet has an interface of its own, which does not tell whether it would ask.
      backend === 'gnome_libsecret' ? askSecretService(program.appName) : Promise.resolve('unknown'),
    ask: (signal) => askInChild(program, signal),
  };
}

/** Enough for the answer; a program that says more is not ours. */
const LONGEST_ANSWER = 1_000;

async function askInChild(program: ProbeProgram, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  const folder = makeFolder();
  if (folder === null) return false;
  try {
    const answer = await readAnswer(program, folder, signal);
    return parseProbeAnswer(answer)?.isAvailable ?? false;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 2 });
  }
}

/** Chromium wants a folder to write to, and the profile is main's. */
function makeFolder(): string | null {
  try {
    return mkdtempSync(join(tmpdir(), 'latchkey-probe-'));
  } catch {
    // A full or read-only disk: the keystore cannot be asked, which is what the person is told.
    return null;
  }
}

function readAnswer(program: ProbeProgram, folder: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const args = [...program.args, PROBE_SWITCH, `--user-data-dir=${folder}`];
    // It ends when its stdin does, so it cannot outlive main and leave a prompt behind that nobody asked for.
    const child = spawn(program.executablePath, args, {
      stdio: ['pipe', 'pipe', 'ignore'],
      signal,
      killSignal: 'SIGKILL',
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text = (text + part).slice(0, LONGEST_ANSWER);
    });
    // Not started, or ended by the signal: no answer either way.
    child.once('error', () => resolve(text));
    child.once('close', () => resolve(text));
  });
}
