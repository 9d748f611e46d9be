import type { KeystoreStatus } from '../contract/model/connection.ts';
import type { ProtocolStatus } from '../contract/model/app-info.ts';
import type { Settings } from '../contract/model/settings.ts';
import type { WireEvent } from '../contract/contract.ts';

/** Time and ids come in as ports, so that tests decide them. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Runs something later, for limits that a test must be able to reach at once. */
export interface Timer {
  /** Returns the way to stop it; stopping it late or twice is fine. */
  start(delayMs: number, run: () => void): () => void;
}

/** Makes UUIDs. */
export interface IdSource {
  next(): string;
}

/** What the machine does that a waiting request should know of. */
export interface HostSignals {
  /** False only when there is certainly no network. */
  isOnline(): boolean;
  /** `resumed`: the machine slept and woke up. `online`: there is a network again. Returns the way to stop. */
  subscribe(listener: (signal: 'resumed' | 'online') => void): () => void;
}

/** Sends an event to every chat window that is open; none is fine. */
export interface EventSink {
  emit(event: WireEvent): void;
}

/** A log that never receives a secret, a prompt or an answer. */
export interface Logger {
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
  error(message: string, details?: Readonly<Record<string, unknown>>): void;
}

/** Why a secret could not be read back. The ciphertext is kept in every case. */
export type DecryptFailure = 'locked' | 'other-backend' | 'unreadable';

/** What became of decrypting. */
export type DecryptResult =
  | { readonly ok: true; readonly plainText: string }
  | { readonly ok: false; readonly failure: DecryptFailure };

/** How far a question to the keystore may go. */
export interface KeystoreQuestion {
  /** Whether the keystore may ask the person for its password. */
  readonly mayPrompt: boolean;
}

/** A keystore by name, and how to come back to it. */
export interface BackendDescription {
  /** For people, e.g. "GNOME Keyring". */
  readonly name: string;
  /** How to start Latchkey with it, as a clause: "start Latchkey in a ...". */
  readonly wayBack: string;
}

/** The OS keystore. Implemented over Electron's safeStorage in main. No method blocks the process, whatever the keystore does. */
export interface SecretCipher {
  /** What is known by now, asking nobody: `checking` until the first check has ended. Never weaker again once it is `available`. */
  status(): KeystoreStatus;
  /** Asks the keystore. Bounded: an unanswered prompt is `locked` after some seconds, and its late answer still counts. */
  check(question: KeystoreQuestion): Promise<KeystoreStatus>;
  /** Calls back whenever `status()` has changed. */
  onChanged(listener: (status: KeystoreStatus) => void): void;
  describeBackend(backend: string): BackendDescription;
  /** Throws `secret/keystore-unavailable` unless `status()` is `available`, and when the result is not protected by the keystore. */
  encrypt(plainText: string): Promise<Uint8Array>;
  /** Never throws for a bad or foreign ciphertext. `backend` is the one that wrote it. */
  decrypt(cipherText: Uint8Array, backend: string): Promise<DecryptResult>;
}

/** What reading a stored JSON document found. */
export type DocumentContent =
  | { readonly kind: 'absent' }
  | { readonly kind: 'value'; readonly value: unknown }
  /** The file did not parse; it was set aside under `keptAs` before anything is written. */
  | { readonly kind: 'damaged'; readonly keptAs: string; readonly text: string };

/** One small JSON file, written atomically with mode 0600. */
export interface DocumentStore {
  read(): DocumentContent;
  /** Throws `storage/*`. */
  write(value: unknown): void;
  /** Moves the current file aside (its content made no sense) and returns the new name. */
  setAside(): string;
  /**
   * Takes a text, and what is left of it where it is damaged, out of every file beside this one that was set aside or left behind
   * by a crash. Its first `sharedLength` characters may stand at the beginning of others too: alone they stay. Throws `storage/*`.
   */
  scrub(text: string, sharedLength: number): void;
}

/** Things only the desktop can do. */
export interface Desktop {
  /** Shows the full target, asks, then opens it in the person's browser or mail program. */
  confirmAndOpen(link: {
    readonly target: string;
    readonly text: string;
    /** True when the text looks like another address than the target. */
    readonly isMisleading: boolean;
  }): Promise<'opened' | 'declined'>;
  /** Opens a page of the sign-in's own origin in the person's browser, without asking. Throws `sign-in/no-browser`. */
  openInBrowser(url: string): Promise<void>;
  openFolder(path: string): Promise<void>;
  restart(): void;
  /** Asks in the system's own dialog where a text goes, and writes it there. Throws `storage/*`. */
  saveTextFile(file: {
    readonly title: string;
    readonly defaultName: string;
    readonly text: string;
  }): Promise<'saved' | 'cancelled'>;
  /** Lets the person pick what to import: one archive or some documents. null when they pick nothing. */
  pickImportFiles(): Promise<readonly string[] | null>;
  /** Lets the person choose where an export goes. What is there is replaced, but a folder, which must be new. null when they do not. */
  pickExportTarget(target: {
    readonly kind: 'json' | 'markdown' | 'folder';
    readonly defaultName: string;
  }): Promise<string | null>;
  /** Asks in the system's own dialog where a file goes, and writes it there. Throws `storage/*`. */
  saveFile(file: {
    readonly title: string;
    readonly defaultName: string;
    readonly bytes: Uint8Array;
  }): Promise<'saved' | 'cancelled'>;
  /** Lets the person pick files of any kind; none when they pick none. */
  pickFiles(): Promise<readonly PickedFile[]>;
  /** Makes windows, menus and `prefers-color-scheme` follow the setting. */
  applyTheme(theme: Settings['theme']): void;
  /** Lets the person pick a certificate file and reads it, up to the size a certificate can have; null when they pick none. */
  pickCertificateFile(): Promise<Uint8Array | null>;
  /** Text on the clipboard, read by main. */
  readClipboardText(): Promise<string>;
  /** Empties the clipboard if its text is exactly this; what was copied since stays. */
  clearClipboardIf(text: string): Promise<void>;
  protocolStatus(): ProtocolStatus;
  registerProtocol(): ProtocolStatus;
  unregisterProtocol(): ProtocolStatus;
}

/** A file that a person picked, not read yet. */
export interface PickedFile {
  /** Without its folder. */
  readonly name: string;
  readonly byteCount: number;
  /** Up to `maxBytes` of it. Throws `attachment/unreadable`. */
  read(maxBytes: number): Promise<Uint8Array>;
}

/** The hidden window in which foreign pictures are decoded, as core sees it. */
export interface ImageWindowHost {
  /** Makes it unless it is there. It asks for work by itself. */
  open(): void;
  /** Called whenever the window is gone, however it went. */
  onClosed(listener: () => void): void;
  /** Destroys it and its process; none is fine. */
  close(): void;
}

/** What a key window is open for. */
export interface KeyWindowTask {
  /** null: for a new connection. */
  readonly connectionId: string | null;
  /** The key to replace; null: for one more. */
  readonly keyId: string | null;
}

/** The key window, as core sees it. */
export interface KeyWindowHost {
  /** Opens it for a task, or focuses the one that is open for the same. */
  open(task: KeyWindowTask): Promise<void>;
  /** Called whenever the window is gone, however it went. Core forgets a pasted key then. */
  onClosed(listener: () => void): void;
  /** What the open window is for; null when none is open. */
  task(): KeyWindowTask | null;
  /** Destroys the window and, with it, its renderer process. */
  close(): void;
}
