import { parseArgs } from 'node:util';
import { cutLog, cutWholeLog } from './cut-log.ts';
import { canFailCalls, failCalls, limitFiles } from './failing-calls.ts';
import { killLoop } from './kill-loop.ts';

// `npm run test:crash` starts this. Everything is real but for the words of the answers: the program, SQLite, files, signals.

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '200' }, thorough: { type: 'boolean', default: false } },
});
const rows: (readonly [what: string, figure: string, bar: string, isMet: boolean])[] = [];

process.stdout.write('kill -9 in the middle of an answer ');
const killed = await killLoop(Number(values.kills), (count) => {
  if (count % 10 === 0) process.stdout.write('.');
});
process.stdout.write('\nlog cut at every frame and inside it\n');
const cut = cutLog();
const control = cutWholeLog();
process.stdout.write('files that cannot grow\n');
const limited = limitFiles();
process.stdout.write('calls that fail, one at a time\n');
const failed = canFailCalls() ? failCalls({ isThorough: values.thorough }) : null;

plain('kills', killed.kills, true);
plain('questions asked', killed.questions, true);
plain('answers cut', killed.answersCut, true);
zero('lost user messages', killed.lostQuestions);
zero('corrupt databases', killed.corruptDatabases);
zero('answers shown as complete that are not, or damaged', killed.damagedAnswers);
rows.push([
  'worst missing text',
  `${killed.worstMissingMs.toFixed(0)} ms, ${killed.worstMissingBytes} B`,
  '<= 250 ms',
  killed.worstMissingMs <= 250,
]);
plain(`log cuts (${cut.frames} frames)`, cut.cuts, true);
zero('acknowledged steps lost by a cut', cut.lostSteps);
zero('corrupt databases after a cut', cut.corruptDatabases);
plain('steps lost without any log (control)', control, control > 0);
plain('runs with files that cannot grow', limited.runs, limited.refusals > 0);
zero('problems in them', limited.problems.length);
if (failed === null) rows.push(['calls that fail', 'not run: no C compiler', '', true]);
else {
  plain(`runs with a failing call (of ${failed.calls} calls)`, failed.runs, failed.refusals > 0);
  zero('problems in them', failed.problems.length);
}

process.stdout.write('\n');
for (const [what, figure, bar, isMet] of rows)
  process.stdout.write(`${isMet ? 'ok    ' : 'FAILED'} ${what.padEnd(54)} ${figure.padStart(16)}  ${bar}\n`);
for (const problem of [...limited.problems, ...(failed?.problems ?? [])])
  process.stdout.write(`  ${problem}\n`);
process.exitCode = rows.every(([, , , isMet]) => isMet) ? 0 : 1;

function plain(what: string, figure: number, isMet: boolean): void {
  rows.push([what, String(figure), '', isMet]);
}

function zero(what: string, figure: number): void {
  rows.push([what, String(figure), '0', figure === 0]);
}
