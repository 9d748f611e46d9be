import { describe, expect, it } from 'vitest';
import { AppError } from '../../contract/app-error.ts';
import { PROXY_OWNER_ID } from '../network/sealed-value.ts';
import { parsePolicy } from './parse-policy.ts';

const ID = '6f1c1b1e-3d0b-4f57-9a35-2c7a1f0e9b11';
const OTHER_ID = 'd3b9a3c2-6a1e-4d53-8a8e-0b5a5a1f7c22';
const connection = { id: ID, label: 'Work', provider: 'openai', baseUrl: 'https://api.openai.com/v1' };

const parse = (rules: object) => parsePolicy(JSON.stringify({ version: 1, ...rules }));

function problemOf(text: string): string {
  try {
    parsePolicy(text);
  } catch (error) {
    if (error instanceof AppError && error.code === 'policy/invalid') return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}

const problemWith = (rules: object) => problemOf(JSON.stringify({ version: 1, ...rules }));

describe('parsePolicy', () => {
  it('takes the smallest policy, which allows everything', () => {
    expect(parsePolicy('{"version": 1}')).toEqual({
      version: 1,
      connections: [],
      allowsOwnConnections: true,
      budgets: [],
      allowsDeepLinks: true,
      allowsExport: true,
      requiresKeystore: false,
    });
  });

  it('takes every field', () => {
    const rules = {
      $schema: 'https://example.com/managed-policy.schema.json',
      version: 1,
      connections: [
        { ...connection, dialect: 'responses', organization: 'org-1', project: 'p', defaultModel: 'gpt-5.2' },
        {
          ...connection,
          id: OTHER_ID,
          provider: 'local',
          baseUrl: 'http://127.0.0.1:11434/v1',
          dialect: 'chat-completions',
        },
      ],
      allowsOwnConnections: false,
      origins: ['https://api.openai.com', 'http://localhost:8080'],
      models: [{ origin: 'https://api.openai.com', names: ['gpt-5*', 'o4-mini'] }, { names: ['*'] }],
      budgets: [
        { connection: ID, monthMicroUsd: 20_000_000 },
        { dayMicroUsd: 0, monthMicroUsd: 1 },
      ],
      allowsDeepLinks: false,
      allowsExport: false,
      requiresKeystore: true,
    };
    expect(parsePolicy(JSON.stringify(rules))).toEqual(rules);
  });

  it('writes ids and URLs the way they are compared', () => {
    const [first] = parse({
      connections: [{ ...connection, id: ID.toUpperCase(), baseUrl: 'https://API.OpenAI.com:443/v1/' }],
    }).connections;
    expect(first).toMatchObject({ id: ID, baseUrl: 'https://api.openai.com/v1', dialect: 'responses' });
  });

  const texts: readonly (readonly [string, RegExp])[] = [
    ['', /JSON/],
    ['{', /JSON/],
    ['{"version": 1', /JSON/],
    ['// no comments\n{"version": 1}', /JSON/],
    ["{'version': 1}", /JSON/],
    ['{"version": 1,}', /JSON/],
    ['{"version": 1}{"version": 1}', /JSON/],
    ['{"version": NaN}', /JSON/],
    ['null', /expected object/],
    ['[]', /expected object/],
    ['"version"', /expected object/],
    ['{}', /version: must be 1/],
    ['{"version": 2}', /version: must be 1/],
    ['{"version": "1"}', /version: must be 1/],
    ['{"version": 1, "version": 1}', /"version" stands twice/],
    ['{"version": 1, "allowsExport": false, "allows\\u0045xport": true}', /"allowsExport" stands twice/],
    ['{"version": 1, "__proto__": {"allowsExport": true}}', /unknown field "__proto__"/],
    ['{"version": 1, "constructor": 1}', /unknown field "constructor"/],
    [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, /expected object/],
    [`{"version":1,"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, /unknown field "x"/],
    [`{"version":1,"models":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`, /models: expected array/],
  ];
  it.each(texts.map(([text, problem]) => [text.slice(0, 60), text, problem] as const))(
    'refuses %s',
    (_start, text, problem) => {
      expect(problemOf(text)).toMatch(problem);
    },
  );

  it('refuses 10 MB at once, valid or not', () => {
    expect(problemOf(`{"version": 1}${' '.repeat(10_000_000)}`)).toMatch(/too large/);
    expect(problemOf('['.repeat(10_000_000))).toMatch(/too large/);
  });

  it.each<[object, RegExp]>([
    [{ connections: [{ ...connection, id: PROXY_OWNER_ID }] }, /needs the id 0{8}-.+ itself/],
    [{ allowDeepLinks: false }, /^unknown field "allowDeepLinks"/],
    [{ allowsExport: 'no' }, /allowsExport: expected boolean/],
    [{ allowsExport: null }, /allowsExport: expected boolean/],
    [{ requiresKeystore: 1 }, /requiresKeystore: expected boolean/],
    [{ connections: {} }, /connections: expected array/],
    [{ connections: [null] }, /connections\[0\]: expected object/],
    [{ connections: [{ ...connection, key: 'sk-x' }] }, /connections\[0\]: unknown field "key"/],
    [{ connections: [{ ...connection, id: 'work' }] }, /connections\[0\]\.id: must be a UUID/],
    [{ connections: [{ ...connection, label: '  ' }] }, /connections\[0\]\.label/],
    [{ connections: [{ ...connection, label: undefined }] }, /connections\[0\]\.label: .*missing/],
    [{ connections: [{ ...connection, provider: 'demo' }] }, /connections\[0\]\.provider/],
    [{ connections: [{ ...connection, dialect: 'soap' }] }, /connections\[0\]\.dialect/],
    [{ connections: [{ ...connection, organization: 'a\r\nX: y' }] }, /organization/],
    [{ connections: [{ ...connection, defaultModel: 'gpt-5*' }] }, /defaultModel: must be a model name/],
    [{ connections: [connection, { ...connection, label: 'Twin' }] }, /stands twice/],
    [{ connections: [connection, { ...connection, id: ID.toUpperCase() }] }, /stands twice/],
    [{ connections: Array.from({ length: 101 }, () => connection) }, /connections: /],
    [{ connections: [{ ...connection, baseUrl: 'api.openai.com/v1' }] }, /baseUrl: .*https/],
    [{ connections: [{ ...connection, baseUrl: 'http://api.openai.com/v1' }] }, /baseUrl: .*http/],
    [{ connections: [{ ...connection, baseUrl: 'https://u:p@api.openai.com' }] }, /baseUrl: .*password/],
    [{ connections: [{ ...connection, baseUrl: 'https://api.openai.com/?x' }] }, /baseUrl: /],
    [{ connections: [{ ...connection, baseUrl: 'https://аpi.openai.com' }] }, /baseUrl: /],
    [{ connections: [{ ...connection, baseUrl: 'file:///etc/passwd' }] }, /baseUrl: /],
    [{ connections: [{ ...connection, provider: 'local' }] }, /"local" server has to be on this computer/],
    [{ origins: ['https://api.openai.com/'] }, /origins\[0\]: must be an origin/],
    [{ origins: ['https://api.openai.com/v1'] }, /origins\[0\]: must be an origin/],
    [{ origins: ['https://API.openai.com'] }, /origins\[0\]: has to be written https:\/\/api\.openai\.com/],
    [{ origins: ['https://api.openai.com:443'] }, /has to be written https:\/\/api\.openai\.com/],
    [{ origins: ['https://*.openai.com'] }, /origins\[0\]: /],
    [{ origins: ['https://api.openai.com.'] }, /origins\[0\]: /],
    [{ origins: ['https://api.openai.com@evil.example'] }, /origins\[0\]: must be an origin/],
    [{ origins: ['https://xn--pi-6kc.openai.com', 'https://аpi.openai.com'] }, /origins\[1\]: /],
    [{ origins: ['http://api.openai.com'] }, /origins\[0\]: .*http/],
    [{ origins: ['null'] }, /origins\[0\]: must be an origin/],
    [{ origins: ['*'] }, /origins\[0\]: must be an origin/],
    [{ models: [{ names: [] }] }, /models\[0\]\.names/],
    [{ models: [{ names: ['gpt-*-mini'] }] }, /models\[0\]\.names\[0\]: must be a model name/],
    [{ models: [{ names: ['*mini'] }] }, /models\[0\]\.names\[0\]: must be a model name/],
    [{ models: [{ names: ['gpt**'] }] }, /models\[0\]\.names\[0\]: must be a model name/],
    [{ models: [{ names: ['gpt 5'] }] }, /models\[0\]\.names\[0\]: must be a model name/],
    [{ models: [{ names: ['gpt\u200b5'] }] }, /models\[0\]\.names\[0\]: must be a model name/],
    [{ models: [{ origin: 'https://x.example/', names: ['a'] }] }, /models\[0\]\.origin: /],
    [{ budgets: [{}] }, /budgets\[0\]: names neither/],
    [{ budgets: [{ connection: ID, dayMicroUsd: 1 }] }, /budgets\[0\]\.connection: no connection/],
    [{ budgets: [{ dayMicroUsd: 1 }, { monthMicroUsd: 1 }] }, /there are two for all connections/],
    [{ budgets: [{ dayMicroUsd: -1 }] }, /budgets\[0\]\.dayMicroUsd/],
    [{ budgets: [{ dayMicroUsd: 0.5 }] }, /whole number/],
    [{ budgets: [{ dayMicroUsd: 1e300 }] }, /budgets\[0\]\.dayMicroUsd/],
    [{ budgets: [{ dayMicroUsd: '1' }] }, /budgets\[0\]\.dayMicroUsd/],
    [
      { connections: [{ ...connection, defaultModel: 'gpt-4o' }], models: [{ names: ['gpt-5*'] }] },
      /connections\[0\]\.defaultModel: "models" does not allow it/i,
    ],
  ])('refuses %j', (rules, problem) => {
    expect(problemWith(rules)).toMatch(problem);
  });

  it('tells a few problems at once, shortly, however many there are', () => {
    const rules = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`field${index}`, 1]));
    expect(problemWith({ ...rules, allowsExport: 1, models: 2 }).length).toBeLessThan(900);
    expect(problemWith({ allowsExport: 1, models: 2 })).toBe(
      'models: expected array, received number; allowsExport: expected boolean, received number.',
    );
  });

  it('shows a strange name without letting it paint over the rest', () => {
    expect(problemWith({ 'a\n\u001b[31m': 1 })).toBe('unknown field "a\\n\\u001b[31m".');
  });
});
