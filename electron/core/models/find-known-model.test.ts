import { describe, expect, it } from 'vitest';
import { modelCapabilitiesSchema } from '../../contract/model/capabilities.ts';
import { LIST_PRICES } from '../ledger/list-prices.ts';
import { capabilitiesOf } from './capabilities-of.ts';
import { findKnownModel } from './find-known-model.ts';
import { KNOWN_MODELS } from './known-models.ts';
import type { Traits } from './learned-capabilities.ts';

const OPENAI = { origin: 'https://api.openai.com', dialect: 'responses' } as const;
const NOTHING: Traits = { accepted: new Set(), refused: new Set() };

describe('findKnownModel', () => {
  it.each([
    ['gpt-5', 'gpt-5'],
    ['gpt-5-2025-08-07', 'gpt-5'],
    ['gpt-5-pro', 'gpt-5-pro'],
    ['gpt-5-pro-2025-10-06', 'gpt-5-pro'],
    ['gpt-4-0613', 'gpt-4'],
    ['gpt-4o-2024-11-20', 'gpt-4o'],
    ['gpt-4.1-mini-2025-04-14', 'gpt-4.1-mini'],
    ['openai/gpt-5.4', 'gpt-5.4'],
    ['openai/gpt-5.4:floor', 'gpt-5.4'],
    ['gpt-image-2-2026-04-21', 'gpt-image-2'],
  ])('finds %s under %s', (asked, expected) => {
    expect(findKnownModel(asked)?.model).toBe(expected);
  });

  it.each([
    '',
    'gpt',
    'gpt-5-ultra',
    'gpt-5-2025-08-07-x',
    'my-gpt-5',
    'someone/gpt-5',
    'llama3.3:70b',
    '__proto__',
    'constructor',
    `gpt-5${'-2025-08-07'.repeat(20)}`,
  ])('does not take %j for a model it knows', (asked) => {
    expect(findKnownModel(asked)).toBeNull();
  });

  it('takes the longest name when two would do', () => {
    const [model] = KNOWN_MODELS;
    if (model === undefined) throw new Error('the table is empty');
    const known = [
      { ...model, model: 'm' },
      { ...model, model: 'm-0301' },
    ];
    expect(findKnownModel('m-0301', known)?.model).toBe('m-0301');
    expect(findKnownModel('m-0301', known.toReversed())?.model).toBe('m-0301');
    expect(findKnownModel('m-0301-0613', known)?.model).toBe('m-0301');
  });
});

describe('the table of models', () => {
  it('has every model once, with a source and limits that can be', () => {
    const names = KNOWN_MODELS.map(({ model }) => model);
    expect(new Set(names).size).toBe(names.length);
    for (const known of KNOWN_MODELS) {
      const capabilities = capabilitiesOf(OPENAI, known.model, NOTHING);
      modelCapabilitiesSchema.parse(capabilities);
      expect(capabilities.source?.url).toMatch(/^https:\/\/developers\.openai\.com\//);
      expect(known.maxOutputTokens ?? 0).toBeLessThanOrEqual(known.contextTokens ?? 0);
    }
  });

  it('knows what every model can do whose price is listed', () => {
    expect(LIST_PRICES.map(({ model }) => model).filter((model) => findKnownModel(model) === null)).toEqual(
      [],
    );
  });
});

describe('capabilitiesOf', () => {
  it('knows OpenAI’s own tools at OpenAI only, and only in the API that has them', () => {
    expect(capabilitiesOf(OPENAI, 'gpt-5.4', NOTHING)).toMatchObject({
      imageInput: 'yes',
      fileInput: 'yes',
      webSearch: 'yes',
      imageGeneration: 'yes',
    });
    const inChat = { ...OPENAI, dialect: 'chat-completions' } as const;
    expect(capabilitiesOf(inChat, 'gpt-5.4', NOTHING)).toMatchObject({
      webSearch: 'no',
      imageGeneration: 'no',
    });
    expect(capabilitiesOf({ ...OPENAI, origin: 'https://proxy.example' }, 'gpt-5.4', NOTHING)).toMatchObject({
      imageInput: 'yes',
      fileInput: 'unknown',
      webSearch: 'unknown',
      imageGeneration: 'unknown',
      contextTokens: 1_050_000,
    });
  });

  it('knows nothing of a model that is not in the table', () => {
    expect(capabilitiesOf(OPENAI, 'llama', NOTHING)).toMatchObject({
      efforts: null,
      webSearch: 'unknown',
      contextTokens: null,
      source: null,
    });
  });

  it('believes a server more than the table', () => {
    const learned: Traits = {
      accepted: new Set(['effort:minimal', 'web-search']),
      refused: new Set(['effort:xhigh', 'verbosity', 'image-input']),
    };
    expect(capabilitiesOf({ ...OPENAI, origin: 'https://proxy.example' }, 'gpt-5.4', learned)).toMatchObject({
      efforts: ['none', 'minimal', 'low', 'medium', 'high'],
      verbosities: [],
      webSearch: 'yes',
      imageInput: 'no',
    });
    expect(capabilitiesOf(OPENAI, 'llama', learned).efforts).toEqual([
      'none',
      'minimal',
      'low',
      'medium',
      'high',
      'max',
    ]);
    expect(capabilitiesOf(OPENAI, 'llama', { ...learned, refused: new Set(['effort']) }).efforts).toEqual([]);
  });
});
