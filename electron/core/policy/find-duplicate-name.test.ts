import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findDuplicateName } from './find-duplicate-name.ts';

describe('findDuplicateName', () => {
  it.each([
    ['{"a":1,"a":2}', 'a'],
    ['{"a":{"b":1,"c":[{"d":1,"d":2}]}}', 'd'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['{"a" \n : 1, "x": "a", "a" :2}', 'a'],
    ['{"a\\"":1,"b":0,"a\\"":2}', 'a"'],
    ['{"":1,"":2}', ''],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ])('finds it in %s', (json, name) => {
    expect(findDuplicateName(json)).toBe(name);
  });

  it.each([
    '{}',
    '[]',
    '"a"',
    '1',
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":2}]',
    '{"a":"{\\"a\\":1,\\"a\\":2}"}',
    '{"a":"a","b":"a"}',
    '{"a":["a","a"],"b":"\\\\"}',
    '{"a":"\\\\\\",\\"a\\":"}',
  ])('finds none in %s', (json) => {
    expect(findDuplicateName(json)).toBeNull();
  });

  it('finds none in whatever JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(findDuplicateName(JSON.stringify(value, null, 2))).toBeNull();
      }),
    );
  });

  it('finds any name that is written once more', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), fc.nat(), (object, index) => {
        const names = Object.keys(object);
        const name = names[index % names.length] ?? '';
        const json = `${JSON.stringify(object).slice(0, -1)},${JSON.stringify(name)}:0}`;
        expect(findDuplicateName(json)).toBe(name);
      }),
    );
  });
});
