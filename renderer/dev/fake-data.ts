import type { WireError } from '../../electron/contract/app-error.ts';
import type { RouteOutput } from '../../electron/contract/contract.ts';
import type { AppInfo, LinkedPrompt } from '../../electron/contract/model/app-info.ts';
import type { Backup } from '../../electron/contract/model/backup.ts';
import type { Connection, KeyStatus, KeystoreStatus } from '../../electron/contract/model/connection.ts';
import type { ConversationSummary, ShownMessage } from '../../electron/contract/model/conversation.ts';
import type { Generation } from '../../electron/contract/model/generation.ts';
import type { ListedPreset, Prompt } from '../../electron/contract/model/preset.ts';
import type { PolicyInForce } from '../../electron/contract/model/policy.ts';
import type { Settings } from '../../electron/contract/model/settings.ts';
import type { SignInStatus } from '../../electron/contract/model/sign-in.ts';
import { fakePresets, fakePrompts } from './fake-library.ts';

/** What most messages do not have. */
export const PLAIN_MESSAGE = {
  attachments: [],
  reasoning: '',
  citations: [],
  toolName: null,
  omittedCount: 0,
  error: null,
  usage: null,
};

/** All that the fake main knows. */
export interface World {
  info: AppInfo;
  settings: Settings;
  connections: Connection[];
  conversations: {
    conversation: ConversationSummary;
    messages: ShownMessage[];
    isRemoved: boolean;
    generation?: Generation;
  }[];
  presets: ListedPreset[];
  prompts: Prompt[];
  models: string[];
  backups: Backup[];
  link: LinkedPrompt | null;
  signIn: SignInStatus;
  offline: WireError;
  described: RouteOutput<'keyWindow.describe'>;
}

const HOUR_MS = 3_600_000;
const now = Date.now();

/** A reply that holds everything a reply can hold. */
export const answer = `## Why a lease beats a lock

A **lock** trusts its holder to come back. A *lease* does not: it ends by itself, so a crashed worker cannot block the queue for ever. Read [the original paper](https://example.com/leases) or call \`renew()\` before the term ends.

1. Take the lease with a term you can afford to wait.
2. Renew at a third of the term.
3. Give up **before** the term ends, not after:
   - clocks drift
   - pauses happen

| Property | Lock | Lease |
| --- | :-: | --: |
| Survives a crash | no | yes |
| Needs clocks | no | roughly |
| Worst wait | unbounded | 10 s |

\`\`\`ts
export async function withLease<T>(name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const lease = await acquire(name, { termMs: 10_000 });
  const renewal = setInterval(() => lease.renew(), 3_000);
  try {
    return await work(lease.signal);
  } finally {
    clearInterval(renewal);
  }
}
\`\`\`

> If the work cannot be interrupted, give every write a fencing token, and let the storage refuse the older one.

- [x] Choose a term
- [ ] Add fencing tokens
- [ ] Test with a paused process

![Lease timeline](https://images.example.net/lease.png) and raw <b>HTML</b> stay harmless.
`;

const thoughts = `**Weighing leases against locks**

The person wants it short, with code. A lock that is never released is the classic failure; a lease bounds the wait by its term.

**Choosing the example**

A renewal at a third of the term shows the idea without a library.`;

const citations = [
  [
    'https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html',
    'How to do distributed locking',
  ],
  [
    'https://dl.acm.org/doi/10.1145/74851.74870',
    'Leases: an efficient fault-tolerant mechanism for distributed file cache consistency, and why its terms are short',
  ],
  ['https://www.postgresql.org/docs/current/explicit-locking.html', ''],
].map(([url = '', title = ''], index) => ({ url, title, start: index, end: index }));

const work: KeyStatus = {
  id: 'a0000000-0000-4000-8000-0000000000a7',
  label: 'work',
  last4: '4f2a',
  origin: 'https://api.openai.com',
  state: 'ok',
  breadth: 'project',
  restsIn: 'GNOME Keyring',
  wayBack: null,
  createdAt: now - 50 * 24 * HOUR_MS,
  expiresAt: null,
  requestCount: 218,
  lastUsedAt: now - HOUR_MS / 10,
  lastTestedAt: now - 26 * HOUR_MS,
  lastOutcome: 'accepted',
};

const spare: KeyStatus = {
  ...work,
  id: 'a0000000-0000-4000-8000-0000000000a8',
  label: 'private',
  last4: 'Q9wk',
  breadth: 'account',
  createdAt: now - 400 * 24 * HOUR_MS,
};
/** What main would say of itself. */
export const diagnostics = `Latchkey 0.1.0 on linux
Electron 45.4.1
Chromium 150.0.7871.24, Node.js 24.19.2
Keystore: gnome_libsecret
Policy: none
Blocked: no
Notices: none

Connections: 2
- https://api.openai.com, openai, responses, key ok, accepted
- http://127.0.0.1:43117, demo, chat-completions, no key

Log:
2026-01-01T09:00:00.000Z warn the window state was not saved {}
`;

const openai: Connection = {
  id: 'a0000000-0000-4000-8000-000000000001',
  label: 'OpenAI',
  provider: 'openai',
  baseUrl: 'https://api.openai.com/v1',
  origin: 'https://api.openai.com',
  dialect: 'responses',
  needsKey: true,
  keys: [work, spare],
  key: work,
  organization: null,
  project: null,
  defaultModel: 'gpt-5.2',
  isManaged: false,
  policyRefusal: null,
  createdAt: now - 50 * 24 * HOUR_MS,
};

const demo: Connection = {
  id: 'a0000000-0000-4000-8000-000000000002',
  label: 'Local demo',
  provider: 'demo',
  baseUrl: 'http://127.0.0.1:43117/v1',
  origin: 'http://127.0.0.1:43117',
  dialect: 'chat-completions',
  needsKey: false,
  keys: [],
  key: null,
  organization: null,
  project: null,
  defaultModel: 'latchkey-demo',
  isManaged: false,
  policyRefusal: null,
  createdAt: now,
};

const available = { kind: 'available', backend: 'gnome_libsecret', name: 'GNOME Keyring' } as const;
const sessionOnly: KeystoreStatus = {
  kind: 'session-only',
  backend: 'basic_text',
  reason: 'No keyring is running on this computer; GNOME Keyring or KWallet would keep it.',
};

/** How the keystore stands in the scenarios whose name says so, e.g. `locked`, `welcome-locked`, `key-prompt`. */
function keystoreOf(scenario: string): KeystoreStatus {
  const { backend, name } = available;
  if (scenario.includes('session')) return sessionOnly;
  if (scenario.includes('checking')) return { kind: 'checking', backend, name };
  if (scenario.includes('prompt')) {
    const advice = 'Answer it in its own window, and Latchkey goes on by itself.';
    return { kind: 'locked', backend, name, cause: 'prompt', advice };
  }
  if (scenario.includes('locked')) {
    const advice = 'Unlock it with its password to go on.';
    return { kind: 'locked', backend, name, cause: 'locked', advice };
  }
  return available;
}

/** The connection whose key waits for its keystore, or lies in another one. */
function openaiOf(scenario: string, keystore: KeystoreStatus): Connection {
  const key = openai.key;
  if (key === null) return openai;
  if (scenario === 'other-backend') {
    const wayBack = 'start Latchkey in a KDE session or with --password-store=kwallet6';
    return { ...openai, key: { ...key, state: 'other-backend', restsIn: 'KWallet', wayBack } };
  }
  if (keystore.kind === 'checking' || keystore.kind === 'locked')
    return { ...openai, key: { ...key, state: keystore.kind } };
  return openai;
}

const offline: WireError = {
  code: 'network/unreachable',
  message: 'connect refused',
  details: { origin: 'https://api.openai.com' },
};

const titles: readonly (readonly [string, number])[] = [
  ['Leases and locks', 0.2],
  ['Rewrite the release notes in plain words', 3],
  ['مقارنة بين قواعد البيانات', 5],
  ['Why does this regex backtrack?', 26],
  ['Packing list for Tromsø in February', 30],
  ['SQL: running totals per customer, with gaps filled in and ties broken by date', 80],
  ['Letter to the landlord', 110],
  ['Names for a small sailing boat', 300],
  ['Explain Raft to a ten-year-old', 900],
];

/** What an organisation that decides much would decide. */
const policy: PolicyInForce = {
  path: '/etc/latchkey/policy.json',
  rules: {
    version: 1,
    connections: [
      {
        id: openai.id,
        label: 'OpenAI',
        provider: 'openai',
        baseUrl: openai.baseUrl,
        dialect: 'responses',
      },
    ],
    allowsOwnConnections: false,
    models: [{ names: ['gpt-5*', 'o4-mini'] }],
    budgets: [{ monthMicroUsd: 20_000_000 }],
    allowsDeepLinks: false,
    allowsExport: false,
    requiresKeystore: true,
  },
};

const managed: readonly Connection[] = [
  { ...openai, isManaged: true },
  { ...demo, policyRefusal: 'policy/own-connections' },
];

/** The world of a scenario: welcome, session-only, chat, failed, link, blocked, managed, notices, rtl, locked, other-backend, key, ... */
export function makeWorld(scenario: string): World {
  const isFirstRun = scenario.startsWith('welcome') || scenario === 'session-only';
  const keystore = keystoreOf(scenario);
  const conversations = isFirstRun
    ? []
    : titles.map(([title, hours], index) => conversation(title, hours, index, scenario));
  return {
    info: info(scenario, keystore),
    settings: {
      theme: 'system',
      textSizePx: 15,
      sendKey: 'enter',
      isSidebarShown: true,
      sidebarWidthPx: 264,
      defaultConnectionId: null,
      defaultPresetId: null,
      keepsNetworkLog: true,
      clearsClipboard: true,
      proxy: { mode: 'system', url: null, bypass: [], followsScripts: false },
      certificates: { usesSystemStore: false },
      confirmCostAboveMicroUsd: 500_000,
      allowsUnknownPrices: true,
      contextPolicy: 'drop-oldest',
      makesTitles: true,
    },
    connections: isFirstRun
      ? []
      : scenario === 'managed'
        ? [...managed]
        : [openaiOf(scenario, keystore), demo],
    conversations,
    presets: isFirstRun ? [] : fakePresets(),
    prompts: isFirstRun ? [] : fakePrompts(),
    backups: [1, 25, 49].map((hours) => ({
      name: `history-2026-01-0${(hours % 7) + 1}T09-00-00-000Z.daily.sqlite`,
      kind: 'daily' as const,
      madeAt: now - hours * HOUR_MS,
      bytes: 12_400_000 - hours * 1_000,
    })),
    models: ['gpt-4.1', 'gpt-4.1-mini', 'gpt-5.2', 'gpt-5.2-mini', 'o4-mini', 'text-embedding-3-large'],
    link:
      scenario === 'link'
        ? {
            id: id(900),
            prompt: 'Summarise this page in three sentences.\n\nThen list every claim that has no source.',
          }
        : null,
    signIn: { state: 'idle', error: null, expiresAt: null },
    offline,
    described: {
      keystore,
      isKeystoreRequired: scenario.includes('managed'),
      connection: scenario === 'key-replace' ? openai : null,
      replaced: scenario === 'key-replace' ? work : null,
      isLoopbackOnly: scenario === 'key-loopback' || scenario === 'key-session-loopback',
      clearsClipboard: true,
      proxy: scenario === 'key-proxy' ? { url: 'http://proxy.example.com:3128', isFixed: false } : null,
    },
  };
}

function info(scenario: string, keystore: KeystoreStatus): AppInfo {
  const isDevelopment = scenario === 'development' || scenario === 'welcome';
  return {
    version: '0.1.0',
    platform: 'linux',
    runtime: {
      electron: isDevelopment ? '37.2.1' : '45.4.1',
      chrome: '150.0.7871.24',
      node: '24.19.2',
      isDevelopment,
      allowsRemoteKeys: false,
    },
    keystore,
    demoBaseUrl: 'http://127.0.0.1:43117/v1',
    profileFolder: '/home/ada/.config/Latchkey',
    policy: scenario === 'managed' ? policy : null,
    blocked:
      scenario === 'blocked'
        ? {
            code: 'storage/from-the-future',
            message: 'The database has schema 9; this version reads up to 3.',
            details: { path: '/home/ada/.config/Latchkey/history.db' },
          }
        : null,
    notices:
      scenario === 'notices'
        ? [
            {
              id: id(700),
              error: { code: 'storage/corrupt', message: '', details: {} },
              title: 'Your settings were set aside',
              body: 'settings.json could not be read. It was kept as settings.damaged.json, and Latchkey started with its defaults.',
            },
          ]
        : [],
  };
}

function id(number: number): string {
  return `c0000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

function conversation(
  title: string,
  hours: number,
  index: number,
  scenario: string,
): World['conversations'][number] {
  const at = now - hours * HOUR_MS;
  const conversationId = id(index);
  return {
    conversation: {
      id: conversationId,
      title,
      connectionId: openai.id,
      keyId: null,
      model: 'gpt-5.2',
      createdAt: at,
      updatedAt: at,
    },
    messages: messagesOf(conversationId, index, at, scenario),
    isRemoved: false,
  };
}

function messagesOf(conversationId: string, index: number, at: number, scenario: string): ShownMessage[] {
  const base = { ...PLAIN_MESSAGE, conversationId, createdAt: at, model: null };
  const first = id(1000 + index * 10);
  const second = id(1001 + index * 10);
  const isRtl = index === 2;
  const question = isRtl
    ? 'قارن بين PostgreSQL و SQLite لتطبيق صغير.'
    : 'When should I use a lease instead of a lock? Keep it short, and show me some code.';
  const reply = isRtl
    ? 'لتطبيق **صغير**، تكفي SQLite غالبًا:\n\n- ملف واحد\n- بلا خادم\n\n`PRAGMA journal_mode=WAL`'
    : answer;
  const outcome = outcomeOf(scenario);
  return [
    { ...base, id: first, parentId: null, role: 'user', text: question, state: 'done', variantIds: [first] },
    {
      ...base,
      id: second,
      parentId: first,
      role: 'assistant',
      text: outcome.state === 'done' ? reply : reply.slice(0, 420),
      usage: { inputTokens: 412, outputTokens: 3_690 },
      reasoning: isRtl ? '' : thoughts,
      citations: isRtl || outcome.state !== 'done' ? [] : citations,
      model: 'gpt-5.2',
      variantIds: [id(5), second, id(7)],
      ...outcome,
    },
  ];
}

function outcomeOf(scenario: string): Pick<ShownMessage, 'state' | 'error'> {
  if (scenario === 'interrupted') {
    return { state: 'interrupted', error: { code: 'network/interrupted', message: '', details: {} } };
  }
  if (scenario === 'stopped') return { state: 'cancelled', error: null };
  if (scenario === 'failed') {
    return {
      state: 'failed',
      error: { code: 'quota/rate-limited', message: '', details: { retryAfterS: 12 } },
    };
  }
  return { state: 'done', error: null };
}
