import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateTurns } from '../ledger/estimate-tokens.ts';
import type { ProviderTurn } from '../providers/chat-provider.ts';
import { fitContext, inputLimitOf, reservedOutputFor, type FitRequest } from './fit-context.ts';

/** A turn of about so many tokens, that can be told from others. */
function turn(name: string, tokens = 100): ProviderTurn {
  const role = name.startsWith('q') ? 'user' : 'assistant';
  return { role, text: name.padEnd((tokens - 4) * 4, '.') };
}

const four = [turn('q1'), turn('a1'), turn('q2'), turn('a2'), turn('q3'), turn('a3'), turn('q4')];

/** A window in which exactly so many tokens may be sent. */
function windowFor(inputTokens: number): Pick<FitRequest, 'windowTokens' | 'reservedOutputTokens'> {
  const windowTokens = 100_000;
  return { windowTokens, reservedOutputTokens: inputLimitOf(windowTokens, 0) - inputTokens };
}

const base: FitRequest = {
  turns: four,
  requiredCount: 1,
  systemPrompt: '',
  summary: null,
  ...windowFor(700),
  maxBytes: 50_000_000,
  policy: 'drop-oldest',
};

const namesOf = (turns: readonly ProviderTurn[]): string =>
  turns.map(({ text }) => text.slice(0, 2)).join(' ');

describe('fitContext', () => {
  it.each([
    ['all, where all fits', {}, 'q1 a1 q2 a2 q3 a3 q4', 0],
    ['all, where nobody knows the window', { windowTokens: null }, 'q1 a1 q2 a2 q3 a3 q4', 0],
    ['all but the oldest exchange, when one token is too much', windowFor(699), 'q2 a2 q3 a3 q4', 2],
    ['whole exchanges only', windowFor(499), 'q3 a3 q4', 4],
    ['the last message alone', windowFor(299), 'q4', 6],
    ['the last message when just that fits', windowFor(100), 'q4', 6],
    ['what Continue needs', { ...windowFor(450), requiredCount: 3 }, 'q3 a3 q4', 4],
    [
      'what has to stay, though it begins with an answer',
      { ...windowFor(250), requiredCount: 2 },
      'a3 q4',
      5,
    ],
  ] as const)('keeps %s', (_name, change, kept, omittedCount) => {
    const result = fitContext({ ...base, ...change });
    expect(result.kind).toBe('fits');
    if (result.kind !== 'fits') return;
    expect(namesOf(result.turns)).toBe(kept);
    expect(result.omittedCount).toBe(omittedCount);
  });

  it('counts the system prompt, which always stays', () => {
    const result = fitContext({ ...base, systemPrompt: 'x'.repeat(400) });
    expect(result).toMatchObject({ kind: 'fits', omittedCount: 2 });
  });

  it('puts the summary in front of the first message that is left, in its own turn only before an answer', () => {
    const result = fitContext({ ...base, ...windowFor(650), summary: 'They met.' });
    expect(result).toMatchObject({ kind: 'fits', omittedCount: 2 });
    const [first] = result.kind === 'fits' ? result.turns : [];
    expect(first?.text).toMatch(/^\[Summary of .*\]\nThey met\.\n\[End of the summary\]\n\nq2/);
    const beforeAnswer = fitContext({
      ...base,
      ...windowFor(900),
      turns: four.slice(1),
      summary: 'They met.',
    });
    const roles = beforeAnswer.kind === 'fits' ? beforeAnswer.turns.map(({ role }) => role) : [];
    expect(roles.slice(0, 2)).toEqual(['user', 'assistant']);
  });

  it('says how much it is and how much may be, when the last message alone is too long', () => {
    expect(fitContext({ ...base, ...windowFor(99) })).toEqual({
      kind: 'too-long',
      inputTokens: 100,
      limitTokens: 99,
    });
  });

  it('leaves out nothing when the person wants to be asked, and says how many would have to go', () => {
    const asking = { ...base, policy: 'ask' } as const;
    expect(fitContext(asking)).toMatchObject({ kind: 'fits', omittedCount: 0 });
    expect(fitContext({ ...asking, ...windowFor(499) })).toEqual({
      kind: 'ask',
      omittedCount: 4,
      inputTokens: 700,
      limitTokens: 499,
      bytes: 7 * 96 * 4,
    });
    expect(fitContext({ ...asking, ...windowFor(99) }).kind).toBe('too-long');
  });

  it('looks at every message a fixed number of times, however many there are', () => {
    let looks = 0;
    const watched = (index: number): ProviderTurn => ({
      role: index % 2 === 0 ? 'user' : 'assistant',
      text: 'word '.repeat(100),
      get files() {
        looks += 1;
        return [];
      },
    });
    const turns = Array.from({ length: 2_000 }, (_, index) => watched(index));
    expect(fitContext({ ...base, ...windowFor(1_000), turns }).kind).toBe('fits');
    expect(looks).toBeLessThanOrEqual(3 * turns.length);
  });

  describe('with files', () => {
    const megabytes = (name: string, count: number): ProviderTurn => ({
      ...turn(name),
      files: [
        {
          kind: 'image',
          name: 'a.png',
          mediaType: 'image/png',
          byteCount: count * 1_000_000,
          width: 8,
          height: 8,
          read: () => Promise.reject(new Error('it is only measured')),
        },
      ],
    });
    const turns = [megabytes('q1', 40), turn('a1'), megabytes('q2', 20), turn('a2'), megabytes('q3', 20)];
    const roomy = { ...base, windowTokens: null, turns };

    it('leaves out the oldest exchanges when their files are too many bytes, whatever the window', () => {
      const result = fitContext(roomy);
      expect(result.kind === 'fits' && namesOf(result.turns)).toBe('q2 a2 q3');
      expect(result).toMatchObject({ omittedCount: 2 });
      expect(fitContext({ ...roomy, policy: 'ask' })).toMatchObject({ kind: 'ask', omittedCount: 2 });
    });

    it('refuses what has to stay when it is too many bytes by itself', () => {
      expect(fitContext({ ...roomy, turns: [megabytes('q1', 51)] })).toMatchObject({ kind: 'too-large' });
      expect(fitContext({ ...roomy, requiredCount: 5 })).toMatchObject({ kind: 'too-large' });
    });
  });

  it('for any conversation: within the limit, in order, nothing from the middle, the last message in it, and no more left out than has to be', () => {
    const text = fc.oneof(fc.string({ maxLength: 400 }), fc.string({ unit: 'grapheme', maxLength: 200 }));
    const messages = fc.array(
      fc.record({ role: fc.constantFrom('user' as const, 'assistant' as const), text }),
      {
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(
        messages,
        text,
        fc.option(text, { nil: null }),
        fc.record({
          windowTokens: fc.integer({ min: 0, max: 4_000 }),
          reservedOutputTokens: fc.integer({ min: 0, max: 500 }),
          requiredCount: fc.integer({ min: 1, max: 3 }),
          systemPrompt: fc.string({ maxLength: 200 }),
        }),
        (former, last, summary, change) => {
          const turns: ProviderTurn[] = [...former, { role: 'user', text: last }];
          const request: FitRequest = {
            turns,
            summary,
            policy: 'drop-oldest',
            maxBytes: 50_000_000,
            ...change,
          };
          expect(brokenRules(request)).toEqual([]);
        },
      ),
    );
  });
});

/** What is wrong with how a conversation was made to fit. */
function brokenRules(request: FitRequest): string[] {
  const { turns, systemPrompt, requiredCount } = request;
  const limit = inputLimitOf(request.windowTokens ?? Infinity, request.reservedOutputTokens);
  const result = fitContext(request);
  if (result.kind === 'too-large') return ['was refused for its bytes'];
  if (result.kind !== 'fits') return result.inputTokens > limit ? [] : ['was refused though it fits'];
  const { omittedCount } = result;
  const kept = turns.slice(omittedCount);
  const sent = result.turns.slice(result.turns.length - kept.length);
  const systemTokens = systemPrompt === '' ? 0 : estimateTurns([{ role: 'user', text: systemPrompt }]);
  const isSame = (one: ProviderTurn | undefined, other: ProviderTurn | undefined): boolean =>
    one?.role === other?.role && (one?.text.endsWith(other?.text ?? '') ?? false);
  const next = turns.findLastIndex(({ role }, index) => index < omittedCount && role === 'user');
  const larger = fitContext({ ...request, turns: turns.slice(Math.max(0, next)), windowTokens: null });
  const rules: readonly (readonly [string, boolean])[] = [
    ['is within the limit', systemTokens + estimateTurns(result.turns) <= limit],
    ['keeps what has to stay', omittedCount <= Math.max(0, turns.length - requiredCount)],
    ['keeps the order and everything in between', sent.every((one, index) => isSame(one, kept[index]))],
    ['leaves out no more than has to be', next < 0 || (larger.kind === 'fits' && larger.inputTokens > limit)],
  ];
  return rules.filter(([, holds]) => !holds).map(([rule]) => rule);
}

describe('the room for an answer', () => {
  it.each([
    [null, 8_192],
    [1_050_000, 8_192],
    [32_768, 8_192],
    [8_192, 2_048],
    [4_096, 1_024],
    [0, 0],
  ])('in a window of %j tokens is %i', (windowTokens, tokens) => {
    expect(reservedOutputFor(windowTokens)).toBe(tokens);
  });

  it('leaves more than half of the smallest windows to what is sent', () => {
    for (const windowTokens of [2_048, 4_096, 8_192, 128_000])
      expect(inputLimitOf(windowTokens, reservedOutputFor(windowTokens))).toBeGreaterThan(windowTokens / 2);
  });
});
