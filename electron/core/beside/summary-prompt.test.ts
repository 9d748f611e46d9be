import { describe, expect, it } from 'vitest';
import { estimateTurns } from '../ledger/estimate-tokens.ts';
import type { ProviderTurn } from '../providers/chat-provider.ts';
import { summaryPrompt } from './summary-prompt.ts';

const turns: ProviderTurn[] = [
  { role: 'user', text: 'short question' },
  { role: 'assistant', text: `long answer ${'x'.repeat(40_000)}` },
  { role: 'user', text: `long question ${'y'.repeat(20_000)}` },
  { role: 'assistant', text: 'short answer' },
];

describe('summaryPrompt', () => {
  it('is one message with everything in it, where the window is not known', () => {
    const prompt = summaryPrompt({ former: null, turns, limitTokens: null });
    expect(prompt).toHaveLength(1);
    for (const { text } of turns) expect(prompt[0]?.text).toContain(text);
  });

  it('shortens the longest messages only, and keeps within the limit', () => {
    const prompt = summaryPrompt({ former: 'What came before.', turns, limitTokens: 4_000 });
    const text = prompt[0]?.text ?? '';
    expect(estimateTurns(prompt)).toBeLessThanOrEqual(4_000);
    expect(text).toContain('User: short question');
    expect(text).toContain('Assistant: short answer');
    expect(text).toContain('What came before.');
    expect(text.match(/x+/g)?.at(-1)?.length).toBeCloseTo(text.match(/y+/g)?.at(-1)?.length ?? 0, -2);
  });

  it('never cuts through a character', () => {
    const emoji = [{ role: 'user', text: '🙂'.repeat(9_001) } as const];
    expect(summaryPrompt({ former: null, turns: emoji, limitTokens: 1_001 })[0]?.text).not.toMatch(
      /[\ud800-\udbff](?![\udc00-\udfff])/,
    );
  });

  it('asks for something even where there is no room at all', () => {
    expect(summaryPrompt({ former: null, turns, limitTokens: 0 })[0]?.text).toContain('User:');
  });
});
