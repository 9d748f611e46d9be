import { describe, expect, it } from 'vitest';

import { summaryPrompt } from '../../electron/core/beside/summary-prompt.ts';
import { titlePrompt } from '../../electron/core/beside/title-prompt.ts';
import { demoAnswer } from './demo-answer.mjs';

const answerTo = (content: unknown) => demoAnswer({ messages: [{ role: 'user', content }] });

describe('demoAnswer', () => {
  it('says that it is a demo, and quotes the last question', () => {
    const { content } = demoAnswer({
      messages: [
        { role: 'user', content: 'first' },
        { role: 'assistant', content: 'reply' },
        { role: 'user', content: [{ type: 'text', text: 'second' }] },
      ],
    });
    expect(content).toContain('“second”');
    expect(content).not.toContain('first');
    expect(content).toContain('local demo');
    expect(content.length).toBeGreaterThan(900);
    expect(content.length).toBeLessThan(1500);
  });

  it('shows where thoughts of a model would stand', () => {
    expect(answerTo('hi').reasoning).toContain('would think');
  });

  it.each([
    '<img src=x onerror=alert(1)>',
    '``` \n# heading\n| a |',
    '[link](https://example.com)',
    '**bold**\n\n---',
  ])('quotes %j without its markup', (question) => {
    const quote = /“(.*)”/.exec(answerTo(question).content)?.[1];
    expect(quote).not.toMatch(/[<>`*#|[\]]/);
  });

  it.each([
    ['an empty string', ''],
    ['nothing', undefined],
    ['an image only', [{ type: 'image_url' }]],
  ])('answers %s', (_what, content) => {
    expect(answerTo(content).content).toContain('no text that I could quote');
  });

  it('names a conversation by its first words, and lists its questions as a summary', () => {
    const turns = titlePrompt('How do **leases** work in a distributed system?', 'By time.');
    const [name] = turns.map(({ text }) => answerTo(text).content);
    expect(name).toBe('How do leases work in (demo)');
    const [summary] = summaryPrompt({
      former: null,
      turns: [
        { role: 'user', text: 'first' },
        { role: 'assistant', text: 'reply' },
        { role: 'user', text: 'second' },
      ],
      limitTokens: null,
    }).map(({ text }) => answerTo(text).content);
    expect(summary).toContain('“first”');
    expect(summary).toContain('“second”');
  });

  it('cuts a long question, and counts all of it', () => {
    const { content, usage } = answerTo('word '.repeat(100_000));
    expect(content.length).toBeLessThan(1500);
    expect(usage.input_tokens).toBe(125_000);
  });
});
