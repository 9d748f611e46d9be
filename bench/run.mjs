// `npm run bench`: every bench/NAME.bench.ts, or those named by --only. Judges ratios within one run, never times by themselves.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform } from 'node:os';
import { parseArgs } from 'node:util';

import { setUp } from '../scripts/setup/setup.mjs';
import { inRepository } from '../scripts/setup/paths.mjs';
import { runCommand } from '../scripts/setup/progress.mjs';
import { writeReport } from './report.mjs';

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length))
  .sort();
const help = `Usage: npm run bench -- [options]

  --only NAMES    run only these, separated by commas: ${names.join(', ')}
  --rounds N      how often each contestant runs; 5 unless told
  --help          print this

Prints ours beside a baseline of the same run, with goal and verdict, and writes out/bench/NAME.json and, once all were
measured, docs/benchmarks.md and docs/benchmarks.svg.
`;

const options = readOptions();
if (options?.help) process.stdout.write(help);
else if (options) await runCommand(() => runAll(options));

async function runAll({ chosen, rounds }) {
  await setUp({ systemSets: [] });
  mkdirSync(inRepository('out/bench'), { recursive: true });
  let missed = 0;
  for (const name of chosen) {
    process.stdout.write(`\n== ${name}\n`);
    const { bench } = await import(`./${name}.bench.ts`);
    const measured = await bench({ rounds, say: (text) => process.stdout.write(`  ... ${text}\n`) });
    const rows = measured.map(judge);
    for (const row of rows) print(row);
    missed += rows.filter(({ isMet }) => isMet === false).length;
    const machine = `${platform()} ${arch()}, ${cpus().length} cores, Node ${process.versions.node}`;
    const report = { name, measuredAt: new Date().toISOString(), machine, rounds, rows };
    writeFileSync(inRepository(`out/bench/${name}.json`), `${JSON.stringify(report, undefined, 2)}\n`);
  }
  const missing = await writeReport(names);
  process.stdout.write(
    missing.length === 0
      ? '\nwrote docs/benchmarks.md and docs/benchmarks.svg\n'
      : `\ndocs/benchmarks.md waits for ${missing.join(', ')}\n`,
  );
  process.stdout.write(`\n${missed === 0 ? 'every goal is met' : `${missed} goals are missed`}\n`);
  return missed === 0 ? 0 : 1;
}

function judge(row) {
  const ratio = row.baseline === 0 ? null : row.ours / row.baseline;
  const judged = row.goal?.of === 'ratio' ? ratio : row.ours;
  return { ...row, ratio, isMet: row.goal === null ? null : judged !== null && judged <= row.goal.max };
}

function print({ what, unit, ours, baseline, against, ratio, goal, isMet }) {
  const verdict = isMet === null ? '      ' : isMet ? 'ok    ' : 'MISSED';
  const wanted = goal === null ? '' : `  goal: ${goal.of === 'ratio' ? 'ratio ' : ''}<= ${goal.max}`;
  const compared = ratio === null ? '' : `  ${figure(ratio)} of ${figure(baseline)} ${unit} (${against})`;
  process.stdout.write(`${verdict} ${what}: ${figure(ours)} ${unit}${compared}${wanted}\n`);
}

function figure(number) {
  return Number(number.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 4 });
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string' },
        rounds: { type: 'string', default: '5' },
        help: { type: 'boolean' },
      },
    });
    const chosen = values.only === undefined ? names : values.only.split(',');
    const unknown = chosen.filter((name) => !names.includes(name));
    if (unknown.length > 0) throw new TypeError(`There is no benchmark ${unknown.join(', ')}.`);
    const rounds = Number(values.rounds);
    if (!Number.isInteger(rounds) || rounds < 1)
      throw new TypeError(`${values.rounds} is no number of rounds.`);
    return { help: values.help, chosen, rounds };
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${help}`);
    process.exitCode = 2;
    return undefined;
  }
}
