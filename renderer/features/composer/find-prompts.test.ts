import { describe, expect, it } from 'vitest';
import { findPrompts } from './find-prompts.ts';

const prompts = ['Translate', 'Explain an error', 'An error, explained', 'Ünder review'].map((name) => ({
  id: name,
  name,
  text: 'error',
}));

describe('findPrompts', () => {
  it.each([
    ['', ['An error, explained', 'Explain an error', 'Translate', 'Ünder review']],
    ['an', ['An error, explained', 'Explain an error', 'Translate']],
    ['explain', ['Explain an error', 'An error, explained']],
    [' error  expl ', ['An error, explained', 'Explain an error']],
    ['ÜNDER', ['Ünder review']],
    ['nothing', []],
    ['(', []],
    ['error.*', []],
  ])('finds for %j %j', (filter, names) => {
    expect(findPrompts(prompts, filter).map(({ name }) => name)).toEqual(names);
  });
});
