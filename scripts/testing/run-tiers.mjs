import { mkdir } from 'node:fs/promises';

import { buildApp } from '../build-app.mjs';
import { hasDisplay, startDisplay } from '../run/display.mjs';
import { stopOnSignals } from '../run/child.mjs';
import { inRepository } from '../setup/paths.mjs';
import { tiers } from './tiers.mjs';

/** Runs these tiers one after another, prints a line for each and the sum last; returns the exit code. */
export async function runTiers({ names, electron, grep }) {
  stopOnSignals();
  await mkdir(inRepository('out/test'), { recursive: true });
  if (names.some((name) => tiers[name].needs.includes('build'))) await buildApp();
  const needsWindow = names.some((name) => tiers[name].needs.includes('electron'));
  const display = needsWindow && !hasDisplay() ? await startDisplay() : undefined;
  const env = { ...process.env, ...display?.env };
  const lines = [];
  const total = { passed: 0, failed: 0, skipped: 0 };
  try {
    for (const name of names) {
      process.stdout.write(`\n== ${name}\n`);
      const startedAt = Date.now();
      const counts = await tiers[name].run({ env, electron, grep });
      lines.push(
        `${name.padEnd(12)} ${describe(counts)} in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`,
      );
      for (const key of Object.keys(total)) total[key] += counts[key];
    }
  } finally {
    await display?.stop();
  }
  process.stdout.write(`\n${lines.join('\n')}\n\n${describe(total)}\n`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

function describe({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
