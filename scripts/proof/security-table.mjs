import { readFileSync, writeFileSync } from 'node:fs';

import { format, resolveConfig } from 'prettier';

import { inRepository } from '../setup/paths.mjs';
import { checklist, promises } from './promises.mjs';

const [start, end] = ['<!-- proof:start -->', '<!-- proof:end -->'];

/**
 * What is wrong with the proofs, as sentences: a promise without a proof, a proof that failed, a name nobody promised. An
 * empty list means that the table may be believed.
 */
export function findGaps({ proofs, fuses }) {
  const known = [
    ...promises.map(({ id }) => id),
    ...checklist.map((_item, index) => `electron-${index + 1}`),
  ];
  return [
    ...known
      .filter((id) => !proofs.some(({ promise }) => promise === id))
      .map((id) => `no test proves ${id}`),
    ...proofs
      .filter(({ promise }) => !known.includes(promise))
      .map(({ promise, file }) => `${file} proves ${promise}, which nobody promised`),
    ...proofs.filter(({ isPassed }) => !isPassed).map(({ file, title }) => `failed: ${file}: ${title}`),
    ...(fuses.length === 0 ? ['no fuse was read'] : []),
  ];
}

/** The tables as Markdown: promises, Electron's checklist, fuses. */
export function formatTables({ proofs, fuses }) {
  const proofsOf = (id) => proofs.filter(({ promise }) => promise === id);
  const rowOf = (words, id) =>
    `| ${words} | ${describeTests(proofsOf(id))} | ${describeResult(proofsOf(id))} |`;
  const items = checklist.map((_item, index) => proofsOf(`electron-${index + 1}`));
  const passed = items.filter((tests) => tests.length > 0 && tests.every(({ isPassed }) => isPassed)).length;
  return [
    '| promise | shown by | result |',
    '| --- | --- | --- |',
    ...promises.map(({ id, says }) => rowOf(says, id)),
    '',
    `### Electron's checklist: ${passed}/${checklist.length}`,
    '',
    'Asked of every `webContents` that is ever made, and of the packaged program where it can be.',
    '',
    '| item | shown by | result |',
    '| --- | --- | --- |',
    ...checklist.map((item, index) => rowOf(`${index + 1}. ${item}`, `electron-${index + 1}`)),
    '',
    '### Fuses of the packaged program',
    '',
    'Read back from the binary. Electron 45 has one more, `WasmTrapHandlers`, which stays enabled.',
    '',
    '| fuse | state |',
    '| --- | --- |',
    // The newest fuse is in some runtimes only; the table is the same on all.
    ...fuses
      .filter(([name]) => name !== 'WasmTrapHandlers')
      .map(([name, state]) => `| ${name} | ${state === 'ENABLE' ? 'enabled' : 'disabled'} |`),
  ].join('\n');
}

/** docs/security.md as it should be after this run. */
export async function renderSecurityPage(evidence) {
  const file = inRepository('docs/security.md');
  const page = readFileSync(file, 'utf8');
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/security.md has no ${start} ... ${end}`);
  const filled = `${page.slice(0, from)}${start}\n\n${formatTables(evidence)}\n\n${page.slice(to)}`;
  return format(filled, { ...(await resolveConfig(file)), parser: 'markdown' });
}

/** Writes what {@link renderSecurityPage} says. */
export async function writeSecurityPage(evidence) {
  writeFileSync(inRepository('docs/security.md'), await renderSecurityPage(evidence));
}

/** Whether docs/security.md says what this run shows. */
export async function isSecurityPageCurrent(evidence) {
  return readFileSync(inRepository('docs/security.md'), 'utf8') === (await renderSecurityPage(evidence));
}

function describeTests(tests) {
  const files = [...new Set(tests.map(({ file }) => file))].toSorted();
  return files
    .map((file) => {
      const titles = tests.filter((test) => test.file === file).map(({ title }) => escape(title));
      return `\`${file}\`: ${titles.join('; ')}`;
    })
    .join('<br>');
}

function describeResult(tests) {
  const passed = tests.filter(({ isPassed }) => isPassed).length;
  return passed === tests.length ? `${passed} passed` : `${passed} of ${tests.length} passed`;
}

/** A title is plain text: nothing in it may be Markdown. */
function escape(title) {
  return title.replaceAll(/[\\`*_<>|[\]]/g, '\\$&').replaceAll(/\s+/g, ' ');
}
