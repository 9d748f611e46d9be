import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { Result } from '../../electron/contract/app-error.ts';
import type { RouteInput, RouteName, RouteOutput } from '../../electron/contract/contract.ts';
import { proves } from '../harness/proves.ts';
import { applyDamage, hitsEntry, spreadDamage, type Damage } from '../harness/damage.ts';
import {
  clickAndSeeClosed,
  enterKey,
  expect,
  fillConnection,
  test,
  typeKey,
  type LatchkeyProfile,
} from './fixtures.ts';

/** Set by `npm run test:damage`. */
const CASES = Number(process.env['LATCHKEY_DAMAGE_CASES'] ?? 12);
const FILES = ['vault.json', 'connections.json', 'settings.json'] as const;
/** Each part is one test with a profile and a keyring of its own. */
const PARTS = Math.min(CASES, CASES > 12 ? 24 : 2);

type ProfileFile = (typeof FILES)[number];

interface DamagedFile extends Damage {
  readonly file: ProfileFile;
}

/** A profile with two saved keys, as bytes. */
type Snapshot = Readonly<Record<ProfileFile, Buffer>>;

interface SavedConnection {
  readonly id: string;
  readonly cipherText: string;
}

test.describe.configure({ mode: 'parallel' });

for (let part = 0; part < PARTS; part += 1) {
  test(
    `a damaged profile starts, says so, and loses no undamaged key (part ${part + 1} of ${PARTS})`,
    proves('never-destroyed'),
    async ({ profile, server }) => {
      test.setTimeout(60_000 + Math.ceil(CASES / PARTS) * 30_000);
      await saveTwoKeys(profile, `${server.url}/v1`);
      const snapshot = takeSnapshot(profile);
      const saved = savedConnections(snapshot);
      for (const damage of casesOf(part, snapshot)) {
        // One line of the table that the command prints.
        const outcome = await test.step(describeCase(damage), () =>
          startOn(profile, snapshot, saved, damage),
        );
        process.stdout.write(`damage ${describeCase(damage)}  ${outcome}\n`);
      }
    },
  );
}

/** Starts the app on the damaged profile, and sees that it did what it could. */
async function startOn(
  profile: LatchkeyProfile,
  snapshot: Snapshot,
  saved: readonly SavedConnection[],
  damage: DamagedFile,
): Promise<string> {
  const damaged = applyDamage(snapshot[damage.file], damage);
  restore(profile, { ...snapshot, [damage.file]: damaged });
  const latchkey = await profile.launch();
  const { chat } = latchkey;
  await expect(
    chat
      .getByRole('textbox', { name: 'Message' })
      .or(chat.getByRole('heading', { name: 'Welcome to Latchkey' })),
  ).toBeVisible();

  const isWhole = (file: ProfileFile, mark: string): boolean =>
    damage.file !== file || !hitsEntry(snapshot[file], mark, damage);
  const expected = saved.filter(({ id }) => isWhole('vault.json', id) && isWhole('connections.json', id));
  await expect
    .poll(async () => {
      const connections = await request(chat, 'connections.list', {});
      return connections.filter(({ key }) => key?.state === 'ok').map(({ id }) => id);
    })
    .toEqual(expect.arrayContaining(expected.map(({ id }) => id)));
  for (const { id } of expected)
    expect(await request(chat, 'keys.test', { connectionId: id })).toHaveProperty('modelCount');

  const isReadable = isJson(damaged);
  if (!isReadable) await expect(chat.getByRole('alert').first()).toContainText(/damaged/);
  await latchkey.quit();

  const aside = asideOf(profile, damage.file);
  if (!isReadable) expect(aside.map((bytes) => bytes.equals(damaged))).toEqual([true]);
  const left = readFileSync(path.join(profile.profileFolder, 'vault.json'), 'latin1');
  for (const { id, cipherText } of saved) if (isWhole('vault.json', id)) expect(left).toContain(cipherText);
  return `${expected.length} of 2 keys usable, ${aside.length === 0 ? 'read as it is' : 'set aside and said'}`;
}

function casesOf(part: number, snapshot: Snapshot): readonly DamagedFile[] {
  // The vault gets half of them.
  const counts = { 'connections.json': Math.floor(CASES / 3), 'settings.json': Math.floor(CASES / 6) };
  const all = FILES.flatMap((file) => {
    const count =
      file === 'vault.json' ? CASES - counts['connections.json'] - counts['settings.json'] : counts[file];
    return spreadDamage(count, snapshot[file].length).map((damage) => ({ ...damage, file }));
  });
  return all.filter((_, index) => index % PARTS === part);
}

function describeCase({ file, kind, position, bit }: DamagedFile): string {
  const what = kind === 'cut' ? 'cut at byte' : `bit ${bit} of byte`;
  return `${file.padEnd(17)} ${what.padEnd(13)} ${String(position).padStart(5)}`;
}

async function saveTwoKeys(profile: LatchkeyProfile, baseUrl: string): Promise<void> {
  const latchkey = await profile.launch();
  await enterKey(latchkey, { baseUrl, key: 'sk-test-0123456789-abcdefghij-one1', label: 'one' });
  await latchkey.chat.keyboard.press('Control+,');
  const dialog = latchkey.chat.getByRole('dialog', { name: 'Settings' });
  const keyWindow = await latchkey.openKeyWindow(() =>
    dialog.getByRole('button', { name: 'Add API key' }).click(),
  );
  await fillConnection(keyWindow, { baseUrl, label: 'two' });
  await typeKey(keyWindow, 'sk-test-0123456789-abcdefghij-two2');
  await clickAndSeeClosed(keyWindow, 'Save key');
  await request(latchkey.chat, 'settings.change', { theme: 'dark', textSizePx: 17 });
  await latchkey.quit();
}

function takeSnapshot(profile: LatchkeyProfile): Snapshot {
  const read = (file: ProfileFile) => readFileSync(path.join(profile.profileFolder, file));
  return {
    'vault.json': read('vault.json'),
    'connections.json': read('connections.json'),
    'settings.json': read('settings.json'),
  };
}

function savedConnections(snapshot: Snapshot): readonly SavedConnection[] {
  // `as`: the app wrote it.
  const { keys } = JSON.parse(snapshot['vault.json'].toString()) as {
    readonly keys: readonly { readonly connectionId: string; readonly cipherText: string }[];
  };
  expect(keys).toHaveLength(2);
  return keys.map(({ connectionId, cipherText }) => ({ id: connectionId, cipherText }));
}

function restore(profile: LatchkeyProfile, files: Snapshot): void {
  for (const name of readdirSync(profile.profileFolder))
    if (name.includes('.damaged-')) rmSync(path.join(profile.profileFolder, name));
  for (const file of FILES) writeFileSync(path.join(profile.profileFolder, file), files[file]);
}

function asideOf(profile: LatchkeyProfile, file: ProfileFile): readonly Buffer[] {
  return readdirSync(profile.profileFolder)
    .filter((name) => name.startsWith(`${path.basename(file, '.json')}.damaged-`))
    .map((name) => readFileSync(path.join(profile.profileFolder, name)));
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

/** Calls a route as the chat window does. */
async function request<R extends RouteName>(
  page: Page,
  route: R,
  input: RouteInput<R>,
): Promise<RouteOutput<R>> {
  const result = await page.evaluate(
    ([name, value]) => {
      const { latchkey } = window as unknown as {
        latchkey: { request(route: string, input: unknown): Promise<unknown> };
      };
      return latchkey.request(name, value);
    },
    [route, input] as const,
  );
  // `as`: main's envelope for this route.
  const answer = result as Result<RouteOutput<R>>;
  if (!answer.ok) throw new Error(`${route}: ${answer.error.code}`);
  return answer.value;
}
