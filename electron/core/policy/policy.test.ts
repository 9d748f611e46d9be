import { describe, expect, it } from 'vitest';
import { parsePolicy } from './parse-policy.ts';
import { assertExportAllowed } from './assert-export-allowed.ts';
import { CLOSED_POLICY, createPolicy, OPEN_POLICY } from './policy.ts';

const ID = '6f1c1b1e-3d0b-4f57-9a35-2c7a1f0e9b11';
const OWN_ID = 'd3b9a3c2-6a1e-4d53-8a8e-0b5a5a1f7c22';
const OPENAI = 'https://api.openai.com';
const work = { id: ID, label: 'Work', provider: 'openai', baseUrl: `${OPENAI}/v1` };

const policyOf = (rules: object) => createPolicy('/p', parsePolicy(JSON.stringify({ version: 1, ...rules })));

describe('the origins of a policy', () => {
  const policy = policyOf({ connections: [work], origins: ['https://gateway.example.com:8443'] });

  it.each([OPENAI, 'https://gateway.example.com:8443'])('allow %s', (origin) => {
    expect(policy.allowsOrigin(origin)).toBe(true);
  });

  it.each([
    'https://gateway.example.com',
    'http://gateway.example.com:8443',
    'https://gateway.example.com:8443/',
    'https://gateway.example.com:8443.evil.example',
    'https://evil.example/https://gateway.example.com:8443',
    'https://gateway.example.com:8443@evil.example',
    'https://sub.gateway.example.com:8443',
    'https://GATEWAY.example.com:8443',
    'https://api.openai.com.',
    'https://api.openai.com:443',
    'https://аpi.openai.com',
    'https://api.openai.com\u200b',
    'null',
    '',
    '*',
    '__proto__',
  ])('refuse %s', (origin) => {
    expect(policy.allowsOrigin(origin)).toBe(false);
  });

  it('are any where the policy names none', () => {
    expect(policyOf({ connections: [work] }).allowsOrigin('https://anything.example')).toBe(true);
    expect(policyOf({ origins: [] }).allowsOrigin('https://anything.example')).toBe(false);
  });
});

describe('the models of a policy', () => {
  const policy = policyOf({
    models: [
      { origin: OPENAI, names: ['gpt-5*', 'o4-mini', 'a.c'] },
      { names: ['everywhere'] },
      { origin: 'https://free.example', names: ['*'] },
    ],
  });

  it.each([
    [OPENAI, 'gpt-5'],
    [OPENAI, 'gpt-5.2-mini'],
    [OPENAI, 'o4-mini'],
    [OPENAI, 'everywhere'],
    ['https://other.example', 'everywhere'],
    ['https://free.example', 'anything/at:all'],
  ])('allow at %s %s', (origin, model) => {
    expect(policy.allowsModel(origin, model)).toBe(true);
  });

  it.each([
    [OPENAI, 'gpt-4o'],
    [OPENAI, 'GPT-5'],
    [OPENAI, 'xgpt-5'],
    [OPENAI, ' gpt-5'],
    [OPENAI, 'o4-mini-high'],
    [OPENAI, 'o4-min'],
    [OPENAI, 'abc'],
    [OPENAI, '*'],
    [OPENAI, ''],
    [OPENAI, 'gpt-5 but really gpt-4o'],
    [OPENAI, 'gpt-5\n'],
    [OPENAI, 'gpt-5\u0000'],
    [OPENAI, 'gpt-5\u200b'],
    [OPENAI, 'gpt-5\u202e'],
    [OPENAI, 'gpt-\uff15'],
    [OPENAI, 'ɡpt-5'],
    [`${OPENAI}/`, 'gpt-5'],
    ['https://other.example', 'gpt-5'],
    ['https://free.example', 'any thing'],
    ['https://free.example.evil.example', 'anything'],
  ])('refuse at %s %j', (origin, model) => {
    expect(policy.allowsModel(origin, model)).toBe(false);
  });

  it('are any where the policy names none, and none where its list is empty', () => {
    expect(policyOf({}).allowsModel(OPENAI, 'whatever it is')).toBe(true);
    expect(policyOf({ models: [] }).allowsModel(OPENAI, 'gpt-5')).toBe(false);
  });
});

describe('the connections of a policy', () => {
  it('are never refused, and are the only ones where own ones are not allowed', () => {
    const policy = policyOf({ connections: [work], allowsOwnConnections: false });
    expect(policy.refusalOf({ id: ID, origin: OPENAI })).toBeNull();
    expect(policy.isManaged(ID)).toBe(true);
    expect(policy.isManaged(OWN_ID)).toBe(false);
    expect(policy.refusalOf({ id: OWN_ID, origin: OPENAI })).toBe('policy/own-connections');
  });

  it('leave own ones where their origin is allowed', () => {
    const policy = policyOf({ connections: [work], origins: [] });
    expect(policy.refusalOf({ id: OWN_ID, origin: OPENAI })).toBeNull();
    expect(policy.refusalOf({ id: OWN_ID, origin: 'https://else.example' })).toBe('policy/origin');
  });
});

describe('the budgets of a policy', () => {
  it('are those of the connection and those of all together', () => {
    const all = { dayMicroUsd: 5 };
    const own = { connection: ID, monthMicroUsd: 7 };
    const policy = policyOf({ connections: [work], budgets: [own, all] });
    expect(policy.budgetsFor(ID)).toEqual([own, all]);
    expect(policy.budgetsFor(OWN_ID)).toEqual([all]);
    expect(policyOf({}).budgetsFor(ID)).toEqual([]);
  });
});

describe('assertExportAllowed', () => {
  it('throws where the policy says so', () => {
    expect(() => assertExportAllowed(policyOf({}))).not.toThrow();
    expect(() => assertExportAllowed(policyOf({ allowsExport: false }))).toThrow(
      expect.objectContaining({ code: 'policy/export' }) as Error,
    );
  });
});

describe('without a policy', () => {
  it('everything is allowed', () => {
    expect(OPEN_POLICY.inForce).toBeNull();
    expect(OPEN_POLICY.allowsOrigin('https://anything.example')).toBe(true);
    expect(OPEN_POLICY.allowsModel(OPENAI, 'any')).toBe(true);
    expect(OPEN_POLICY.refusalOf({ id: ID, origin: OPENAI })).toBeNull();
    expect(OPEN_POLICY.budgetsFor(ID)).toEqual([]);
  });

  it('but with one that cannot be used, nothing is', () => {
    const { allowsOwnConnections, allowsDeepLinks, allowsExport, requiresKeystore } = CLOSED_POLICY;
    expect([allowsOwnConnections, allowsDeepLinks, allowsExport]).toEqual([false, false, false]);
    expect(requiresKeystore).toBe(true);
    expect(CLOSED_POLICY.allowsOrigin(OPENAI)).toBe(false);
    expect(CLOSED_POLICY.allowsModel(OPENAI, 'gpt-5')).toBe(false);
    expect(CLOSED_POLICY.refusalOf({ id: ID, origin: OPENAI })).not.toBeNull();
    expect(CLOSED_POLICY.budgetsFor(ID)).toEqual([{ monthMicroUsd: 0, dayMicroUsd: 0 }]);
  });
});
