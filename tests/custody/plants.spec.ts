import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { custodyPlaces } from '../../scripts/proof/custody-places.mjs';
import type { CustodyRow } from '../../scripts/proof/custody-report.mjs';
import { proves } from '../harness/proves.ts';
import { PLANTS } from './plants.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** As many at a time: a run waits for windows as long as it computes. */
const AT_ONCE = 3;

test.skip(process.env['LATCHKEY_PLANT'] !== undefined, 'a planted run is one of those that are started here');

test('every place has a plant', () => {
  expect(Object.keys(PLANTS).toSorted()).toEqual([...custodyPlaces].toSorted());
});

test(
  'npm run test:custody -- --plant PLACE fails for every place, because of that place',
  proves('search-finds'),
  async () => {
    test.setTimeout(900_000);
    const waiting = [...custodyPlaces];
    const outcomes: Record<string, unknown> = {};
    const work = async (): Promise<void> => {
      for (let place = waiting.shift(); place !== undefined; place = waiting.shift())
        outcomes[place] = await runPlanted(place);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    expect(outcomes).toEqual(
      Object.fromEntries(custodyPlaces.map((place) => [place, { code: 1, foundIn: [place] }])),
    );
  },
);

/** The command itself, on what is built: its exit code, and where it says that it found the key. */
async function runPlanted(
  place: string,
): Promise<{ readonly code: unknown; readonly foundIn: readonly string[] }> {
  const command = ['scripts/test-custody.mjs', '--prepared', '--plant', place];
  const child = spawn(process.execPath, command, { cwd: REPOSITORY, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  expect(output, 'what the command prints').toContain(`| ${place}`);
  const rows = JSON.parse(
    readFileSync(`${REPOSITORY}/out/test/plants/${place}/custody-report.json`, 'utf8'),
  ) as CustodyRow[];
  return { code, foundIn: rows.filter(({ hits }) => hits > 0).map((row) => row.place) };
}
