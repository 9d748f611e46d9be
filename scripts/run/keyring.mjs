import { existsSync } from 'node:fs';
import { chmod, chown, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { runProcess } from '../setup/run-process.mjs';
import { startChild, stopChild } from './child.mjs';

const startTimeoutMs = 15_000;
const requiredPrograms = ['dbus-daemon', 'gnome-keyring-daemon', 'dbus-send'];

/** Whether a private keyring can be started on this machine. */
export function isKeyringAvailable() {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return (
    process.platform === 'linux' &&
    requiredPrograms.every((name) => folders.some((folder) => existsSync(path.join(folder, name))))
  );
}

/**
 * Starts a private D-Bus session with an unlocked gnome-keyring that keeps its files in `dir` only.
 * Start the app with the returned `env` and `keyringArguments`. The keyring outlives the app, so a restart finds its key;
 * a second call with the same `dir` and `password` opens the same keyring again.
 * Keep `dir` short: the path of a socket inside it may have 107 characters.
 * With `user: { uid, gid }` (root only) it runs as that user and `dir` becomes theirs.
 * `lock()` locks the keyring, as a log-out or a time limit would; `unlock()` opens it again, as a log-in would.
 * With `prompterDisplay` the keyring can show its unlock prompt there; without, it refuses at once to unlock itself.
 */
export async function startKeyring({
  dir,
  password = 'latchkey',
  user,
  env: baseEnv = process.env,
  prompterDisplay,
} = {}) {
  const env = await prepareFolders(dir, user);
  const busConfiguration = path.join(dir, 'session-bus.conf');
  const services = prompterDisplay ? await prepareServices(dir) : undefined;
  await writeFile(busConfiguration, sessionBus(services), { mode: 0o644 });
  const childEnv = { ...baseEnv, ...env };
  delete childEnv.DISPLAY; // A prompter that finds a display would wait for a person.
  if (prompterDisplay) childEnv.DISPLAY = prompterDisplay;
  const bus = run(
    user,
    'dbus-daemon',
    [`--config-file=${busConfiguration}`, '--print-address=1', '--nofork'],
    childEnv,
  );
  const started = [bus];
  const stop = async () => {
    for (const child of started.toReversed()) await stopChild(child);
  };
  try {
    env.DBUS_SESSION_BUS_ADDRESS = childEnv.DBUS_SESSION_BUS_ADDRESS = await readFirstLine(
      bus,
      'dbus-daemon',
    );
    const daemonArguments = [
      '--unlock',
      '--components=secrets',
      '--foreground',
      '--control-directory',
      env.XDG_RUNTIME_DIR,
    ];
    const daemon = run(user, 'gnome-keyring-daemon', daemonArguments, childEnv);
    started.push(daemon);
    daemon.stdin.end(password);
    const call = (args) => callSecretService(user, childEnv, args);
    await waitForUnlockedKeyring(call);
    const unlock = () => unlockLikeLogin(env.XDG_RUNTIME_DIR, password, call);
    return { env, stop, lock: () => lock(call), unlock, isLocked: () => isLocked(call), password };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The switches that make Electron use the keyring of `startKeyring`. */
export const keyringArguments = ['--password-store=gnome-libsecret'];

// The system's own configuration starts services on demand: whoever asks for the keyring before ours has its name would start
// a second, locked one. This bus starts nothing but, when asked to, the keyring's prompter.
const sessionBus = (
  services,
) => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <keep_umask/>
  <listen>unix:tmpdir=${tmpdir()}</listen>
  <auth>EXTERNAL</auth>
  ${services ? `<servicedir>${services}</servicedir>` : ''}
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

// The name that gnome-keyring calls; found by watching its bus.
const prompterService = 'org.gnome.keyring.SystemPrompter.service';

async function prepareServices(dir) {
  const services = path.join(dir, 'services');
  await mkdir(services, { recursive: true, mode: 0o755 });
  await copyFile(
    path.join('/usr/share/dbus-1/services', prompterService),
    path.join(services, prompterService),
  );
  return services;
}

async function prepareFolders(dir, user) {
  const env = {
    XDG_DATA_HOME: path.join(dir, 'data'),
    XDG_RUNTIME_DIR: path.join(dir, 'runtime'),
    XDG_CONFIG_HOME: path.join(dir, 'config'),
    XDG_CACHE_HOME: path.join(dir, 'cache'),
  };
  for (const folder of [dir, ...Object.values(env)]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (user) await chown(folder, user.uid, user.gid);
  }
  await chmod(env.XDG_RUNTIME_DIR, 0o700);
  return env;
}

function run(user, command, args, env) {
  const stdio = ['pipe', 'pipe', 'ignore'];
  // setuid in spawn keeps root's supplementary groups; setpriv drops them too.
  if (!user) return startChild(command, args, { env, stdio });
  return startChild('setpriv', [...asUser(user), command, ...args], { env, stdio });
}

function asUser({ uid, gid }) {
  return [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
}

function readFirstLine(child, name) {
  return new Promise((resolve, reject) => {
    let text = '';
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${name} ended with code ${code}`)));
    child.stdout.setEncoding('utf8').on('data', (part) => {
      text += part;
      const end = text.indexOf('\n');
      if (end >= 0) resolve(text.slice(0, end));
    });
  });
}

async function callSecretService(user, env, args) {
  const command = [
    'dbus-send',
    '--session',
    '--print-reply',
    '--reply-timeout=2000',
    '--dest=org.freedesktop.secrets',
    ...args,
  ];
  const [program, ...rest] = user ? ['setpriv', ...asUser(user), ...command] : command;
  const { code, stdout, stderr } = await runProcess(program, rest, { env });
  return { isAnswered: code === 0, text: stdout || stderr };
}

const collection = '/org/freedesktop/secrets/aliases/default';
const service = '/org/freedesktop/secrets';

async function isLocked(call) {
  const reply = await call([
    collection,
    'org.freedesktop.DBus.Properties.Get',
    'string:org.freedesktop.Secret.Collection',
    'string:Locked',
  ]);
  return reply.isAnswered ? /boolean true/.test(reply.text) : undefined;
}

async function waitForUnlockedKeyring(call) {
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline) {
    if ((await isLocked(call)) === false) return;
    await delay(50);
  }
  throw new Error('gnome-keyring did not offer an unlocked keyring in time');
}

async function lock(call) {
  const reply = await call([service, 'org.freedesktop.Secret.Service.Lock', `array:objpath:${collection}`]);
  if ((await isLocked(call)) !== true) throw new Error(`gnome-keyring did not lock: ${reply.text.trim()}`);
}

/** The operation of the daemon's control socket by which PAM opens the keyring at a log-in. */
const unlockOperation = 1;

// One byte that carries the credentials, then a packet of big-endian lengths. The daemon answers with a length and a result.
async function unlockLikeLogin(controlFolder, password, call) {
  const secret = Buffer.from(password);
  const packet = Buffer.alloc(1 + 12 + secret.length);
  packet.writeUInt32BE(12 + secret.length, 1);
  packet.writeUInt32BE(unlockOperation, 5);
  packet.writeUInt32BE(secret.length, 9);
  secret.copy(packet, 13);
  const socket = connect(path.join(controlFolder, 'control'));
  socket.write(packet);
  for await (const _answer of socket) break;
  if ((await isLocked(call)) !== false) throw new Error('gnome-keyring did not unlock');
}
