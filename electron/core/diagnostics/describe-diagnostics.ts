import type { AppInfo } from '../../contract/model/app-info.ts';
import type { Connection, KeystoreStatus } from '../../contract/model/connection.ts';

/** What a report of a problem is made from. */
export interface DiagnosticsFacts {
  readonly info: AppInfo;
  readonly connections: readonly Connection[];
  /** The last lines of the log. */
  readonly log: string;
}

const KEYSTORE_NOTES: Readonly<Record<KeystoreStatus['kind'], string>> = {
  available: '',
  checking: ' (not answered yet)',
  locked: ' (locked)',
  'session-only': ' (keys last for the session)',
};

/**
 * What "Copy diagnostics" copies, as plain text. Of a connection its host and how its key stands: no label, no path, no
 * character of a key. The caller passes the whole through the redactor.
 */
export function describeDiagnostics({ info, connections, log }: DiagnosticsFacts): string {
  const { runtime, keystore } = info;
  const sections = [
    [
      `Latchkey ${info.version} on ${info.platform}`,
      `Electron ${runtime.electron}${runtime.isDevelopment ? ' (development runtime)' : ''}`,
      `Chromium ${runtime.chrome}, Node.js ${runtime.node}`,
      `Keystore: ${keystore.backend}${KEYSTORE_NOTES[keystore.kind]}`,
      `Policy: ${info.policy === null ? 'none' : 'in force'}`,
      `Blocked: ${info.blocked?.code ?? 'no'}`,
      `Notices: ${info.notices.map(({ error }) => error.code).join(', ') || 'none'}`,
    ],
    [`Connections: ${connections.length}`, ...connections.map(describeConnection)],
    ['Log:', log.replaceAll(info.profileFolder, '<profile>').trim() || '(empty)'],
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function describeConnection(connection: Connection): string {
  const { provider, origin, dialect, keys, isManaged, policyRefusal } = connection;
  const states = keys.map(({ state, lastOutcome }) => `key ${state}, ${lastOutcome ?? 'not tried'}`);
  const decided = [...(isManaged ? ['managed'] : []), ...(policyRefusal === null ? [] : [policyRefusal])];
  return `- ${[origin, provider, dialect, ...decided, ...(states.length === 0 ? ['no key'] : states)].join(', ')}`;
}
