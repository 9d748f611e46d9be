import path from 'node:path';
import { AppError } from '../../electron/contract/app-error.ts';
import type { Backup } from '../../electron/contract/model/backup.ts';
import type { FileSystem } from '../../electron/core/history/files/file-system.ts';
import type { HistoryDatabase } from '../../electron/core/history/history-database.ts';
import {
  damagePage,
  integrityOf,
  jobHere,
  NOW,
  openHere,
  pagesOf,
  toEnd,
} from '../integration/history/history-lab.ts';
import { startOf } from '../integration/history/open-test-history.ts';

/** What a run in which calls failed came to. */
export interface RunOutcome {
  /** Steps that were refused, with the code. */
  readonly refusals: readonly string[];
  /** What should not have happened, in words; empty when all is well. */
  readonly problems: readonly string[];
}

interface Scene {
  readonly file: string;
  readonly files: FileSystem | undefined;
  /** Restored, repaired and reopened along the way. */
  database: HistoryDatabase | null;
}

type Step = readonly [name: string, run: (scene: Scene) => void];

const IDS = Array.from({ length: 8 }, (_, index) => `d0000000-0000-4000-8000-00000000000${index}`);

/**
 * A life of a history: questions, answers, a deletion, backups, a restoration, a repair. A step that is refused is tried once
 * more after `heal`, as a person would, and must then succeed; nothing that was there may be lost.
 */
export function runScript(
  file: string,
  options: { readonly heal: () => void; readonly files?: FileSystem; readonly isShort?: boolean },
): RunOutcome {
  const scene: Scene = { file, files: options.files, database: null };
  const refusals: string[] = [];
  const problems: string[] = [];
  for (const [name, run] of options.isShort === true ? steps.slice(0, SHORT_STEPS) : steps) {
    try {
      run(scene);
    } catch (error) {
      const isExpected = error instanceof AppError && error.code.startsWith('storage/');
      if (isExpected) refusals.push(`${name}: ${error.code}`);
      else problems.push(`${name}: ${String(error)}`);
      options.heal();
      try {
        run(scene);
      } catch (again) {
        problems.push(`${name}, once the cause was gone: ${String(again)}`);
      }
    }
  }
  options.heal();
  scene.database?.close();
  problems.push(...lookAt(file));
  return { refusals, problems };
}

/** Question 1 was deleted; all else must be there, whole. */
function lookAt(file: string): string[] {
  const problems: string[] = [];
  const database = openHere(file);
  database.interruptUnfinished();
  for (const index of [0, 2]) {
    const { userMessage, assistantMessage } = startAt(index);
    if (database.findMessage(userMessage.id)?.text !== userMessage.text)
      problems.push(`question ${index} is lost`);
    if (database.findMessage(assistantMessage.id)?.text !== answerAt(index))
      problems.push(`answer ${index} is lost`);
  }
  database.close();
  const verdict = integrityOf(file);
  if (verdict !== 'ok') problems.push(verdict);
  return problems;
}

function startAt(index: number) {
  const start = startOf(IDS[index] ?? '', `question ${index} ${'words '.repeat(index * 200)}`);
  const userMessage = { ...start.userMessage, id: IDS[index + 3] ?? '' };
  const id = `e0000000-0000-4000-8000-00000000000${index}`;
  return {
    ...start,
    userMessage,
    assistantMessage: { ...start.assistantMessage, id, parentId: userMessage.id },
  };
}

function answerAt(index: number): string {
  return `one ${index} ${'two '.repeat(900)}`;
}

function ask(index: number): readonly Step[] {
  const { assistantMessage } = startAt(index);
  const { id: messageId } = assistantMessage;
  return [
    [`ask ${index}`, ({ database }) => database?.startReply(startAt(index))],
    [`chunk ${index} a`, ({ database }) => database?.appendChunk(messageId, `one ${index} `)],
    [`chunk ${index} b`, ({ database }) => database?.appendChunk(messageId, 'two '.repeat(900))],
    [
      `end ${index}`,
      ({ database }) =>
        database?.endReply({ messageId, state: 'done', error: null, usage: null, endedAt: NOW }),
    ],
  ];
}

const open: Step = [
  'open',
  (scene) => {
    scene.database ??= openHere(scene.file, scene.files);
  },
];

const close: Step = [
  'close',
  (scene) => {
    scene.database?.close();
    scene.database = null;
  },
];

function job(kind: 'make-daily-backup' | 'purge-backups' | 'check'): Step {
  return [kind, ({ file, files }) => void jobHere(file, { kind }, NOW, files)];
}

/** As far as these a run goes whose files cannot grow. */
const SHORT_STEPS = 13;

const steps: readonly Step[] = [
  open,
  ...ask(0),
  ...ask(1),
  ...ask(2).slice(0, 4),
  job('make-daily-backup'),
  ['remove 1', ({ database }) => database?.removeConversation(IDS[1] ?? '', 1)],
  ['delete for good', ({ database }) => void (database !== null && toEnd(database.purgeRemoved(1)))],
  job('purge-backups'),
  close,
  [
    'ask for a restoration',
    ({ file, files }) => {
      const [backup] = jobHere(file, { kind: 'list-backups' }, NOW, files) as Backup[];
      jobHere(file, { kind: 'request-restore', name: backup?.name ?? '' }, NOW, files);
    },
  ],
  open,
  close,
  [
    'meet damage',
    ({ file }) => {
      const page = pagesOf(file).find(({ name }) => name === 'sqlite_autoindex_messages_1')?.page;
      if (page === undefined) return;
      try {
        damagePage(file, page);
      } catch {
        // The failure hit the experiment instead of the program; it comes once only.
        damagePage(file, page);
      }
    },
  ],
  job('check'),
  open,
];

/** The folder a run is made in. */
export function profileIn(folder: string, run: number): string {
  return path.join(folder, `run-${run}`, 'history.sqlite');
}
