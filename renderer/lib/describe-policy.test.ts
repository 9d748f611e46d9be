import { describe, expect, it } from 'vitest';
import type { PolicyRules } from '../../electron/contract/model/policy.ts';
import { describePolicy } from './describe-policy.ts';

const ID = '6f1c1b1e-3d0b-4f57-9a35-2c7a1f0e9b11';
const open: PolicyRules = {
  version: 1,
  connections: [],
  allowsOwnConnections: true,
  budgets: [],
  allowsDeepLinks: true,
  allowsExport: true,
  requiresKeystore: false,
};
const work: PolicyRules['connections'][number] = {
  id: ID,
  label: 'Work',
  provider: 'openai',
  baseUrl: 'https://api.openai.com/v1',
  dialect: 'responses',
};

describe('describePolicy', () => {
  it('says the least of a policy that only opens', () => {
    expect(describePolicy(open)).toEqual(['You add your own connections.']);
  });

  it('says every restriction in a sentence of its own', () => {
    const rules: PolicyRules = {
      ...open,
      connections: [work, { ...work, id: 'x', label: 'Research' }],
      allowsOwnConnections: false,
      origins: ['https://gateway.example.com'],
      models: [{ origin: 'https://api.openai.com', names: ['gpt-5*', 'o4-mini'] }, { names: ['*'] }],
      budgets: [{ connection: ID, monthMicroUsd: 20_000_000, dayMicroUsd: 1_500_000 }, { dayMicroUsd: 10 }],
      allowsDeepLinks: false,
      allowsExport: false,
      requiresKeystore: true,
    };
    expect(describePolicy(rules)).toEqual([
      'Work and Research are set up for you; no other connection can be used.',
      'Only the addresses of these connections and gateway.example.com may be contacted.',
      'Models that may be asked at api.openai.com: any gpt-5… and o4-mini.',
      'Any model may be asked.',
      'Limit of Work: $20.00 a month and $1.50 a day.',
      'Limit for all connections together: $0.00001 a day.',
      'A key is taken only where your system can keep it encrypted.',
      'Links from other programs are turned off.',
      'Conversations cannot be exported.',
    ]);
  });

  it.each<[Partial<PolicyRules>, string]>([
    [{ allowsOwnConnections: false }, 'No connection can be added.'],
    [{ connections: [work] }, 'Work is set up for you; you can add connections of your own.'],
    [{ origins: [] }, 'No address may be contacted.'],
    [{ origins: ['https://a.example'] }, 'Only a.example may be contacted.'],
    [{ connections: [work], origins: [] }, 'Only the addresses of these connections may be contacted.'],
    [{ models: [] }, 'No model may be asked.'],
    [{ models: [{ names: ['a'] }] }, 'Models that may be asked: a.'],
  ])('says what %j means', (rules, sentence) => {
    expect(describePolicy({ ...open, ...rules })).toContain(sentence);
  });

  it('counts what would be too long to read', () => {
    const names = Array.from({ length: 40 }, (_, index) => `m${index}`);
    expect(describePolicy({ ...open, models: [{ names }] })).toContain(
      'Models that may be asked: m0, m1, m2, m3, m4, and 35 more.',
    );
  });
});
