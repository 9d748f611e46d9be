import { LLMock } from '@copilotkit/aimock';
import { createTestCore, type TestCore, type TestCoreOptions } from './create-test-core.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A key no provider ever issued. */
export const KEY = 'sk-test-canary-0123456789abcdef';
/** A whole answer. */
export const ANSWER = 'The quick brown fox jumps over the lazy dog. '.repeat(12);
/** Both ways to ask. */
export const DIALECTS = ['responses', 'chat-completions'] as const;

/** A core, an OpenAI-compatible server on loopback, and a folder of their own. */
export class ChatWorld {
  readonly server = new LLMock({ port: 0 });
  readonly #folder = temporaryFolder();
  #app: TestCore | null = null;

  /** The running core. */
  get app(): TestCore {
    if (this.#app === null) throw new Error('the world is not open');
    return this.#app;
  }

  /** Where its files are. */
  get folder(): string {
    return this.#folder.path;
  }

  async open(options: Omit<TestCoreOptions, 'folder'> = {}): Promise<this> {
    await this.server.start();
    this.#app = await createTestCore({ folder: this.#folder.path, ...options });
    return this;
  }

  /** Quits and starts again on the same files. */
  async restart(options: Omit<TestCoreOptions, 'folder'> = {}): Promise<void> {
    await this.app.stop();
    this.#app = await createTestCore({ folder: this.#folder.path, ...options });
  }

  /** Quits, lets the files be changed, and starts again. */
  async restartAfter(change: (folder: string) => void): Promise<void> {
    await this.app.stop();
    change(this.#folder.path);
    this.#app = await createTestCore({ folder: this.#folder.path });
  }

  async close(): Promise<void> {
    await this.app.stop();
    await this.server.stop();
    this.#folder.remove();
  }

  /** A connection to the server, with a key. Returns its id. */
  connect(dialect: (typeof DIALECTS)[number] = 'responses'): Promise<string> {
    return this.app.addConnection({ baseUrl: `${this.server.url}/v1`, key: KEY, dialect });
  }

  /** Sends and waits for the end; returns the ids, the end event and the text the events carried. */
  async ask(connectionId: string, text: string, conversationId: string | null = null) {
    const { app } = this;
    const started = await app.get('chat.send', { conversationId, connectionId, model: 'gpt-4o', text });
    const end = await app.events.next('chat.ended', ({ streamId }) => streamId === started.streamId);
    const deltas = app.events.of('chat.delta').filter(({ streamId }) => streamId === started.streamId);
    return { started, end, deltas, text: deltas.map((delta) => delta.text).join('') };
  }
}
