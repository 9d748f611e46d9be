import { AppError } from '../../contract/app-error.ts';
import type { SignInStatus } from '../../contract/model/sign-in.ts';
import type { NetworkLog } from '../network/network-log.ts';
import type { Clock, Desktop, EventSink, Logger, Timer } from '../ports.ts';
import type { Fetch } from '../network/network-transport.ts';
import type { Redactor } from '../redaction/redactor.ts';
import { openCallbackListener, type CallbackListener } from './callback-listener.ts';
import { exchangeCode } from './exchange-code.ts';
import type { CallbackAnswer } from './judge-callback.ts';
import { assertMayKeep, keepMintedKey, type KeepDependencies } from './keep-minted-key.ts';
import { openRouterEndpoints, type OpenRouterEndpoints } from './openrouter-endpoints.ts';
import { createPkce } from './pkce.ts';

/** What signing in is built from. */
export interface SignInDependencies extends KeepDependencies {
  /** OpenRouter's, or a test server's. */
  readonly origin: string;
  readonly desktop: Pick<Desktop, 'openInBrowser'>;
  readonly fetch: Fetch;
  readonly network: NetworkLog;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly events: EventSink;
  readonly redactor: Redactor;
  readonly logger: Logger;
}

/** How long a person has in the browser. */
export const SIGN_IN_LIMIT_MS = 120_000;

const IDLE: SignInStatus = { state: 'idle', error: null, expiresAt: null };

/** One way through the flow, from opening the browser to the key in the vault. */
interface Attempt {
  readonly controller: AbortController;
  /** Held for opening the browser again; forgotten with the attempt. */
  authorizationUrl: string | null;
  /** From here on nothing is cancelled: a key was minted and is being saved. */
  hasKey: boolean;
  /** Resolves once the port is closed and the outcome is known. */
  ended: Promise<void>;
}

/**
 * Signs in with OpenRouter by OAuth with PKCE (RFC 7636, RFC 8252): the browser brings a code to a loopback port, main exchanges
 * it and puts the key into the vault. Code, verifier and key live in local variables of one attempt and reach no window.
 */
export class SignInService {
  readonly #dependencies: SignInDependencies;
  readonly #endpoints: OpenRouterEndpoints;
  #status = IDLE;
  #attempt: Attempt | null = null;

  constructor(dependencies: SignInDependencies) {
    this.#dependencies = dependencies;
    this.#endpoints = openRouterEndpoints(dependencies.origin);
  }

  status(): SignInStatus {
    return this.#status;
  }

  /** Opens the browser and begins to wait. Whatever goes wrong, then or later, is in the status. */
  async start(): Promise<SignInStatus> {
    const former = this.#attempt;
    const attempt: Attempt = {
      controller: new AbortController(),
      authorizationUrl: null,
      hasKey: false,
      ended: Promise.resolve(),
    };
    this.#attempt = attempt;
    former?.controller.abort(cancelled());
    await new Promise<void>((resolve) => {
      attempt.ended = this.#run(attempt, former, resolve);
    });
    return this.#status;
  }

  async openBrowser(): Promise<void> {
    const url = this.#attempt?.authorizationUrl ?? null;
    if (url !== null && this.#status.state === 'waiting') await this.#dependencies.desktop.openInBrowser(url);
  }

  /** Idempotent. Once a key has arrived there is nothing to cancel any more: it is being saved. */
  async cancel(): Promise<SignInStatus> {
    const attempt = this.#attempt;
    if (attempt?.hasKey === true) return this.#status;
    attempt?.controller.abort(cancelled());
    await attempt?.ended;
    if (this.#attempt === null) this.#tell(IDLE);
    return this.#status;
  }

  /** On quit: closes the port; a key that has arrived is saved first. */
  async stop(): Promise<void> {
    await this.cancel();
    await this.#attempt?.ended;
  }

  /** From beginning to end; never rejects. `onBegun` is called once the browser was asked, or when that will not be. */
  async #run(attempt: Attempt, former: Attempt | null, onBegun: () => void): Promise<void> {
    let outcome: SignInStatus;
    try {
      await former?.ended;
      await this.#signIn(attempt, onBegun);
      outcome = { state: 'done', error: null, expiresAt: null };
    } catch (error) {
      outcome = this.#failure(error);
    }
    this.#end(attempt, outcome);
    onBegun();
  }

  async #signIn(attempt: Attempt, onBegun: () => void): Promise<void> {
    const { redactor } = this.#dependencies;
    const { baseUrl } = this.#endpoints;
    const { signal } = attempt.controller;
    // Before any browser opens: a key that may not be kept must not be minted.
    await assertMayKeep(baseUrl, this.#dependencies);
    signal.throwIfAborted();
    const { verifier, challenge } = createPkce();
    redactor.protect(verifier);
    const listener = await openCallbackListener();
    try {
      redactor.protect(new URL(listener.callbackUrl).pathname.slice(1));
      attempt.authorizationUrl = this.#endpoints.authorizationUrl({
        callbackUrl: listener.callbackUrl,
        challenge,
      });
      const code = codeOf(await this.#comeBack(attempt, listener, onBegun));
      redactor.protect(code);
      this.#show(attempt, { state: 'exchanging', error: null, expiresAt: null });
      const key = await this.#exchange({ code, verifier }, signal);
      redactor.protect(key);
      signal.throwIfAborted();
      attempt.hasKey = true;
      await keepMintedKey({ baseUrl, key }, this.#dependencies);
    } finally {
      // Before the outcome is told: whoever hears of it finds the port closed.
      attempt.authorizationUrl = null;
      await listener.close();
    }
  }

  /** Sends the person to the browser and waits until it brings them back, or until their time is over. */
  async #comeBack(
    attempt: Attempt,
    listener: CallbackListener,
    onBegun: () => void,
  ): Promise<CallbackAnswer> {
    const { clock, desktop, timer } = this.#dependencies;
    const { authorizationUrl, controller } = attempt;
    controller.signal.throwIfAborted();
    const stopTimer = timer.start(SIGN_IN_LIMIT_MS, () => controller.abort(expired()));
    try {
      this.#show(attempt, { state: 'waiting', error: null, expiresAt: clock.now() + SIGN_IN_LIMIT_MS });
      if (authorizationUrl !== null)
        await untilAborted(desktop.openInBrowser(authorizationUrl), controller.signal);
      onBegun();
      return await untilAborted(listener.answer, controller.signal);
    } finally {
      stopTimer();
    }
  }

  #exchange(grant: { readonly code: string; readonly verifier: string }, signal: AbortSignal) {
    const { fetch, network: log } = this.#dependencies;
    return exchangeCode(grant, { endpoints: this.#endpoints, fetch, log, signal });
  }

  /** An attempt that a later one has replaced has nothing more to say. */
  #end(attempt: Attempt, outcome: SignInStatus): void {
    if (this.#attempt !== attempt) return;
    this.#attempt = null;
    this.#tell(outcome);
  }

  #show(attempt: Attempt, status: SignInStatus): void {
    if (this.#attempt === attempt) this.#tell(status);
  }

  #tell(status: SignInStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#dependencies.events.emit({ name: 'signIn.changed', payload: status });
  }

  #failure(error: unknown): SignInStatus {
    if (error instanceof Cancelled) return IDLE;
    if (error instanceof AppError) return { state: 'failed', error: error.toWire(), expiresAt: null };
    this.#dependencies.logger.error('the sign-in failed unexpectedly', { error });
    const failure = new AppError('sign-in/failed', 'The sign-in failed.');
    return { state: 'failed', error: failure.toWire(), expiresAt: null };
  }
}

/** An outcome, not an error: nobody is told of it. */
class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

function cancelled(): Cancelled {
  return new Cancelled('The sign-in was cancelled.');
}

function expired(): AppError {
  return new AppError('sign-in/expired', 'Nobody came back from the browser in time.');
}

function codeOf(answer: CallbackAnswer): string {
  switch (answer.kind) {
    case 'code':
      return answer.code;
    case 'denied':
      throw new AppError('sign-in/denied', 'The sign-in was declined in the browser.');
    case 'failed':
      throw new AppError('sign-in/failed', 'The browser came back with an error.');
  }
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject);
  });
}
