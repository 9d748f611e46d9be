// docs/benchmarks.md and its picture: what `npm run bench` measured last.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { format, resolveConfig } from 'prettier';

import { inRepository } from '../scripts/setup/paths.mjs';

/**
 * Writes docs/benchmarks.md and docs/benchmarks.svg from what was measured last (out/bench/NAME.json). Returns the names of those
 * that were not measured yet; the page is only written when there are none.
 */
export async function writeReport(names) {
  const missing = names.filter((name) => !existsSync(fileOf(name)));
  if (missing.length > 0) return missing;
  const reports = names.map((name) => JSON.parse(readFileSync(fileOf(name), 'utf8')));
  writeFileSync(inRepository('docs/benchmarks.svg'), drawPicture(reports));
  writeFileSync(inRepository('docs/benchmarks.md'), await tidy(writePage(reports)));
  return [];
}

function fileOf(name) {
  return inRepository(`out/bench/${name}.json`);
}

/** As `npm run check` wants it. */
async function tidy(markdown) {
  const path = inRepository('docs/benchmarks.md');
  return format(markdown, { ...(await resolveConfig(path)), filepath: path });
}

function writePage(all) {
  const [{ machine }] = all;
  return `# Benchmarks

Ours and a baseline, measured in one run, in turn, medians of several rounds, CPU time where the unit is ms. Machines differ, so that
only ratios are judged. \`npm run bench\` measures again and writes this page. Measured on ${machine}.

![Share of each goal that is used](benchmarks.svg)

${all.map(writeSection).join('\n\n')}
`;
}

function writeSection({ name, rounds, rows, measuredAt }) {
  const lines = rows.map(({ what, unit, ours, baseline, against, ratio, goal, isMet }) =>
    [
      what,
      `${figure(ours)} ${unit}`.trim(),
      ratio === null ? '' : `${figure(baseline)} ${unit} (${against})`,
      ratio === null ? '' : figure(ratio),
      goal === null ? '' : `${goal.of === 'ratio' ? 'ratio ' : ''}<= ${goal.max}`,
      isMet === null ? '' : isMet ? 'met' : 'missed',
    ].join(' | '),
  );
  return `## ${name}

${rounds} rounds, ${measuredAt.slice(0, 10)}.

| what | ours | baseline | ratio | goal | |
| --- | --: | --: | --: | --: | --- |
${lines.map((line) => `| ${line} |`).join('\n')}`;
}

/** One bar per goal: how much of what is allowed was used. Colours that hold on a light and on a dark page. */
function drawPicture(all) {
  const bars = all
    .flatMap(({ rows }) => rows)
    .filter(({ goal }) => goal !== null && goal.max > 0)
    .map(({ what, ours, ratio, goal, isMet }) => ({
      what,
      isMet,
      used: (goal.of === 'ratio' ? ratio : ours) / goal.max,
    }));
  const rowHeight = 44;
  const height = bars.length * rowHeight + 16;
  const drawn = bars.map(({ what, used, isMet }, index) => {
    const y = index * rowHeight + 20;
    const width = Math.max(2, Math.min(1, used) * 560);
    return `<text x="0" y="${y}">${escape(what)}</text>
  <rect x="0" y="${y + 6}" width="560" height="10" rx="5" fill="#8b8982" fill-opacity="0.25"/>
  <rect x="0" y="${y + 6}" width="${width.toFixed(1)}" height="10" rx="5" fill="${isMet ? '#3f8f5a' : '#c8503a'}"/>
  <text x="572" y="${y + 15}">${figure(used * 100)} % of the goal</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 ${height}" font-family="system-ui, sans-serif" font-size="13" fill="#7d7b74" role="img" aria-label="Share of each goal that is used">
  ${drawn.join('\n  ')}
</svg>
`;
}

function figure(number) {
  return Number(number.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 4 });
}

function escape(text) {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
