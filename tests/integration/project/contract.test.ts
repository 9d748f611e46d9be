import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { events, routes, type RouteName } from '../../../electron/contract/contract.ts';
import { keyStatusSchema } from '../../../electron/contract/model/connection.ts';
import { proves } from '../../harness/proves.ts';

type Schema = z.core.JSONSchema.BaseSchema;
interface Property {
  readonly name: string;
  readonly schema: Schema;
}

const names = Object.keys(routes) as RouteName[];
// `keyId` is an id, and `keystore` tells of the operating system's; what is below either is looked at all the same.
const namesOfSecrets = /key(?!Id|store)|secret|token|credential|bearer|authorization|passw|passphrase/i;

describe('the contract', () => {
  it.each(names)('says which windows may call %s', (name) => {
    const windows: readonly string[] = routes[name].windows;
    expect(windows.length).toBeGreaterThan(0);
    expect(windows.filter((kind) => !['chat', 'key', 'image'].includes(kind))).toEqual([]);
  });

  it.each(names)('lets %s take no property that it does not name', (name) => {
    expect(objectsIn(toJson(routes[name].input, 'input')).filter((each) => isOpen(each))).toEqual([]);
  });

  it('takes a key or a password in two routes, which the chat window may not call', proves('no-get'), () => {
    const takeKeys = names.filter((name) =>
      propertiesIn(toJson(routes[name].input, 'input')).some(
        (property) => namesOfSecrets.test(property.name) && takesText(property.schema),
      ),
    );
    expect(takeKeys).toEqual(['keyWindow.save', 'keyWindow.saveProxy']);
    expect(takeKeys.map((name) => routes[name].windows)).toEqual([['key'], ['key']]);
  });

  it('gives a key away in no answer and no event', proves('no-get'), () => {
    const given = [
      ...names.map((name) => [name, routes[name].output] as const),
      ...Object.entries(events).map(([name, schema]) => [name, schema as z.ZodType] as const),
    ];
    const leaks = given.flatMap(([name, schema]) =>
      propertiesIn(toJson(schema, 'output'))
        .filter((property) => namesOfSecrets.test(property.name) && takesText(property.schema, isKeyStatus))
        .map((property) => `${name}: ${property.name}`),
    );
    expect(leaks).toEqual([]);
  });

  it('tells of a key its status, and four characters at most', proves('no-get'), () => {
    expect(Object.keys(keyStatusSchema.shape).toSorted()).toEqual([
      'breadth',
      'createdAt',
      'expiresAt',
      'id',
      'label',
      'last4',
      'lastOutcome',
      'lastTestedAt',
      'lastUsedAt',
      'origin',
      'requestCount',
      'restsIn',
      'state',
      'wayBack',
    ]);
    expect(keyStatusSchema.shape.last4.safeParse('12345').success).toBe(false);
    const shown = names.flatMap((name) =>
      propertiesIn(toJson(routes[name].output, 'output')).filter(
        ({ name: property }) => property === 'last4',
      ),
    );
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.filter(({ schema }) => schema.maxLength !== 4)).toEqual([]);
  });
});

describe('the walk through a schema', () => {
  it('finds text under a secret name however deep', () => {
    const hidden = z.strictObject({
      list: z.array(
        z.union([z.null(), z.strictObject({ apiKey: z.strictObject({ value: z.string() }).optional() })]),
      ),
    });
    const found = propertiesIn(toJson(hidden, 'input')).filter(({ name }) => namesOfSecrets.test(name));
    expect(found.map(({ schema }) => takesText(schema))).toEqual([true]);
    expect(takesText(toJson(z.unknown(), 'input'))).toBe(true);
    expect(takesText(toJson(z.record(z.string(), z.string()), 'input'))).toBe(true);
    expect(takesText(toJson(z.enum(['enter']), 'input'))).toBe(false);
    expect(takesText(toJson(z.boolean().nullable(), 'input'))).toBe(false);
  });
});

function toJson(schema: z.ZodType, io: 'input' | 'output'): Schema {
  return z.toJSONSchema(schema, { io, reused: 'inline', unrepresentable: 'any' });
}

function propertiesIn(schema: Schema): Property[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, value]) =>
    typeof value === 'object' ? [{ name, schema: value }] : [],
  );
  return [...own, ...partsOf(schema).flatMap((part) => propertiesIn(part))];
}

function objectsIn(schema: Schema): Schema[] {
  return [
    ...(schema.type === 'object' ? [schema] : []),
    ...partsOf(schema).flatMap((part) => objectsIn(part)),
  ];
}

const isOpen = (schema: Schema): boolean => schema.additionalProperties !== false;

function partsOf(schema: Schema): Schema[] {
  const parts = [
    ...Object.values(schema.properties ?? {}),
    ...[schema.items ?? []].flat(),
    ...(schema.prefixItems ?? []),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(schema.allOf ?? []),
    schema.additionalProperties,
  ];
  return parts.filter((part): part is Schema => typeof part === 'object');
}

/** Whether some text of the caller's choice fits, anywhere inside. */
function takesText(schema: Schema, isHarmless: (schema: Schema) => boolean = () => false): boolean {
  if (isHarmless(schema)) return false;
  if (schema.enum !== undefined || schema.const !== undefined) return false;
  if (schema.type === 'string') return true;
  const parts = partsOf(schema);
  if (schema.type === undefined && parts.length === 0) return true;
  return parts.some((part) => takesText(part, isHarmless));
}

function isKeyStatus(schema: Schema): boolean {
  const keys = Object.keys(schema.properties ?? {});
  return !isOpen(schema) && keys.join() === Object.keys(keyStatusSchema.shape).join();
}
