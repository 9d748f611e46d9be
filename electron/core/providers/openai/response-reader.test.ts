import { describe, expect, it } from 'vitest';
import type { ProviderEvent } from '../chat-provider.ts';
import { MAX_CITATIONS } from './citation-list.ts';
import { ResponseReader, type ResponseEvent } from './response-reader.ts';

const PNG = Buffer.from('\x89PNG\r\n\x1a\nrest', 'latin1').toString('base64');

function read(...events: readonly Readonly<Record<string, unknown>>[]): ProviderEvent[] {
  const reader = new ResponseReader();
  // `as`: what a server sends has no type until it was read.
  return events.flatMap((event) => reader.read(event as unknown as ResponseEvent));
}

function text(delta: unknown, at: { output?: number; content?: number } = {}) {
  const { output = 0, content = 0 } = at;
  return { type: 'response.output_text.delta', delta, output_index: output, content_index: content };
}

function annotation(citation: unknown, output = 0) {
  return {
    type: 'response.output_text.annotation.added',
    annotation: citation,
    output_index: output,
    content_index: 0,
  };
}

function source(url: unknown, more: Readonly<Record<string, unknown>> = {}) {
  return { type: 'url_citation', url, title: 'A page', start_index: 0, end_index: 4, ...more };
}

function citationsOf(events: readonly ProviderEvent[]) {
  return events.flatMap((event) => (event.type === 'citations' ? event.citations : []));
}

describe('thoughts', () => {
  it('arrive as they are summarised, a paragraph each', () => {
    expect(
      read(
        { type: 'response.reasoning_summary_part.added', summary_index: 0 },
        { type: 'response.reasoning_summary_text.delta', delta: '**First**' },
        { type: 'response.reasoning_summary_part.added', summary_index: 1 },
        { type: 'response.reasoning_summary_text.delta', delta: 'then' },
        { type: 'response.reasoning_text.delta', delta: '.' },
      ),
    ).toEqual([
      { type: 'progress' },
      { type: 'reasoning', text: '**First**' },
      { type: 'reasoning', text: '\n\n' },
      { type: 'reasoning', text: 'then' },
      { type: 'reasoning', text: '.' },
    ]);
  });

  it.each([undefined, null, 7, '', {}, ['x']])('are none when they are %j', (delta) => {
    expect(read({ type: 'response.reasoning_summary_text.delta', delta })).toEqual([]);
  });
});

describe('sources', () => {
  it('have their places in the whole text, whichever part they stand in', () => {
    const events = read(
      text('12345'),
      annotation(source('https://one.example/')),
      text('678', { output: 2 }),
      annotation(source('https://two.example/', { start_index: 1, end_index: 3 }), 2),
    );
    expect(citationsOf(events)).toEqual([
      { url: 'https://one.example/', title: 'A page', start: 0, end: 4 },
      { url: 'https://two.example/', title: 'A page', start: 6, end: 8 },
    ]);
  });

  it('count once though the finished item names them again', () => {
    const one = source('https://one.example/');
    const two = source('https://two.example/');
    const item = { type: 'message', content: [{ type: 'output_text', annotations: [one, two] }] };
    const events = read(text('text'), annotation(one), annotation(one), {
      type: 'response.output_item.done',
      output_index: 0,
      item,
    });
    expect(citationsOf(events).map(({ url }) => url)).toEqual([
      'https://one.example/',
      'https://two.example/',
    ]);
  });

  it('are few, however many there are', () => {
    const many = Array.from({ length: 5_000 }, (_, index) =>
      annotation(source(`https://a.example/${index}`)),
    );
    expect(citationsOf(read(...many))).toHaveLength(MAX_CITATIONS);
  });

  it.each([
    ['a script', source('javascript:alert(1)')],
    ['a file', source('file:///etc/passwd')],
    ['data', source('data:text/html,x')],
    ['a link into the app', source('app://latchkey/index.html')],
    ['a deep link', source('latchkey://new?prompt=x')],
    ['an address with a password', source('https://me:secret@one.example/')],
    ['no address', source('one.example')],
    ['too long an address', source(`https://one.example/${'x'.repeat(10_000)}`)],
    ['another type of address', source({ href: 'https://one.example/' })],
    ['another type of source', { type: 'file_citation', url: 'https://one.example/' }],
    ['nothing', null],
    ['a list', [source('https://one.example/')]],
    ['a text', 'https://one.example/'],
  ])('are none when they are %s', (_name, citation) => {
    expect(read(annotation(citation))).toEqual([{ type: 'progress' }]);
  });

  it.each([
    [
      { start_index: -1, end_index: 3 },
      { start: 0, end: 3 },
    ],
    [
      { start_index: 5, end_index: 2 },
      { start: 5, end: 5 },
    ],
    [
      { start_index: 1.5, end_index: '7' },
      { start: 0, end: 0 },
    ],
    [
      { start_index: 1e300, end_index: null },
      { start: 0, end: 0 },
    ],
    [
      { start_index: undefined, end_index: 9 },
      { start: 0, end: 9 },
    ],
  ])('with places %j stand at %j', (places, expected) => {
    expect(citationsOf(read(annotation(source('https://one.example/', places))))).toMatchObject([expected]);
  });

  it.each([
    ['two lines', 'a\n\tb', 'a b'],
    ['hidden and turning characters', 'a\u202eb\u200b\u2066c\u0000', 'a b c'],
    ['more than fits', 'x'.repeat(10_000), 'x'.repeat(300)],
    ['no text', 7, ''],
  ])('have a title of one plain line when it is %s', (_name, title, expected) => {
    expect(citationsOf(read(annotation(source('https://one.example/', { title }))))).toMatchObject([
      { title: expected },
    ]);
  });
});

describe('pictures', () => {
  const done = (result: unknown) => ({
    type: 'response.output_item.done',
    output_index: 0,
    item: { type: 'image_generation_call', status: 'completed', output_format: 'svg', result },
  });

  it('are what their first bytes say, not what the server says', () => {
    expect(read(done(PNG))).toEqual([
      { type: 'image', mediaType: 'image/png', bytes: Buffer.from(PNG, 'base64') },
    ]);
  });

  it.each([
    ['nothing', null],
    ['an address', 'https://one.example/cat.png'],
    ['a drawing with scripts', Buffer.from('<svg onload="x">').toString('base64')],
    ['a page', Buffer.from('<!doctype html>').toString('base64')],
    ['too large', `${PNG}${'A'.repeat(30_000_000)}`],
    ['an object', { url: PNG }],
  ])('are none when they are %s', (_name, result) => {
    expect(read(done(result))).toEqual([{ type: 'progress' }]);
  });

  it('are begun before they arrive, and more of them than an answer can have are not', () => {
    const begun = (type: string) => ({ type: 'response.output_item.added', item: { type } });
    expect(read(begun('message'), begun('image_generation_call'))).toEqual([
      { type: 'progress' },
      { type: 'image-begun' },
    ]);
    const many = read(...Array.from({ length: 50 }, () => begun('image_generation_call')));
    expect(many.filter(({ type }) => type === 'image-begun')).toHaveLength(8);
  });

  it('are few, however many there are', () => {
    const images = read(...Array.from({ length: 50 }, () => done(PNG))).filter(
      ({ type }) => type === 'image',
    );
    expect(images).toHaveLength(8);
  });

  it('that are not finished are a sign of life only', () => {
    expect(read({ type: 'response.image_generation_call.partial_image', partial_image_b64: PNG })).toEqual([
      { type: 'progress' },
    ]);
  });
});

describe('finished items', () => {
  it.each([
    null,
    7,
    'message',
    [],
    {},
    { type: 'message' },
    { type: 'message', content: 'x' },
    { type: 'message', content: [null, 7, [], { annotations: 'x' }, { annotations: [null, 7] }] },
    { type: 'reasoning', summary: [{ text: 'x' }] },
  ])('of no use are a sign of life only: %j', (item) => {
    const events = read({ type: 'response.output_item.done', output_index: {}, item });
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['progress']));
  });
});
