import { describe, expect, it } from 'vitest';
import { PLAIN_GENERATION } from '../../contract/model/plain.ts';
import type { Generation } from '../../contract/model/generation.ts';
import { capabilitiesOf } from './capabilities-of.ts';
import { chooseParts, traitsOf } from './choose-parts.ts';
import type { Traits } from './learned-capabilities.ts';

const NOTHING: Traits = { accepted: new Set(), refused: new Set() };
const EVERYTHING: Partial<Generation> = {
  effort: 'high',
  verbosity: 'low',
  usesWebSearch: true,
  makesImages: true,
};

function choose(options: {
  model: string;
  dialect: 'responses' | 'chat-completions';
  generation?: Partial<Generation>;
  learned?: Traits;
  origin?: string;
}): string[] {
  const { model, dialect, generation = {}, learned = NOTHING, origin = 'https://api.openai.com' } = options;
  const request = {
    generation: { ...PLAIN_GENERATION, ...generation },
    turns: [{ role: 'user' as const, text: 'hi' }],
  };
  const capabilities = capabilitiesOf({ origin, dialect }, model, learned);
  return [...chooseParts({ request, dialect }, { capabilities, learned })].toSorted();
}

describe('chooseParts', () => {
  it.each([
    ['gpt-5.4', 'responses', {}, ['reasoning-summary']],
    ['gpt-5.4', 'responses', { effort: 'none' }, ['effort']],
    [
      'gpt-5.4',
      'responses',
      EVERYTHING,
      ['effort', 'image-generation', 'reasoning-summary', 'verbosity', 'web-search'],
    ],
    ['gpt-5.4', 'responses', { effort: 'minimal' }, ['reasoning-summary']],
    ['gpt-5', 'responses', { effort: 'minimal' }, ['effort', 'reasoning-summary']],
    ['gpt-5', 'responses', { effort: 'minimal', usesWebSearch: true }, ['reasoning-summary', 'web-search']],
    ['gpt-5.4', 'chat-completions', EVERYTHING, ['effort', 'usage-in-stream', 'verbosity']],
    ['gpt-4.1', 'responses', EVERYTHING, ['image-generation', 'web-search']],
    ['gpt-4.1', 'chat-completions', EVERYTHING, ['usage-in-stream']],
    ['gpt-4o-search-preview', 'chat-completions', EVERYTHING, ['usage-in-stream', 'web-search']],
    ['o3-mini', 'responses', EVERYTHING, ['effort', 'reasoning-summary']],
    ['gpt-3.5-turbo', 'responses', EVERYTHING, []],
    ['something-else', 'responses', {}, []],
    [
      'something-else',
      'responses',
      EVERYTHING,
      ['effort', 'image-generation', 'reasoning-summary', 'verbosity', 'web-search'],
    ],
    [
      'something-else',
      'chat-completions',
      EVERYTHING,
      ['effort', 'usage-in-stream', 'verbosity', 'web-search'],
    ],
  ] as const)('sends to %s over %s for %j no more than %j', (model, dialect, generation, expected) => {
    expect(choose({ model, dialect, generation })).toEqual(expected);
  });

  it('leaves out what the server has refused, and takes up what it has taken', () => {
    const learned: Traits = {
      accepted: new Set(['web-search']),
      refused: new Set(['effort:high', 'verbosity', 'usage-in-stream', 'reasoning-summary']),
    };
    const dialect = 'chat-completions';
    expect(choose({ model: 'x', dialect, generation: EVERYTHING, learned })).toEqual(['web-search']);
    expect(choose({ model: 'x', dialect, generation: { ...EVERYTHING, effort: 'low' }, learned })).toEqual([
      'effort',
      'web-search',
    ]);
  });

  it('remembers of an answer the values that were sent', () => {
    const request = { generation: { ...PLAIN_GENERATION, ...EVERYTHING }, turns: [] };
    expect(traitsOf(new Set(['effort', 'verbosity', 'web-search']), request)).toEqual([
      'effort',
      'effort:high',
      'verbosity',
      'verbosity:low',
      'web-search',
    ]);
  });
});
