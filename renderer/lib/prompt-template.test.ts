import { describe, expect, it } from 'vitest';
import { fillTemplate, parseTemplate } from './prompt-template.ts';

const TODAY = new Date(2026, 10, 6);

/** Every variable as `<name>`, so that a row shows what is one. */
function marked(prompt: string): string {
  const template = parseTemplate(prompt);
  return fillTemplate(template, new Map(template.variables.map(({ name }) => [name, `<${name}>`])), TODAY);
}

describe('parseTemplate', () => {
  it.each([
    ['no variables', 'Hello', 'Hello'],
    ['nothing', '', ''],
    ['one', 'Hi {{name}}!', 'Hi <name>!'],
    ['one twice', '{{a}}{{a}}', '<a><a>'],
    ['spaces around a name', '{{  file name  }}', '<file name>'],
    ['a default', '{{language=English}}', '<language>'],
    ['an empty default', '{{language=}}', '<language>'],
    ['an equals sign in a default', '{{sum=1+1=2}}', '<sum>'],
    ['the date', 'On {{date}}', 'On 2026-11-06'],
    ['the date with a default, which it does not need', '{{date=never}}', '2026-11-06'],
    ['another case than the date', '{{Date}}', '<Date>'],
    ['escaped braces', String.raw`\{{name}}`, '{{name}}'],
    ['an escaped backslash', String.raw`\\{{name}}`, String.raw`\<name>`],
    ['a backslash elsewhere', String.raw`C:\dir \{ {{a}}`, String.raw`C:\dir \{ <a>`],
    ['nested braces', '{{a{{b}}c}}', '{{a<b>c}}'],
    ['three braces', '{{{name}}}', '{<name>}'],
    ['four braces', '{{{{name}}}}', '{{<name>}}'],
    ['an opening alone', 'a {{ b', 'a {{ b'],
    ['an opening alone before a whole one', '{{ {{a}}', '{{ <a>'],
    ['a closing alone', 'a }} b', 'a }} b'],
    ['nothing between', '{{}}', '{{}}'],
    ['spaces between', '{{  }}', '{{  }}'],
    ['no name before a default', '{{=x}}', '{{=x}}'],
    ['a brace in a default', '{{a=}x}}', '{{a=}x}}'],
    ['a line break in a name', '{{a\nb}}', '{{a\nb}}'],
    ['a line break in a default', '{{a=b\nc}}', '<a>'],
    ['a NUL in a name', '{{a\0b}}', '{{a\0b}}'],
    ['a name that is too long', `{{${'n'.repeat(61)}}}`, `{{${'n'.repeat(61)}}}`],
    ['a default that is too long', `{{a=${'n'.repeat(1_001)}}}`, `{{a=${'n'.repeat(1_001)}}}`],
    ['a Hebrew name', '{{שם}}', '<שם>'],
    ['a Chinese name', '{{语言=英语}}', '<语言>'],
    ['a name that turns the direction', '{{a\u202eb}}', '{{a\u202eb}}'],
    ['a name with an isolate', '{{\u2066a\u2069}}', '{{\u2066a\u2069}}'],
    ['a name of an object', '{{__proto__}} {{constructor}}', '<__proto__> <constructor>'],
    ['a lone surrogate', '{{\ud800}}', '<\ud800>'],
  ])('reads %s', (_what, prompt, shown) => {
    expect(marked(prompt)).toBe(shown);
  });

  it('asks for each variable once, in the order in which they stand, with the first default that is written', () => {
    expect(parseTemplate('{{b}} {{a=1}} {{date}} {{b=2}} {{a=3}}').variables).toEqual([
      { name: 'b', defaultValue: '2' },
      { name: 'a', defaultValue: '1' },
    ]);
  });

  it('takes two spellings of one name for the same', () => {
    expect(parseTemplate('{{caf\u00e9}}{{cafe\u0301}}').variables).toHaveLength(1);
  });

  it('asks for no more than fifty, and leaves the rest as it is written', () => {
    const prompt = Array.from({ length: 10_000 }, (_each, index) => `{{v${index}}}`).join(' ');
    const { variables } = parseTemplate(prompt);
    expect(variables).toHaveLength(50);
    expect(marked(prompt)).toContain('<v49> {{v50}} {{v51}}');
  });

  it('stays fast on what was made to slow it down', () => {
    const started = performance.now();
    for (const piece of ['{{', '{{a', '\\', '\\{', '{{a=', '{{a}', '}}']) marked(piece.repeat(50_000));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('fillTemplate', () => {
  it('puts in values as they are, braces and dollar signs included', () => {
    const template = parseTemplate('{{a}} and {{b}}');
    const values = new Map([
      ['a', '{{b}} $& \\{{'],
      ['b', ''],
    ]);
    expect(fillTemplate(template, values, TODAY)).toBe('{{b}} $& \\{{ and ');
  });
});
