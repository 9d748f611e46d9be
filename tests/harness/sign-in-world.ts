import { networkInterfaces } from 'node:os';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { SignInStatus } from '../../electron/contract/model/sign-in.ts';
import { createTestCore, type TestCore, type TestCoreOptions } from './create-test-core.ts';
import { startOpenRouterServer, type OpenRouterServer } from './openrouter-server.ts';
import { approve, callLoopback, navigate } from './play-browser.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Both halves of `localhost`, where the machine has both. */
export const LOOPBACK_ADDRESSES = Object.values(networkInterfaces())
  .flat()
  .map((each) => each?.address)
  .filter((address) => address === '127.0.0.1' || address === '::1');

/** A core, a stand-in for OpenRouter and a folder of their own. */
export class SignInWorld {
  readonly folder = temporaryFolder();
  #openRouter: OpenRouterServer | null = null;
  #app: TestCore | null = null;

  /** The running core. */
  get app(): TestCore {
    if (this.#app === null) throw new Error('the world is not open');
    return this.#app;
  }

  /** The running stand-in for OpenRouter. */
  get openRouter(): OpenRouterServer {
    if (this.#openRouter === null) throw new Error('the world is not open');
    return this.#openRouter;
  }

  async open(): Promise<void> {
    this.#openRouter = await startOpenRouterServer();
    this.#app = await createTestCore({
      folder: this.folder.path,
      openRouterOrigin: this.#openRouter.origin,
    });
  }

  /** Quits and starts again on the same files, with exactly these options. */
  async restart(options: Omit<TestCoreOptions, 'folder'>): Promise<void> {
    await this.app.stop();
    this.#app = await createTestCore({ folder: this.folder.path, ...options });
  }

  async close(): Promise<void> {
    await this.app.stop();
    await this.openRouter.stop();
    this.folder.remove();
  }

  /** Begins, and returns the page the browser was sent to. */
  async begin(): Promise<string> {
    const { state } = await this.app.get('signIn.start', { provider: 'openrouter' });
    if (state !== 'waiting') throw new Error(`the sign-in did not begin: ${state}`);
    const url = this.app.desktop.browserUrls.at(-1);
    if (url === undefined) throw new Error('no browser was opened');
    return url;
  }

  /** The status once nothing is under way any more. Of the first sign-in: events are kept. */
  outcome(): Promise<SignInStatus> {
    return this.app.events.next('signIn.changed', ({ state }) => state === 'done' || state === 'failed');
  }

  /** All the way, as a person who approves. */
  async signIn(): Promise<void> {
    const page = await this.begin();
    const ended = new Promise<SignInStatus>((resolve) => {
      this.app.events.subscribe(({ name, payload }) => {
        if (name === 'signIn.changed' && payload.expiresAt === null && payload.state !== 'exchanging')
          resolve(payload);
      });
    });
    await navigate(await approve(page));
    const { state, error } = await ended;
    if (state !== 'done') throw new Error(`the sign-in ended as ${state}: ${error?.code ?? 'no error'}`);
  }

  /** Everything that could be seen of a sign-in from outside main's memory, the encrypted vault included. */
  everythingSeen(): string {
    const files = readdirSync(this.folder.path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'));
    return [...files, JSON.stringify(this.app.events.all), this.app.logger.lines.join('\n')].join('\n');
  }
}

/** Sees that nobody listens there any more, on either half of `localhost`. */
export async function expectClosed(callbackUrl: string): Promise<void> {
  for (const address of LOOPBACK_ADDRESSES) {
    const answer = await callLoopback(callbackUrl, { address }).catch((error: unknown) => error);
    if (!(answer instanceof Error && 'code' in answer && answer.code === 'ECONNREFUSED'))
      throw new Error(`${address} still answers`, { cause: answer });
  }
}
