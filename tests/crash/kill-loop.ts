import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { integrityOf, openHere, NOW } from '../integration/history/history-lab.ts';
import { temporaryFolder } from '../harness/temporary-folder.ts';

/** As long as the answers of stream-for-ever.ts. */
const WORDS_PER_ANSWER = 300;

/** What killing a program that streams came to. */
export interface KillReport {
  readonly kills: number;
  readonly questions: number;
  readonly answersCut: number;
  readonly lostQuestions: number;
  readonly damagedAnswers: number;
  readonly corruptDatabases: number;
  readonly worstMissingMs: number;
  readonly worstMissingBytes: number;
}

interface Life {
  readonly questions: readonly { readonly id: string; readonly answerId: string; readonly text: string }[];
  readonly endedAnswers: ReadonlySet<string>;
  /** When each word of the running answer arrived. */
  readonly words: readonly number[];
}

/** Kills a real program with SIGKILL in the middle of an answer, again and again on one profile, and looks at what is left. */
export async function killLoop(
  kills: number,
  onKill: (count: number) => void = () => undefined,
): Promise<KillReport> {
  const folder = temporaryFolder();
  const file = path.join(folder.path, 'history.sqlite');
  const random = seeded(20_261_125);
  const questions = new Map<string, string>();
  const report = {
    answersCut: 0,
    damagedAnswers: 0,
    corruptDatabases: 0,
    worstMissingMs: 0,
    worstMissingBytes: 0,
  };
  for (let count = 1; count <= kills; count += 1) {
    const life = await liveAndDie(folder.path, 20 + random() * 1_500);
    for (const { id, text } of life.questions) questions.set(id, text);
    const left = inspect(file, life);
    report.answersCut += left.isCut ? 1 : 0;
    report.damagedAnswers += left.damagedAnswers;
    report.corruptDatabases += left.isCorrupt ? 1 : 0;
    report.worstMissingMs = Math.max(report.worstMissingMs, left.missingMs);
    report.worstMissingBytes = Math.max(report.worstMissingBytes, left.missingBytes);
    onKill(count);
  }
  const database = openHere(file);
  const lostQuestions = [...questions].filter(([id, text]) => database.findMessage(id)?.text !== text).length;
  database.close();
  folder.remove();
  return { kills, questions: questions.size, lostQuestions, ...report };
}

function liveAndDie(folder: string, lifeMs: number): Promise<Life> {
  const script = fileURLToPath(new URL('./stream-for-ever.ts', import.meta.url));
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let complaints = '';
  let timer: NodeJS.Timeout | undefined;
  child.stderr.on('data', (bytes: Buffer) => (complaints += bytes.toString()));
  return new Promise((resolve, reject) => {
    child.stdout.on('data', (bytes: Buffer) => {
      output += bytes.toString();
      if (output.includes('asked')) timer ??= setTimeout(() => child.kill('SIGKILL'), lifeMs);
    });
    child.on('error', reject);
    child.on('close', (_code, signal) => {
      if (signal === 'SIGKILL') resolve(readLife(output));
      else reject(new Error(`the program ended by itself: ${complaints || output.slice(-500)}`));
    });
  });
}

function readLife(output: string): Life {
  const questions: { id: string; answerId: string; text: string }[] = [];
  const endedAnswers = new Set<string>();
  let words: number[] = [];
  // The last line may be half a one.
  for (const line of output.split('\n').slice(0, -1)) {
    const [verb, ...rest] = line.split(' ');
    if (verb === 'asked') {
      const [id, answerId, text] = JSON.parse(rest.join(' ')) as [string, string, string];
      questions.push({ id, answerId, text });
    } else if (verb === 'ended') {
      endedAnswers.add(rest[0] ?? '');
      words = [];
    } else if (verb === 'got') {
      if (rest[0] === '0') words = [];
      words.push(Number(rest[1]));
    }
  }
  return { questions, endedAnswers, words };
}

function inspect(file: string, life: Life) {
  const database = openHere(file, undefined, NOW);
  const { repair } = database.startReport();
  database.interruptUnfinished();
  const whole = wordsUpTo(WORDS_PER_ANSWER);
  let damagedAnswers = 0;
  let isCut = false;
  let missingMs = 0;
  let missingBytes = 0;
  for (const { answerId } of life.questions) {
    const answer = database.findMessage(answerId);
    const text = answer?.text ?? '';
    if (life.endedAnswers.has(answerId)) {
      if (text !== whole || answer?.state !== 'done') damagedAnswers += 1;
      continue;
    }
    // Ended in the database, and killed before it could say so: nothing is missing.
    if (answer?.state === 'done' && text === whole) continue;
    isCut = true;
    if (answer?.state !== 'interrupted' || !whole.startsWith(text)) damagedAnswers += 1;
    const received = wordsUpTo(life.words.length);
    if (text.length >= received.length) continue;
    const firstMissing = text.split(' ').length - 1;
    missingBytes = received.length - text.length;
    missingMs = (life.words.at(-1) ?? 0) - (life.words[firstMissing] ?? 0);
  }
  database.close();
  const isCorrupt = repair !== null || integrityOf(file) !== 'ok';
  return { damagedAnswers, isCut, isCorrupt, missingMs, missingBytes };
}

function wordsUpTo(count: number): string {
  return Array.from({ length: count }, (_, index) => `w${index} `).join('');
}

/** A small generator (mulberry32), so that a run can be repeated. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
