import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { LLMock } from '@copilotkit/aimock';
import { test as base, expect, type Page } from '@playwright/test';
import type { WireEvent } from '../../electron/contract/contract.ts';
import type { WireError } from '../../electron/contract/app-error.ts';
import type { WindowKind } from '../../electron/contract/define-route.ts';
import { OPEN_POLICY, type Policy } from '../../electron/core/policy/policy.ts';
import { createTestCore, type TestCore } from '../harness/create-test-core.ts';
import { startOpenRouterServer, type OpenRouterServer } from '../harness/openrouter-server.ts';
import { temporaryFolder } from '../harness/temporary-folder.ts';
import { startStaticServer } from './static-server.ts';

const RENDERER = fileURLToPath(new URL('../../out/renderer', import.meta.url));

/** What a browser-tier test works with: the real renderer, the real router behind it, a real server behind that. */
export interface WebFixtures {
  /** An OpenAI-compatible server on loopback. */
  readonly server: LLMock;
  /** Where signing in with OpenRouter leads. */
  readonly openRouter: OpenRouterServer;
  readonly app: TestCore;
  /** None, unless a test brings its own. */
  readonly policy: Policy | WireError;
  /** The chat window, open and loaded. */
  readonly chat: Page;
  /** Presses what opens the key window and returns its page. */
  readonly openKeyWindow: (opener: () => Promise<void>) => Promise<Page>;
  /** Complaints of the pages: console errors, thrown errors, policy violations. Must stay empty. */
  readonly complaints: string[];
}

/** Playwright's `test` with Latchkey's renderer in system Chromium. */
export const test = base.extend<WebFixtures & { origin: string; folder: string }, { staticOrigin: string }>({
  staticOrigin: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixtures' names from the pattern
    async ({}, use) => {
      const server = await startStaticServer(RENDERER);
      await use(server.origin);
      await server.stop();
    },
    { scope: 'worker' },
  ],
  origin: async ({ staticOrigin }, use) => {
    await use(staticOrigin);
  },
  // eslint-disable-next-line no-empty-pattern -- as above
  folder: async ({}, use) => {
    const folder = temporaryFolder();
    await use(folder.path);
    folder.remove();
  },
  // eslint-disable-next-line no-empty-pattern -- as above
  server: async ({}, use) => {
    const server = new LLMock({ port: 0 });
    await server.start();
    await use(server);
    await server.stop();
  },
  // eslint-disable-next-line no-empty-pattern -- as above
  openRouter: async ({}, use) => {
    const openRouter = await startOpenRouterServer();
    await use(openRouter);
    await openRouter.stop();
  },
  // eslint-disable-next-line no-empty-pattern -- as above
  policy: async ({}, use) => {
    await use(OPEN_POLICY);
  },
  app: async ({ folder, server, openRouter, policy }, use) => {
    const app = await createTestCore({
      folder,
      demoBaseUrl: `${server.url}/v1`,
      openRouterOrigin: openRouter.origin,
      policy,
    });
    await use(app);
    await app.stop();
  },
  // eslint-disable-next-line no-empty-pattern -- as above
  complaints: async ({}, use) => {
    const complaints: string[] = [];
    await use(complaints);
    expect(complaints, 'console errors, thrown errors and policy violations').toEqual([]);
  },
  chat: async ({ page, app, origin, complaints }, use) => {
    await attachBridge(page, app, 'chat');
    await servePictures(page, app);
    collectComplaints(page, complaints);
    await page.goto(`${origin}/index.html`);
    await use(page);
  },
  openKeyWindow: async ({ context, app, origin, complaints }, use) => {
    await use(async (opener) => {
      const opened = new Promise<void>((resolve) => {
        app.keyWindow.onOpened(resolve);
      });
      await opener();
      await opened;
      const page = await context.newPage();
      await page.setViewportSize({ width: 480, height: 640 });
      await attachBridge(page, app, 'key');
      collectComplaints(page, complaints);
      app.keyWindow.onClosed(() => void page.close());
      await page.goto(`${origin}/key.html`);
      return page;
    });
  },
});

export { expect };

/** Puts the same `Bridge` on the page that Electron's preload does, with the real router at the other end. */
async function attachBridge(page: Page, app: TestCore, kind: WindowKind): Promise<void> {
  await page.exposeBinding('latchkeyRequest', (_source, route: string, input: unknown) =>
    app.core.router.dispatch({ kind, id: 1 }, route, input),
  );
  await page.addInitScript(() => {
    const listeners = new Set<(event: unknown) => void>();
    const scope = window as unknown as Record<string, unknown> & {
      latchkeyRequest(route: string, input: unknown): Promise<unknown>;
    };
    const { latchkeyRequest } = scope;
    scope['latchkeyEmit'] = (event: unknown) => {
      for (const listener of listeners) listener(event);
    };
    scope['latchkey'] = {
      request: (route: string, input: unknown) => latchkeyRequest(route, input),
      subscribe: (listener: (event: unknown) => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
  });
  if (kind === 'key') return;
  let lastSent: Promise<unknown> = Promise.resolve();
  app.events.subscribe((event) => {
    lastSent = lastSent.then(() => sendEvent(page, event));
  });
}

/** As the app's own protocol does. */
async function servePictures(page: Page, app: TestCore): Promise<void> {
  await page.route(/\/attachments\/[0-9a-f]{64}$/, async (route) => {
    const hash = route.request().url().slice(-64);
    const picture = await app.core.attachments.readPicture(hash);
    if (picture === null) return route.fulfill({ status: 404 });
    return route.fulfill({ body: Buffer.from(picture.bytes), contentType: picture.mediaType });
  });
}

async function sendEvent(page: Page, event: WireEvent): Promise<void> {
  if (page.isClosed()) return;
  await page
    .evaluate((payload) => {
      (window as unknown as { latchkeyEmit?: (event: unknown) => void }).latchkeyEmit?.(payload);
    }, event)
    .catch((error: unknown) => {
      // A page that is closing or reloading misses events, as a window would; it re-attaches when it is back.
      // A test may end while a reply it did not wait for goes on.
      if (!/closed|destroyed|navigation|detached|test ended/i.test(String(error))) throw error;
    });
}

function collectComplaints(page: Page, complaints: string[]): void {
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`));
}

/** Fails on any accessibility violation axe can find on the page as it is. */
export async function expectAccessible(page: Page): Promise<void> {
  // axe's own script must get past the page's policy, and Playwright runs it in the page's world without one.
  const { violations } = await new AxeBuilder({ page }).analyze();
  const summary = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  );
  expect(summary).toEqual([]);
}

/** Adds the demo connection and waits for the composer. */
export async function startWithDemo(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Use local demo' }).click();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeVisible();
}

/** Types and sends a message. */
export async function send(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
}
