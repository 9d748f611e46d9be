import { parseArgs } from 'node:util';
import path from 'node:path';

/** What `npm start -- --help` prints. */
export const startHelp = `Usage: npm start -- [options]

Sets up what is missing, builds Latchkey, starts a local demo server and opens the app.
Without a display it brings a virtual one, gives a tour, and writes screenshots to out/tour/.

  --user-data-dir DIR    keep the profile in DIR (default: the app's own; a fresh one for a tour)
  --connection-url URL   offer this OpenAI-compatible server on this computer instead of the demo server
  --allow-remote-keys    on the development runtime, accept keys for other hosts than this computer
  --tour                 give the tour although there is a display
  --no-tour              open the app and wait for it to end, also without a display
  --keep-open            leave the app open after the tour
  --retry-download       try Electron's own download again, although it failed within the last day
  --help                 print this
`;

/** The options of `npm start`; throws a `TypeError` with one clear sentence when they make no sense. */
export function parseStartOptions(args) {
  const flag = { type: 'boolean' };
  const text = { type: 'string' };
  const { values } = parseArgs({
    args,
    options: {
      'user-data-dir': text,
      'connection-url': text,
      'allow-remote-keys': flag,
      tour: flag,
      'no-tour': flag,
      'keep-open': flag,
      'retry-download': flag,
      help: flag,
    },
  });
  if (values.tour && values['no-tour']) throw new TypeError('--tour and --no-tour exclude each other.');
  return {
    help: values.help ?? false,
    // Undefined leaves the choice to the display.
    tour: values['no-tour'] ? false : values.tour,
    keepOpen: values['keep-open'] ?? false,
    retryDownload: values['retry-download'] ?? false,
    allowRemoteKeys: values['allow-remote-keys'] ?? false,
    userDataDir: values['user-data-dir'] && path.resolve(values['user-data-dir']),
    connectionUrl: values['connection-url'] && checkConnectionUrl(values['connection-url']),
  };
}

// The app offers a connection without a key to this computer only; others are added in its key window.
function checkConnectionUrl(value) {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isLoopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url?.hostname ?? '');
  if (url?.protocol === 'http:' && isLoopback) return value;
  throw new TypeError(
    `--connection-url needs an http:// address of this computer, such as http://127.0.0.1:4010/v1, not “${value}”.`,
  );
}
