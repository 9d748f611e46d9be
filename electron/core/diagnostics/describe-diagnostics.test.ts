import { describe, expect, it } from 'vitest';
import type { AppInfo } from '../../contract/model/app-info.ts';
import type { Connection, KeyStatus } from '../../contract/model/connection.ts';
import { describeDiagnostics } from './describe-diagnostics.ts';

const info: AppInfo = {
  version: '1.2.3',
  platform: 'linux',
  runtime: {
    electron: '45.4.1',
    chrome: '150.0.1',
    node: '24.19.2',
    isDevelopment: false,
    allowsRemoteKeys: false,
  },
  keystore: { kind: 'available', backend: 'gnome_libsecret', name: 'GNOME Keyring' },
  demoBaseUrl: null,
  profileFolder: '/home/ada/.config/Latchkey',
  policy: null,
  blocked: null,
  notices: [],
};

const key: KeyStatus = {
  id: 'a0000000-0000-4000-8000-0000000000a7',
  label: 'secret project',
  last4: '4f2a',
  origin: 'https://api.example.com',
  state: 'locked',
  breadth: 'unknown',
  restsIn: 'GNOME Keyring',
  wayBack: null,
  createdAt: 0,
  expiresAt: null,
  requestCount: 3,
  lastUsedAt: null,
  lastTestedAt: null,
  lastOutcome: 'rejected',
};

const connection: Connection = {
  id: 'a0000000-0000-4000-8000-000000000001',
  label: 'secret project',
  provider: 'compatible',
  baseUrl: 'https://api.example.com/tenants/ada/v1',
  origin: 'https://api.example.com',
  dialect: 'responses',
  needsKey: true,
  keys: [key],
  key,
  organization: 'org-secret',
  project: null,
  defaultModel: 'gpt-x',
  isManaged: false,
  policyRefusal: null,
  createdAt: 0,
};

describe('describeDiagnostics', () => {
  it('says what runs, where keys rest, how they stand, and what was logged last', () => {
    const log = '2026-01-01 warn cannot write {"path":"/home/ada/.config/Latchkey/vault.json"}\n';
    expect(describeDiagnostics({ info, connections: [connection], log })).toBe(`Latchkey 1.2.3 on linux
Electron 45.4.1
Chromium 150.0.1, Node.js 24.19.2
Keystore: gnome_libsecret
Policy: none
Blocked: no
Notices: none

Connections: 1
- https://api.example.com, compatible, responses, key locked, rejected

Log:
2026-01-01 warn cannot write {"path":"<profile>/vault.json"}
`);
  });

  it('tells no label, no path of a server, no model and no character of a key', () => {
    const text = describeDiagnostics({ info, connections: [connection], log: '' });
    expect(text).not.toMatch(/secret project|tenants|gpt-x|4f2a/);
  });

  it('says that a policy is in force, and what it decides about a connection, but not where it lies', () => {
    const policy: AppInfo['policy'] = {
      path: '/home/ada/policy.json',
      rules: {
        version: 1,
        connections: [],
        allowsOwnConnections: true,
        budgets: [],
        allowsDeepLinks: true,
        allowsExport: true,
        requiresKeystore: false,
      },
    };
    const connections: readonly Connection[] = [
      { ...connection, isManaged: true },
      { ...connection, policyRefusal: 'policy/origin' },
    ];
    const text = describeDiagnostics({ info: { ...info, policy }, connections, log: '' });
    expect(text).toContain('Policy: in force');
    expect(text).toContain('responses, managed, key locked');
    expect(text).toContain('responses, policy/origin, key locked');
    expect(text).not.toContain('ada');
  });

  it('says what is missing', () => {
    const text = describeDiagnostics({
      info: {
        ...info,
        runtime: { ...info.runtime, isDevelopment: true },
        keystore: { kind: 'session-only', backend: 'basic_text', reason: 'None is running.' },
        blocked: { code: 'storage/corrupt', message: '', details: {} },
      },
      connections: [{ ...connection, keys: [], key: null }],
      log: '',
    });
    expect(text).toContain('45.4.1 (development runtime)');
    expect(text).toContain('basic_text (keys last for the session)');
    expect(text).toContain('Blocked: storage/corrupt');
    expect(text).toContain('no key');
    expect(text).toContain('Log:\n(empty)');
  });
});
