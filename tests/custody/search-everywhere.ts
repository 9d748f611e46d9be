import type { LatchkeyProfile, RunningLatchkey } from '../e2e/fixtures.ts';
import type { RawServer } from '../harness/raw-server.ts';
import { coreFilesIn } from './core-files.ts';
import { classifyProcesses } from './classify-processes.ts';
import { withExports } from './make-exports.ts';
import { listFilesElsewhere, listOpenFilesElsewhere, listOwnFiles, searchFiles } from './search-files.ts';
import { countForms, scanProcessMemory } from './scan-process-memory.ts';
import { processTree } from './process-tree.ts';
import { readChatPage, readTranscript } from './tap-chat-window.ts';

/** What was found in one place. */
export interface PlaceReport {
  /** One of `custodyPlaces`. */
  readonly place: string;
  /** What was looked at, in words. */
  readonly searched: string;
  readonly hits: number;
}

/** What is being watched for a canary. */
export interface CanaryWatch {
  readonly canary: string;
  readonly latchkey: RunningLatchkey;
  readonly profile: LatchkeyProfile;
  /** A server nobody should ever ask. */
  readonly foreignServer: RawServer;
  /** Milliseconds since the epoch: files changed before are none of the app's. */
  readonly since: number;
}

type Search = (watch: CanaryWatch) => PlaceReport | Promise<PlaceReport>;

/** The search of each place while the app runs. `output`, files and the foreign server can be searched after its end too. */
const SEARCHES: Readonly<Record<string, Search>> = {
  'chat-memory': (watch) => searchMemory(watch, 'chat-memory'),
  'gpu-memory': (watch) => searchMemory(watch, 'gpu-memory'),
  'utility-memory': (watch) => searchMemory(watch, 'utility-memory'),
  'other-memory': (watch) => searchMemory(watch, 'other-memory'),
  async ipc({ latchkey, canary }) {
    const transcript = await readTranscript(latchkey.electron);
    return report('ipc', `${transcript.length} messages`, countForms(transcript.join('\n'), canary));
  },
  async dom({ latchkey, canary }) {
    const page = await readChatPage(latchkey.electron);
    return report('dom', 'page, title, fields, storage', countForms(page, canary));
  },
  export: ({ latchkey, profile, canary }) =>
    withExports(latchkey, profile, (folder) => reportFiles('export', listOwnFiles(folder).files, canary)),
  arguments: (watch) => searchProcesses(watch, 'commandLine', 'arguments'),
  environment: (watch) => searchProcesses(watch, 'environment', 'environment'),
};

const SEARCHES_AFTER_THE_END: Readonly<Record<string, Search>> = {
  output: ({ latchkey, canary }) => {
    const text = latchkey.output();
    return report('output', `stdout and stderr, ${text.length} characters`, countForms(text, canary));
  },
  files: ({ profile, canary }) => reportFiles('files', listOwnFiles(profile.folder).files, canary),
  'files-elsewhere': ({ profile, since, canary }) =>
    reportFiles('files-elsewhere', listFilesElsewhere(profile.folder, since), canary),
  logs: ({ profile, canary }) => reportFiles('logs', listOwnFiles(profile.folder).logs, canary),
  'core-file': ({ profile, canary }) => reportFiles('core-file', coreFilesIn(profile.folder), canary),
  'foreign-server': ({ foreignServer, canary }) => {
    const received = foreignServer.requests.map(({ head, body }) => head + body);
    return report('foreign-server', `${received.length} requests`, countForms(received.join('\n'), canary));
  },
};

/** Looks everywhere while the app runs. Of the files elsewhere only at those that are open: the rest is for the end. */
export function searchEverywhere(watch: CanaryWatch): Promise<readonly PlaceReport[]> {
  return search({ ...SEARCHES, ...SEARCHES_AFTER_THE_END, 'files-elsewhere': searchOpenFiles }, watch);
}

/** Looks everywhere but in memory, which takes the longest. */
export function searchBesidesMemory(watch: CanaryWatch): Promise<readonly PlaceReport[]> {
  const besides = Object.entries({
    ...SEARCHES,
    ...SEARCHES_AFTER_THE_END,
    'files-elsewhere': searchOpenFiles,
  });
  return search(Object.fromEntries(besides.filter(([place]) => !place.endsWith('-memory'))), watch);
}

/** Looks in one place, as thoroughly as can be. */
export function searchPlace(watch: CanaryWatch, place: string): Promise<readonly PlaceReport[]> {
  const look = { ...SEARCHES, ...SEARCHES_AFTER_THE_END }[place];
  if (look === undefined) throw new Error(`there is no place ${place}`);
  return search({ [place]: look }, watch);
}

/** Looks at what an app that has ended left behind. */
export function searchRemains(watch: CanaryWatch): Promise<readonly PlaceReport[]> {
  return search(SEARCHES_AFTER_THE_END, watch);
}

const searchOpenFiles: Search = ({ profile, latchkey, canary }) => {
  const files = listOpenFilesElsewhere(profile.folder, latchkey.pid);
  const found = reportFiles('files-elsewhere', files, canary);
  return { ...found, searched: `open now: ${found.searched}` };
};

async function search(
  searches: Readonly<Record<string, Search>>,
  watch: CanaryWatch,
): Promise<readonly PlaceReport[]> {
  const reports: PlaceReport[] = [];
  // One after the other: while one reads gigabytes of memory, the next has nothing to gain.
  for (const look of Object.values(searches)) reports.push(await look(watch));
  return reports;
}

async function searchMemory(
  { latchkey, canary }: CanaryWatch,
  place: 'chat-memory' | 'gpu-memory' | 'utility-memory' | 'other-memory',
): Promise<PlaceReport> {
  const processes = await classifyProcesses(latchkey);
  const scans = processes[place].map((pid) => scanProcessMemory(pid, canary));
  const sum = (key: 'bytes' | 'mappings') => scans.reduce((total, scan) => total + scan[key], 0);
  return report(
    place,
    `${countOf(scans.length, 'process', 'processes')}, ${sum('mappings')} mappings, ${Math.round(sum('bytes') / 1e6)} MB`,
    scans.reduce((total, scan) => total + scan.hits.length, 0),
  );
}

function searchProcesses(
  { latchkey, canary }: CanaryWatch,
  part: 'commandLine' | 'environment',
  place: string,
): PlaceReport {
  const tree = processTree(latchkey.pid);
  const hits = tree.reduce((total, facts) => total + countForms(facts[part], canary), 0);
  return report(place, countOf(tree.length, 'process', 'processes'), hits);
}

function reportFiles(place: string, files: readonly string[], canary: string): PlaceReport {
  const { bytes, hits } = searchFiles(files, canary);
  return report(place, `${countOf(files.length, 'file', 'files')}, ${Math.ceil(bytes / 1000)} kB`, hits);
}

function countOf(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function report(place: string, searched: string, hits: number): PlaceReport {
  return { place, searched, hits };
}
