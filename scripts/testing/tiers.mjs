import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';

import { writeCustodyReport } from '../proof/custody-report.mjs';
import { packageApp } from '../packaging/package-app.mjs';
import { inRepository } from '../setup/paths.mjs';
import { runTool } from './run-tool.mjs';

const bin = (path) => inRepository('node_modules', path);

/**
 * The tiers of the tests in the order in which they run. `run(context)` resolves to `{ passed, failed, skipped }`;
 * `needs` says what has to be there first.
 */
export const tiers = {
  check: { needs: [], run: runChecks },
  unit: { needs: [], run: (context) => runVitest('unit', context) },
  integration: { needs: [], run: (context) => runVitest('integration', context) },
  faults: { needs: [], run: (context) => runVitest('faults', context) },
  web: { needs: ['build'], run: (context) => runPlaywright('web', context) },
  e2e: { needs: ['build', 'display'], run: (context) => runPlaywright('e2e', context) },
  custody: { needs: ['build', 'display'], run: runCustody },
  package: { needs: ['build', 'display'], run: runPackageTests },
};

// Each check counts as one test: it holds for the whole tree or it does not.
async function runChecks({ env }) {
  const checks = [
    ['format', [bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']],
    ['lint', [bin('oxlint/bin/oxlint')]],
    ['layers', [inRepository('scripts/lint/layers.mjs')]],
    ['types', [bin('typescript/bin/tsc'), '-b']],
  ].filter(([name, [program]]) => name !== 'layers' || existsSync(program));
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, command] of checks) {
    const { code } = await runTool(command, { env });
    counts[code === 0 ? 'passed' : 'failed'] += 1;
    process.stdout.write(`  ${code === 0 ? 'ok    ' : 'FAILED'} ${name}\n`);
  }
  return counts;
}

async function runVitest(project, { env, grep }) {
  const report = await freshReport(project);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const filter = grep ? ['-t', grep] : [];
  const { code } = await runTool(
    [bin('vitest/vitest.mjs'), 'run', '--project', project, ...reporters, ...filter],
    { env },
  );
  const result = readReport(report);
  if (result === undefined) return crashed(`vitest ended with code ${code} and left no report`);
  const counts = {
    passed: result.numPassedTests,
    failed: result.numFailedTests,
    skipped: result.numPendingTests + result.numTodoTests,
  };
  return confirm(counts, code);
}

async function runPlaywright(project, { env, grep }, folder = 'out/test') {
  const report = await freshReport(project, folder);
  const filter = grep ? ['--grep', grep] : [];
  const { code } = await runTool(
    [
      bin('@playwright/test/cli.js'),
      'test',
      `--project=${project}`,
      `--output=${inRepository(folder)}/playwright`,
      '--reporter=line,json',
      ...filter,
    ],
    {
      env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
    },
  );
  const result = readReport(report);
  if (result === undefined) return crashed(`playwright ended with code ${code} and left no report`);
  const { expected, unexpected, flaky, skipped } = result.stats;
  // A test that failed once did fail.
  return confirm({ passed: expected, failed: unexpected + flaky, skipped }, code);
}

// A run with a planted leak is started by this tier's own tests: it must not overwrite what they are part of.
async function runCustody(context) {
  const plant = process.env.LATCHKEY_PLANT;
  const folder = plant ? `out/test/plants/${plant}` : 'out/test';
  const counts = await runPlaywright('custody', context, folder);
  const report = inRepository(`${folder}/custody.json`);
  if (existsSync(report)) {
    const table = writeCustodyReport(report, inRepository(`${folder}/custody-report.json`));
    process.stdout.write(`\n${table}`);
  }
  return counts;
}

async function runPackageTests(context) {
  try {
    await packageApp({ electron: context.electron, isDevelopmentAllowed: true });
  } catch (error) {
    return crashed(`packaging failed: ${error.message}`);
  }
  return runPlaywright('package', context);
}

// A runner may fail outside any test: an error while loading, a leaked handle, a project that does not exist.
function confirm(counts, code) {
  if (counts.failed === 0 && code !== 0)
    return { ...crashed(`the runner ended with code ${code}`), passed: counts.passed };
  if (counts.passed + counts.failed === 0) return crashed('no test ran');
  return counts;
}

function crashed(reason) {
  process.stdout.write(`  FAILED ${reason}\n`);
  return { passed: 0, failed: 1, skipped: 0 };
}

async function freshReport(name, folder = 'out/test') {
  const report = inRepository(`${folder}/${name}.json`);
  await rm(report, { force: true });
  return report;
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // No report, or half of one: the caller counts that as a failure.
  }
}
