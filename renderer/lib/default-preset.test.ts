import { describe, expect, it } from 'vitest';
import type { ListedPreset, NewChat } from '../../electron/contract/model/preset.ts';
import { targetOf, withDefaultTarget } from './default-preset.ts';
import { PLAIN_GENERATION } from './plain-generation.ts';

const preset = (obstacle: ListedPreset['obstacle']): ListedPreset => ({
  id: 'preset',
  name: 'Poet',
  connectionId: 'a',
  model: 'm',
  generation: PLAIN_GENERATION,
  obstacle,
});
const untouched: NewChat = { connectionId: null, keyId: null, model: null, generation: null };

describe('targetOf', () => {
  it.each([
    [null, 'a', 'm'],
    ['connection-removed', null, null],
    ['connection-refused', null, null],
    ['model-refused', 'a', null],
  ] as const)('with the obstacle %j lets %j and %j come into force', (obstacle, connectionId, model) => {
    expect(targetOf(preset(obstacle))).toEqual({ connectionId, model });
  });
});

describe('withDefaultTarget', () => {
  it('gives an untouched new chat what the preset names, and leaves one alone that was touched', () => {
    expect(withDefaultTarget(untouched, preset(null))).toMatchObject({ connectionId: 'a', model: 'm' });
    expect(withDefaultTarget(untouched, null)).toBe(untouched);
    for (const touched of [
      { ...untouched, connectionId: 'b' },
      { ...untouched, model: 'other' },
    ]) {
      expect(withDefaultTarget(touched, preset(null))).toBe(touched);
    }
  });
});
