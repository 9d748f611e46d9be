import type { Locator, Page } from '@playwright/test';
import { expect, type RunningLatchkey } from '../e2e/fixtures.ts';
import { interceptBrowser } from '../e2e/intercept-browser.ts';
import type { OpenRouterServer } from '../harness/openrouter-server.ts';
import { approve, navigate } from '../harness/play-browser.ts';

/** What a sign-in exchanged, all of which is to be searched for. */
export interface Exchanged {
  readonly key: string;
  readonly code: string;
  readonly verifier: string;
}

/** Signs in from `place` (the welcome page or a dialog), with the test as the browser, until a key was minted. */
export async function signInJourney(
  latchkey: RunningLatchkey,
  place: Page | Locator,
  openRouter: OpenRouterServer,
): Promise<Exchanged> {
  const opened = await interceptBrowser(latchkey.electron);
  const count = openRouter.minted.length;
  await place.getByRole('button', { name: 'Sign in with OpenRouter' }).click();
  await expect(place.getByRole('status', { name: 'Sign-in status' })).toHaveText(/Waiting/);
  await navigate(await approve((await opened())[0] ?? ''));
  await expect.poll(() => openRouter.minted.length).toBe(count + 1);
  // Gone when the card is: the key is in the vault, or the connection's former one was replaced.
  await expect(place.getByRole('status', { name: 'Sign-in status' })).toHaveCount(0);
  const sent = JSON.parse(openRouter.exchanges.at(-1)?.body ?? '{}') as Record<string, string>;
  const [key = '', code = '', verifier = ''] = [
    openRouter.minted.at(-1),
    sent['code'],
    sent['code_verifier'],
  ];
  expect([key, code, verifier].filter((secret) => secret.length < 30)).toEqual([]);
  return { key, code, verifier };
}
