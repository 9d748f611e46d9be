import { existsSync } from 'node:fs';

import { progress, SetupError } from './progress.mjs';
import { runProcess } from './run-process.mjs';

const words = (text) => text.trim().split(/\s+/);

const packageSets = {
  electron:
    words(`libgtk-3-0 libnss3 libasound2 libgbm1 libxss1 libxtst6 libatk-bridge2.0-0 libatspi2.0-0 libcups2 libdrm2
    libx11-xcb1 libnotify4 libsecret-1-0 xdg-utils`),
  display: words('xvfb fonts-liberation fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji'),
  keyring: words('dbus gnome-keyring'),
  browser: words('chromium'),
};

/** Installs the Debian packages of these sets (electron, display, keyring, browser) that are missing; asks nothing. */
export async function ensureDebianPackages(sets) {
  if (!existsSync('/etc/debian_version') || !existsSync('/usr/bin/dpkg-query')) {
    return progress('System packages', 'not a Debian system: its own libraries are used as they are');
  }
  const missing = await findMissing(sets.flatMap((name) => packageSets[name]));
  if (missing.length === 0) return progress('System packages', 'up to date');
  const install = ['install', '-y', '--no-install-recommends', ...missing];
  if (process.getuid() !== 0) {
    throw new SetupError(
      `These Debian packages are missing. Please run this once, then start again:\n\n  sudo apt-get update && sudo apt-get ${install.join(' ')}\n`,
    );
  }
  progress('System packages', `installing ${missing.join(' ')}`);
  await runApt(['update']);
  await runApt(install);
  const stillMissing = await findMissing(missing);
  if (stillMissing.length > 0)
    throw new SetupError(`apt-get ended without an error, but these are missing: ${stillMissing.join(' ')}`);
  progress('System packages', 'installed');
}

async function findMissing(names) {
  const { stdout } = await runProcess('dpkg-query', [
    '-W',
    '-f',
    '${Package} ${db:Status-Status} ${Provides}\n',
    '*',
  ]);
  const installed = new Set();
  for (const line of stdout.split('\n')) {
    const [name, status, ...provides] = line.split(/[ ,]+/);
    // A newer Debian renames a library (libgtk-3-0t64) and lets the new package provide the old name.
    if (status === 'installed') for (const provided of [name, ...provides]) installed.add(provided);
  }
  return names.filter((name) => !installed.has(name));
}

async function runApt(args) {
  // The lock is held for a while after a machine was started: wait for it instead of failing.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { code, stdout, stderr } = await runProcess(
    'apt-get',
    ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args],
    { env },
  );
  if (code === 0) return;
  throw new SetupError(
    `apt-get ${args[0]} failed (code ${code}):\n${`${stdout}\n${stderr}`.trim().split('\n').slice(-15).join('\n')}`,
  );
}
