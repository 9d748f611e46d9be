import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ElementSplitter, type SplitEvent, type SplitOptions } from './element-splitter.ts';

const OPTIONS: SplitOptions = {
  lists: { '': 10_000, items: 10_000, files: 200 },
  maxDepth: 50,
  maxElements: 1_000,
  firstKeys: ['title', 'id'],
  isElement: (bytes) => parses(bytes) && Buffer.from(bytes).includes('"mapping"'),
};

function parses(bytes: Uint8Array): boolean {
  try {
    JSON.parse(Buffer.from(bytes).toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

/** What is said of a document that arrives in pieces of a size. */
function split(document: string | Uint8Array, size = 1_024, options = OPTIONS): string[] {
  const bytes = Buffer.from(document as string);
  const splitter = new ElementSplitter(options);
  const said: string[] = [];
  for (let at = 0; at < bytes.length; at += size)
    for (const event of splitter.push(bytes.subarray(at, at + size))) said.push(say(event));
  for (const event of splitter.end()) said.push(say(event));
  return said;
}

function say(event: SplitEvent): string {
  switch (event.kind) {
    case 'field':
      return `${event.key}=${Buffer.from(event.bytes).toString('utf8')}`;
    case 'element':
      return `${event.list}#${event.number} ${Buffer.from(event.bytes).toString('utf8')}`;
    case 'damaged':
      return `${event.list}#${event.number} ${event.problem}`;
    case 'unreadable':
      return event.problem;
    default:
      return event satisfies never;
  }
}

const GOOD = '{"title":"b","mapping":{}}';

describe('the element splitter', () => {
  it.each<[string, string, string[]]>([
    ['a list', '[{"a":1},{"b":[{}]}]', ['#1 {"a":1}', '#2 {"b":[{}]}']],
    ['an empty list', ' [ ] ', []],
    ['a byte order mark', '\ufeff[{"a":1}]', ['#1 {"a":1}']],
    [
      'elements of every type',
      '[1, "x,]" ,null,[2],-3.5e2 ]',
      ['#1 1', '#2 "x,]"', '#3 null', '#4 [2]', '#5 -3.5e2'],
    ],
    [
      'brackets and quotes inside strings',
      String.raw`[{"a":"]}\"\\"},2]`,
      [String.raw`#1 {"a":"]}\"\\"}`, '#2 2'],
    ],
    [
      'an object with lists',
      '{"format":"f","other":{"items":[1]},"items":[{"a":1}],"files":[7]}',
      ['format="f"', 'other={"items":[1]}', 'items#1 {"a":1}', 'files#1 7'],
    ],
    ['a file that ends in an element', '[{"a":1},{"b":', ['#1 {"a":1}', '#2 ended-early']],
    ['a file that ends between elements', '[{"a":1},', ['#1 {"a":1}', '#2 ended-early']],
    ['something that is no JSON', 'Hello', ['not-json']],
    ['nothing', '', ['not-json']],
    ['an object without lists', '{"a":1}', ['a=1', 'not-json']],
    ['an element that is too deep', `[${'['.repeat(60)}${']'.repeat(60)},2]`, ['#1 too-deep', '#2 2']],
    [
      'an element that is too large',
      `{"files":["${'x'.repeat(300)}",2]}`,
      ['files#1 too-large', 'files#2 2'],
    ],
    ['a wrong bracket', `[{"title":"a","mapping":{]},${GOOD}]`, ['#1 syntax', `#2 ${GOOD}`]],
    [
      'a lost quotation mark',
      `[{"title":"a,"mapping":{}},${GOOD},${GOOD}]`,
      ['#1 syntax', `#2 ${GOOD}`, `#3 ${GOOD}`],
    ],
    [
      'a lost bracket',
      `[{"title":"a","mapping":{},${GOOD},${GOOD}]`,
      ['#1 syntax', `#2 ${GOOD}`, `#3 ${GOOD}`],
    ],
    ['a raw line break in a string', `[{"title":"a\n"},${GOOD}]`, ['#1 syntax', `#2 ${GOOD}`]],
    ['what is no value', `[}, ${GOOD}]`, ['#1 syntax', `#2 ${GOOD}`]],
    [
      'parts that look like an element',
      `[{"title":"a",[x,{"title":"no"},${GOOD}]`,
      ['#1 syntax', `#2 ${GOOD}`],
    ],
    ['damage to the end', `[{"title":"a",[x,{"title":"no"`, ['#1 syntax']],
  ])('says the same of %s wherever it is cut', (_name, document, expected) => {
    for (const size of [1_024, 1, 2, 3, 7])
      expect(split(document, size), `pieces of ${size}`).toEqual(expected);
  });

  it('goes on behind an element that is skipped, whatever is in it', () => {
    const large = JSON.stringify({ title: 'x'.repeat(20_000), mapping: '[[[{{"\\' });
    expect(split(`[${large},${GOOD}]`)).toEqual(['#1 too-large', `#2 ${GOOD}`]);
  });

  it('stops when there are too many elements', () => {
    const said = split(`[${'1,'.repeat(2_000)}1]`);
    expect(said).toHaveLength(1_001);
    expect(said.at(-1)).toBe('too-many');
  });

  it('keeps how a damaged element begins, for its name', () => {
    const splitter = new ElementSplitter(OPTIONS);
    const [event] = splitter.push(Buffer.from('[{"title":"my name","mapping":{]}'));
    expect(event?.kind === 'damaged' && Buffer.from(event.beginning).toString()).toContain('"my name"');
  });

  it('finds the elements of any document, cut anywhere', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue({ maxDepth: 5 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(undefined, 1, '\t'),
        (values, size, indent) => {
          const said = split(JSON.stringify(values, undefined, indent), size);
          const found = said.map((each) => JSON.parse(each.slice(each.indexOf(' ') + 1)) as unknown);
          expect(found).toEqual(JSON.parse(JSON.stringify(values)));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('reads what no element ends in only so often, however many may begin there', () => {
    const beginnings = ',{"title":"a","mapping":['.repeat(400);
    const document = `[{"title":\u0007}${beginnings}${'1,'.repeat(2_000_000)}`;
    const options = { ...OPTIONS, lists: { '': 100_000_000 } };
    const began = performance.now();
    expect(split(document, 1_048_576, options)[0]).toBe('#1 syntax');
    // Once for each beginning would be 1.6 GB.
    expect(performance.now() - began).toBeLessThan(10_000);
  }, 60_000);

  it('ends in bounded time on any bytes, and never says more elements than there are brackets', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('[', ']', '{', '}', '"', ',', ':', '\\', '{"title":', 'x', '1', '\n'), {
          maxLength: 200,
        }),
        fc.integer({ min: 1, max: 9 }),
        (pieces, size) => {
          const document = `[${pieces.join('')}`;
          expect(split(document, size).length).toBeLessThanOrEqual(document.length + 1);
        },
      ),
      { numRuns: 500 },
    );
  });
});
