import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AppError, type Result } from '../../electron/contract/app-error.ts';
import type { EventName, EventPayload, WireEvent } from '../../electron/contract/contract.ts';
import type { ImageTask } from '../../electron/contract/routes/image-window.ts';
import type { KeystoreStatus } from '../../electron/contract/model/connection.ts';
import { scrubSiblings } from '../../electron/main/platform/inspect-document.ts';
import type {
  Clock,
  DecryptFailure,
  Desktop,
  DocumentContent,
  DocumentStore,
  EventSink,
  HostSignals,
  IdSource,
  ImageWindowHost,
  KeystoreQuestion,
  KeyWindowHost,
  KeyWindowTask,
  Logger,
  PickedFile,
  SecretCipher,
  Timer,
} from '../../electron/core/ports.ts';

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** Random UUIDs. */
export const randomIds: IdSource = { next: () => randomUUID() };

/** A timer that ends when a test says so. */
export class ManualTimer implements Timer {
  readonly #running = new Map<() => void, number>();

  /** The delays of what is waiting, in milliseconds. */
  get delaysMs(): readonly number[] {
    return [...this.#running.values()];
  }

  start(delayMs: number, run: () => void): () => void {
    const once = (): void => run();
    this.#running.set(once, delayMs);
    return () => void this.#running.delete(once);
  }

  /** The time of all that is waiting has come. */
  elapse(): void {
    const due = [...this.#running.keys()];
    this.#running.clear();
    for (const run of due) run();
  }
}

/** A machine that sleeps and loses its network when a test says so. */
export class FakeSignals implements HostSignals {
  hasNetwork = true;
  readonly #listeners = new Set<Parameters<HostSignals['subscribe']>[0]>();

  isOnline(): boolean {
    return this.hasNetwork;
  }

  subscribe(listener: Parameters<HostSignals['subscribe']>[0]): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** How many wait for a signal. */
  listenerCount(): number {
    return this.#listeners.size;
  }

  send(signal: 'resumed' | 'online'): void {
    if (signal === 'online') this.hasNetwork = true;
    for (const listener of this.#listeners) listener(signal);
  }
}

/**
 * The image window of a test: hands every picture back as it is, told to be 8 by 6 pixels, by the routes that the real one
 * calls. `silent`: it never answers. `crashing`: it is gone as soon as it has a picture; `crashing once`: it works the next time.
 */
export class FakeImageWindow implements ImageWindowHost {
  mode: 'working' | 'silent' | 'crashing' | 'crashing once' = 'working';
  /** How often a window was made. */
  openCount = 0;
  isOpen = false;
  /** Calls a route as the window; set once the core is there. */
  call: (route: string, input: unknown) => Promise<Result<unknown>> = () =>
    Promise.reject(new Error('no core yet'));
  readonly #listeners: (() => void)[] = [];

  open(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.openCount += 1;
    void this.#work(this.openCount);
  }
  onClosed(listener: () => void): void {
    this.#listeners.push(listener);
  }
  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    for (const listener of this.#listeners) listener();
  }

  async #work(own: number): Promise<void> {
    while (this.isOpen && own === this.openCount) {
      const asked = await this.call('imageWindow.next', {});
      if (!asked.ok || this.mode === 'silent') return;
      if (this.mode === 'crashing' || this.mode === 'crashing once') {
        if (this.mode === 'crashing once') this.mode = 'working';
        this.close();
        return;
      }
      // `as`: the router's own answer.
      const { id, bytes, mediaType } = asked.value as ImageTask;
      const outcome = { kind: 'done', bytes, mediaType, width: 8, height: 6 };
      await this.call('imageWindow.finish', { id, outcome });
    }
  }
}

/** A log that can be searched for what must not be in it. */
export class RecordingLogger implements Logger {
  readonly lines: string[] = [];
  info(message: string, details?: unknown): void {
    this.#add(message, details);
  }
  warn(message: string, details?: unknown): void {
    this.#add(message, details);
  }
  error(message: string, details?: unknown): void {
    this.#add(message, details);
  }
  #add(message: string, details: unknown): void {
    const error = (details as { error?: unknown } | undefined)?.error;
    this.lines.push(`${message} ${error instanceof Error ? String(error.stack) : JSON.stringify(details)}`);
  }
}

/** Keeps every event, and lets a test wait for one. */
export class RecordingEvents implements EventSink {
  readonly all: WireEvent[] = [];
  readonly #listeners = new Set<(event: WireEvent) => void>();

  emit(event: WireEvent): void {
    // Events cross a process boundary: what cannot be cloned must fail here too.
    const cloned = structuredClone(event);
    this.all.push(cloned);
    for (const listener of this.#listeners) listener(cloned);
  }

  subscribe(listener: (event: WireEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  of<E extends EventName>(name: E): EventPayload<E>[] {
    // `as`: filtered by the name that decides the payload's type.
    return this.all.filter((event) => event.name === name).map((event) => event.payload as EventPayload<E>);
  }

  /** The first event of that name that matches, now or later. */
  next<E extends EventName>(
    name: E,
    matches: (payload: EventPayload<E>) => boolean,
  ): Promise<EventPayload<E>> {
    const seen = this.of(name).find(matches);
    if (seen !== undefined) return Promise.resolve(seen);
    return new Promise((resolve) => {
      const stop = this.subscribe((event) => {
        if (event.name !== name || !matches(event.payload as EventPayload<E>)) return;
        stop();
        resolve(event.payload as EventPayload<E>);
      });
    });
  }
}

/** A JSON file as main writes it, without electron-store. */
export function jsonFile(file: string): DocumentStore {
  let damagedCount = 0;
  const setAside = (): string => {
    damagedCount += 1;
    const keptAs = `${file.slice(0, -'.json'.length)}.damaged-${damagedCount}.json`;
    renameSync(file, keptAs);
    return path.basename(keptAs);
  };
  return {
    read(): DocumentContent {
      if (!existsSync(file)) return { kind: 'absent' };
      const text = readFileSync(file, 'utf8');
      try {
        return { kind: 'value', value: JSON.parse(text) as unknown };
      } catch {
        return { kind: 'damaged', keptAs: setAside(), text };
      }
    },
    write(value) {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(`${file}.new`, JSON.stringify(value, undefined, '\t'), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
    setAside,
    scrub: (text, sharedLength) => scrubSiblings(file, text, sharedLength),
  };
}

/** A stand-in for the OS keystore whose state a test decides. Real ones are used by the end-to-end tier. */
export class FakeCipher implements SecretCipher {
  keystore: KeystoreStatus = { kind: 'available', backend: 'gnome_libsecret', name: 'GNOME Keyring' };
  failure: DecryptFailure | null = null;

  /** Every question waits for it. */
  answered: Promise<void> = Promise.resolve();
  /** The questions it was asked. */
  readonly questions: KeystoreQuestion[] = [];
  readonly #listeners: ((status: KeystoreStatus) => void)[] = [];

  status(): KeystoreStatus {
    return this.keystore;
  }

  async check(question: KeystoreQuestion): Promise<KeystoreStatus> {
    this.questions.push(question);
    await this.answered;
    return this.keystore;
  }

  onChanged(listener: (status: KeystoreStatus) => void): void {
    this.#listeners.push(listener);
  }

  /** The keystore says something new, unasked. */
  change(keystore: KeystoreStatus): void {
    this.keystore = keystore;
    for (const listener of this.#listeners) listener(keystore);
  }

  describeBackend(backend: string) {
    return {
      name: backend === 'kwallet6' ? 'KWallet' : 'GNOME Keyring',
      wayBack: `start Latchkey with --password-store=${backend}`,
    };
  }

  encrypt(plainText: string): Promise<Uint8Array> {
    if (this.keystore.kind !== 'available') throw new AppError('secret/keystore-unavailable', 'No keystore.');
    return Promise.resolve(Buffer.from(plainText, 'utf8').map((byte) => byte ^ 0x5a));
  }

  decrypt(cipherText: Uint8Array) {
    if (this.failure !== null) return Promise.resolve({ ok: false as const, failure: this.failure });
    const plainText = Buffer.from(cipherText.map((byte) => byte ^ 0x5a)).toString('utf8');
    return Promise.resolve({ ok: true as const, plainText });
  }
}

/** A desktop that only remembers. */
export class FakeDesktop implements Desktop {
  clipboardText = '';
  /** What the person picks when asked for a certificate file; null: nothing. */
  certificateFile: Uint8Array | null = null;
  readonly opened: { readonly target: string; readonly isMisleading: boolean }[] = [];
  readonly browserUrls: string[] = [];
  /** Set to make opening a browser fail. */
  browserFailure: Error | null = null;
  readonly themes: string[] = [];
  readonly openedFolders: string[] = [];
  restarts = 0;
  isProtocolRegistered = false;

  confirmAndOpen(link: { target: string; isMisleading: boolean }) {
    this.opened.push({ target: link.target, isMisleading: link.isMisleading });
    return Promise.resolve('opened' as const);
  }
  openInBrowser(url: string) {
    this.browserUrls.push(url);
    return this.browserFailure === null ? Promise.resolve() : Promise.reject(this.browserFailure);
  }
  openFolder(folder: string) {
    this.openedFolders.push(folder);
    return Promise.resolve();
  }
  /** Whether the person goes on in a save dialog. */
  isSaving = true;
  readonly savedTexts: string[] = [];
  readonly savedFiles: { readonly defaultName: string; readonly bytes: Uint8Array }[] = [];
  /** What the person picks when asked for files; one that is null cannot be read. */
  files: { readonly name: string; readonly bytes: Uint8Array | null }[] = [];
  saveFile({ defaultName, bytes }: { defaultName: string; bytes: Uint8Array }) {
    if (!this.isSaving) return Promise.resolve('cancelled' as const);
    this.savedFiles.push({ defaultName, bytes });
    return Promise.resolve('saved' as const);
  }
  pickFiles(): Promise<readonly PickedFile[]> {
    return Promise.resolve(
      this.files.map(({ name, bytes }) => ({
        name,
        byteCount: bytes?.byteLength ?? 0,
        read: (maxBytes) =>
          bytes === null
            ? Promise.reject(new AppError('attachment/unreadable', 'gone'))
            : Promise.resolve(bytes.slice(0, maxBytes)),
      })),
    );
  }
  saveTextFile({ text }: { text: string }) {
    if (!this.isSaving) return Promise.resolve('cancelled' as const);
    this.savedTexts.push(text);
    return Promise.resolve('saved' as const);
  }
  /** What the person picks to import; null: nothing. */
  importFiles: readonly string[] | null = null;
  pickImportFiles() {
    return Promise.resolve(this.importFiles);
  }
  /** Where an export goes; null: the person changes their mind. */
  exportTarget: string | null = null;
  readonly exportNames: string[] = [];
  pickExportTarget({ defaultName }: { defaultName: string }) {
    this.exportNames.push(defaultName);
    return Promise.resolve(this.exportTarget);
  }
  restart() {
    this.restarts += 1;
  }
  applyTheme(theme: string) {
    this.themes.push(theme);
  }
  pickCertificateFile() {
    return Promise.resolve(this.certificateFile);
  }
  readClipboardText() {
    return Promise.resolve(this.clipboardText);
  }
  clearClipboardIf(text: string) {
    if (this.clipboardText === text) this.clipboardText = '';
    return Promise.resolve();
  }
  protocolStatus() {
    return { isRegistered: this.isProtocolRegistered, canRegister: true };
  }
  registerProtocol() {
    this.isProtocolRegistered = true;
    return this.protocolStatus();
  }
  unregisterProtocol() {
    this.isProtocolRegistered = false;
    return this.protocolStatus();
  }
}

/** A key window that is only a state. */
export class FakeKeyWindow implements KeyWindowHost {
  isOpen = false;
  #task: KeyWindowTask | null = null;
  #onOpened: (() => void) | null = null;
  readonly #onClosed: (() => void)[] = [];

  open(task: KeyWindowTask) {
    this.isOpen = true;
    this.#task = task;
    this.#onOpened?.();
    return Promise.resolve();
  }
  task() {
    return this.#task;
  }
  close() {
    this.isOpen = false;
    this.#task = null;
    for (const listener of this.#onClosed) listener();
  }
  onClosed(listener: () => void) {
    this.#onClosed.push(listener);
  }
  /** For the browser tier, which shows the real form in a page. */
  onOpened(listener: () => void) {
    this.#onOpened = listener;
  }
}
