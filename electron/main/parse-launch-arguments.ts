import { PROBE_SWITCH } from './platform/probe-answer.ts';

/** What the command line asked for. */
export interface LaunchArguments {
  /** The first deep link, unparsed. */
  readonly link: string | null;
  /** Base URL of a demo server on this machine, without a trailing slash. */
  readonly demoBaseUrl: string | null;
  /** Lets the development runtime take keys for other than loopback origins. */
  readonly allowsRemoteKeys: boolean;
  /** Where to sign in instead of at OpenRouter: a test's server on this machine. Never set in a packaged app. */
  readonly openRouterOrigin: string | null;
  /** Only asks the keystore and prints its answer; a Latchkey starts itself so. */
  readonly isKeystoreProbe: boolean;
  /** A policy file instead of the machine's own, for tests; always null in a packaged build. */
  readonly policyFile: string | null;
  /** Arguments of ours that made no sense, in words for the log. */
  readonly problems: readonly string[];
}

const LINK = /^latchkey:/i;
const DEMO_SERVER = '--demo-server=';
const OPENROUTER_ORIGIN = '--openrouter-origin=';
const POLICY_FILE = '--policy-file=';

/**
 * Reads Latchkey's own arguments. Whatever follows a deep link is dropped: a crafted link must not be able
 * to bring switches along, whichever program quoted it wrongly on the way.
 */
export function parseLaunchArguments(
  argv: readonly string[],
  build: { readonly isPackaged: boolean } = { isPackaged: true },
): LaunchArguments {
  const linkAt = argv.findIndex((argument) => LINK.test(argument));
  const beforeLink = linkAt === -1 ? argv : argv.slice(0, linkAt);
  const terminatorAt = beforeLink.indexOf('--');
  const switches = terminatorAt === -1 ? beforeLink : beforeLink.slice(0, terminatorAt);
  const demoValue = valueOf(DEMO_SERVER, switches);
  const demoBaseUrl = demoValue === undefined ? null : parseLoopbackUrl(demoValue);
  const originValue = valueOf(OPENROUTER_ORIGIN, switches);
  const openRouterOrigin =
    originValue === undefined || build.isPackaged ? null : parseLoopbackOrigin(originValue);
  const policyValue = valueOf(POLICY_FILE, switches);
  return {
    link: argv[linkAt] ?? null,
    demoBaseUrl,
    isKeystoreProbe: switches.includes(PROBE_SWITCH),
    allowsRemoteKeys: switches.includes('--allow-remote-keys'),
    openRouterOrigin,
    policyFile: build.isPackaged ? null : (policyValue ?? null),
    problems: [
      ...(demoValue !== undefined && demoBaseUrl === null
        ? ['--demo-server must be an http:// address of this machine, such as http://127.0.0.1:4010/v1.']
        : []),
      ...(originValue !== undefined && openRouterOrigin === null
        ? ['--openrouter-origin is for tests of an unpackaged build, such as http://127.0.0.1:4010.']
        : []),
      ...(policyValue !== undefined && build.isPackaged
        ? ['--policy-file is for unpackaged builds; it was ignored.']
        : []),
    ],
  };
}

function valueOf(name: string, switches: readonly string[]): string | undefined {
  return switches.findLast((argument) => argument.startsWith(name))?.slice(name.length);
}

/** Switches that open a way into a running program. A packaged Latchkey refuses to start with any of them. */
export function findForbiddenSwitch(argv: readonly string[]): string | null {
  // Chromium takes one dash, two, and on Windows a slash, in any case.
  const pattern =
    /^(?:--?|\/)(?:remote-debugging-[\w-]+|remote-allow-origins|inspect[\w-]*|disable-web-security|[\w-]+-cmd-prefix|gpu-launcher|browser-subprocess-path|load-extension)(?:=|$)/i;
  return argv.find((argument) => pattern.test(argument))?.split('=')[0] ?? null;
}

/** An http URL on a loopback host, without credentials, query or fragment; else null. */
export function parseLoopbackUrl(value: string): string | null {
  if (!URL.canParse(value)) return null;
  const url = new URL(value);
  const isPlain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (url.protocol !== 'http:' || !isPlain || !isLoopbackHost(url.hostname)) return null;
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** The same without a path. */
function parseLoopbackOrigin(value: string): string | null {
  const url = parseLoopbackUrl(value);
  return url !== null && url === new URL(url).origin ? url : null;
}

function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
