import { randomBytes } from 'node:crypto';
import { custodyAttachment } from '../../scripts/proof/custody-report.mjs';
import { expect, test as base, type LaunchOptions, type RunningLatchkey } from '../e2e/fixtures.ts';
import { startRawServer } from '../harness/raw-server.ts';
import { allowCoreFiles, forbidCoreFiles } from './core-files.ts';
import { PLANTS } from './plants.ts';
import {
  searchBesidesMemory,
  searchEverywhere,
  searchPlace,
  searchRemains,
  type CanaryWatch,
  type PlaceReport,
} from './search-everywhere.ts';
import { tapChatWindow } from './tap-chat-window.ts';

// One file per journey of a key: typed-key, pasted-key, hostile-server, crashes. A new way for a key to come in or to go out
// (signing in with a provider, an export) gets a file of its own here, on the same `startJourney`.

/** `npm run test:custody -- --plant PLACE`: the key is leaked there at the first look, and only that place is searched. */
const PLANT = process.env['LATCHKEY_PLANT'];

/** One way of a key through the app, with the moments at which it is searched for. */
export interface Journey {
  /** A key nobody else has: it is made anew for each run, and is in no source and no cache of a compiler. */
  readonly canary: string;
  readonly lastFour: string;
  readonly latchkey: RunningLatchkey;
  readonly watch: CanaryWatch;
  /** Looks everywhere, while the app runs, for the canary or for other secrets. Fails on any hit. */
  look(moment: string, secrets?: readonly string[]): Promise<void>;
  /** Looks everywhere but in memory. Fails on any hit. */
  glance(moment: string, secrets?: readonly string[]): Promise<void>;
  /** Looks at what an app that has ended left behind. Fails on any hit. */
  lookAtRemains(moment: string, secrets?: readonly string[]): Promise<void>;
}

/** How a journey starts. */
export interface JourneyOptions {
  readonly canary?: string;
  readonly launch?: LaunchOptions;
}

interface JourneyFixtures {
  /** Starts the app and watches it. */
  readonly startJourney: (options?: JourneyOptions) => Promise<Journey>;
  /** One that was started in the usual way. */
  readonly journey: Journey;
  /** Whether processes that crash leave core files. */
  readonly leavesCores: boolean;
}

/** Playwright's `test` with a journey. What was searched and found is attached to the runner's report. */
export const test = base.extend<JourneyFixtures>({
  leavesCores: [false, { option: true }],

  startJourney: async ({ profile, leavesCores }, use, info) => {
    const foreignServer = await startRawServer((_request, socket) => socket.end());
    const rows: (PlaceReport & { readonly moment: string })[] = [];
    const note = (moment: string, reports: readonly PlaceReport[]): void => {
      rows.push(...reports.map((report) => ({ moment, ...report })));
      expect(reports.filter(({ hits }) => hits > 0)).toEqual([]);
    };
    await use(async ({ canary = makeCanary(), launch } = {}) => {
      const since = Date.now();
      if (leavesCores) allowCoreFiles();
      const latchkey = await profile.launch(launch);
      if (leavesCores) forbidCoreFiles();
      await tapChatWindow(latchkey.electron);
      const watch: CanaryWatch = { canary, latchkey, profile, foreignServer, since };
      let isPlanted = false;
      const look = async (moment: string, secrets: readonly string[], search: typeof searchEverywhere) => {
        if (PLANT !== undefined && !isPlanted) await PLANTS[PLANT]?.(watch);
        isPlanted = true;
        for (const secret of secrets) {
          const each = { ...watch, canary: secret };
          note(moment, await (PLANT === undefined ? search(each) : searchPlace(each, PLANT)));
        }
      };
      return {
        canary,
        lastFour: canary.slice(-4),
        latchkey,
        watch,
        look: (moment, secrets = [canary]) => look(moment, secrets, searchEverywhere),
        glance: (moment, secrets = [canary]) => look(moment, secrets, searchBesidesMemory),
        async lookAtRemains(moment, secrets = [canary]) {
          for (const secret of secrets) note(moment, await searchRemains({ ...watch, canary: secret }));
        },
      };
    });
    await info.attach(custodyAttachment, { body: JSON.stringify(rows), contentType: 'application/json' });
    await foreignServer.stop();
  },

  journey: async ({ startJourney }, use) => {
    await use(await startJourney());
  },
});

export { expect };

/** Shaped like a key, and typed by real key events: letters and digits only after the prefix. */
export function makeCanary(): string {
  const letters = randomBytes(64)
    .toString('base64')
    .replaceAll(/[^A-Za-z0-9]/g, '');
  return `sk-canary-${letters.slice(0, 24)}-${letters.slice(24, 28)}`;
}
