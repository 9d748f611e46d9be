import { mkdir } from 'node:fs/promises';

import { buildApp } from '../build-app.mjs';
import { readProofs } from '../proof/read-proofs.mjs';
import { findGaps, isSecurityPageCurrent } from '../proof/security-table.mjs';
import { stopOnSignals } from '../run/child.mjs';
import { hasDisplay, startDisplay } from '../run/display.mjs';
import { inRepository } from '../setup/paths.mjs';
import { tiers } from './tiers.mjs';

/** Runs these tiers one after another, prints a line for each and the sum last; returns the exit code. `shouldProve`: all of them run. */
export async function runTiers({ names, electron, grep, shouldBuild = true, shouldProve = false }) {
  stopOnSignals();
  await mkdir(inRepository('out/test'), { recursive: true });
  const isNeeded = (need) => names.some((name) => tiers[name].needs.includes(need));
  const buildError = shouldBuild && isNeeded('build') ? await tryToBuild() : undefined;
  const display = isNeeded('display') && !hasDisplay() ? await startDisplay() : undefined;
  const context = { env: { ...process.env, ...display?.env }, electron, grep };
  const results = [];
  try {
    for (const name of names) results.push(await runTier(name, context, buildError));
  } finally {
    await display?.stop();
  }
  if (shouldProve) results.push(await prove());
  return report(results);
}

async function runTier(name, context, buildError) {
  process.stdout.write(`\n== ${name}\n`);
  const startedAt = Date.now();
  const isBlocked = buildError !== undefined && tiers[name].needs.includes('build');
  if (isBlocked) process.stdout.write('  FAILED not run: the app could not be built\n');
  const counts = isBlocked ? { passed: 0, failed: 1, skipped: 0 } : await tiers[name].run(context);
  return { name, counts, seconds: (Date.now() - startedAt) / 1000 };
}

/** After a run of everything: does docs/security.md say what it showed? */
async function prove() {
  process.stdout.write('\n== proof\n');
  const startedAt = Date.now();
  const evidence = readProofs();
  const gaps = findGaps(evidence);
  for (const gap of gaps) process.stdout.write(`  FAILED ${gap}\n`);
  const isCurrent = gaps.length > 0 || (await isSecurityPageCurrent(evidence));
  if (!isCurrent)
    process.stdout.write('  FAILED docs/security.md is out of date: npm run docs:security writes it anew\n');
  const isProven = gaps.length === 0 && isCurrent;
  const counts = { passed: isProven ? 1 : 0, failed: isProven ? 0 : 1, skipped: 0 };
  return { name: 'proof', counts, seconds: (Date.now() - startedAt) / 1000 };
}

async function tryToBuild() {
  try {
    await buildApp();
    return undefined;
  } catch (error) {
    process.stdout.write(`\n${error.message}\n`);
    return error;
  }
}

function report(results) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  process.stdout.write('\n');
  for (const { name, counts, seconds } of results) {
    process.stdout.write(`${name.padEnd(12)} ${describe(counts)} in ${seconds.toFixed(1)} s\n`);
    for (const key of Object.keys(total)) total[key] += counts[key];
  }
  process.stdout.write(`\n${describe(total)}\n`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

function describe({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
