import { readFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { policyRulesSchema } from '../../../electron/contract/model/policy.ts';
import { parsePolicy } from '../../../electron/core/policy/parse-policy.ts';
import { findPolicyPlace } from '../../../electron/main/platform/policy-file.ts';

const DOCS = path.resolve(import.meta.dirname, '../../../docs');
const SCHEMA = path.join(DOCS, 'managed-policy.schema.json');
const page = readFileSync(path.join(DOCS, 'managed-policy.md'), 'utf8');
const examples = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, json = '']) => json);

describe('docs/managed-policy.schema.json', () => {
  // After a change of the schema: npx vitest run --project integration documentation -u
  it('is what the parser takes', async () => {
    const schema = z.toJSONSchema(policyRulesSchema, { io: 'input' });
    const options = { ...(await resolveConfig(SCHEMA)), filepath: SCHEMA };
    await expect(await format(JSON.stringify(schema), options)).toMatchFileSnapshot(SCHEMA);
  });
});

describe('docs/managed-policy.md', () => {
  it('has examples, and each is a valid policy', () => {
    expect(examples.length).toBeGreaterThan(5);
    for (const example of examples) expect(() => parsePolicy(example), example).not.toThrow();
  });

  it('shows every field in an example, and explains every one', () => {
    const fields = Object.keys(policyRulesSchema.shape);
    const { connections, models, budgets } = policyRulesSchema.shape;
    const inner = [connections.unwrap().element, models.unwrap().element, budgets.unwrap().element];
    const all = [...fields, ...inner.flatMap(({ shape }) => Object.keys(shape))];
    const shown = examples.join('\n');
    expect(all.filter((field) => !shown.includes(`"${field}"`))).toEqual([]);
    expect(all.filter((field) => !page.includes(`\`${field}\``))).toEqual([]);
  });

  it('names the place of every system', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const)
      expect(page).toContain(findPolicyPlace(null, platform).path);
  });
});
