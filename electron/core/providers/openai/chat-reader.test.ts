import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import type { ProviderEvent } from '../chat-provider.ts';
import { ChatReader } from './chat-reader.ts';

const JPEG = `data:image/png;base64,${Buffer.from('\xff\xd8\xffrest', 'latin1').toString('base64')}`;

function read(...deltas: readonly unknown[]): ProviderEvent[] {
  const reader = new ChatReader();
  return deltas.flatMap((delta) =>
    // `as`: what a server sends has no type until it was read.
    reader.read({ choices: [{ delta, finish_reason: null }] } as unknown as OpenAI.ChatCompletionChunk),
  );
}

function source(url: string) {
  return { type: 'url_citation', url_citation: { url, title: 'A page', start_index: 2, end_index: 5 } };
}

describe('ChatReader', () => {
  it.each([
    [{ reasoning_content: 'hm' }, [{ type: 'reasoning', text: 'hm' }]],
    [{ reasoning: 'hm', content: null }, [{ type: 'reasoning', text: 'hm' }]],
    [{ reasoning: 'hm', reasoning_content: 'hm' }, [{ type: 'reasoning', text: 'hm' }]],
    [
      { reasoning_content: 'hm', content: 'Yes' },
      [
        { type: 'reasoning', text: 'hm' },
        { type: 'delta', text: 'Yes' },
      ],
    ],
    [{ content: 'Yes', refusal: null }, [{ type: 'delta', text: 'Yes' }]],
    [{ content: '', refusal: 'No' }, [{ type: 'delta', text: 'No' }]],
    [{ content: '', reasoning: '' }, []],
    [{ reasoning_content: { text: 'hm' } }, [{ type: 'progress' }]],
    [{ content: 7 }, [{ type: 'progress' }]],
    [{ role: 'assistant' }, [{ type: 'progress' }]],
    [null, []],
    ['text', []],
    [[{ content: 'x' }], []],
  ])('reads %j', (delta, expected) => {
    expect(read(delta)).toEqual(expected);
  });

  it('takes sources once each, and only addresses of the web', () => {
    const annotations = [
      source('https://one.example/'),
      source('javascript:alert(1)'),
      null,
      7,
      { type: 'url_citation', url_citation: null },
      source('https://two.example/'),
    ];
    const events = read({ annotations }, { annotations }, { annotations: 'x' });
    expect(events.flatMap((event) => (event.type === 'citations' ? event.citations : []))).toEqual([
      { url: 'https://one.example/', title: 'A page', start: 2, end: 5 },
      { url: 'https://two.example/', title: 'A page', start: 2, end: 5 },
    ]);
  });

  it('takes pictures that routers hand on, and nothing that only claims to be one', () => {
    const images = [
      { type: 'image_url', image_url: { url: JPEG } },
      { type: 'image_url', image_url: { url: 'https://one.example/cat.png' } },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,PHN2Zz4=' } },
      { type: 'image_url', image_url: 'x' },
      null,
    ];
    expect(read({ images }).map((event) => event.type === 'image' && event.mediaType)).toEqual([
      'image/jpeg',
    ]);
  });

  it('says the end once, and nothing of the answer after a cut', () => {
    const reader = new ChatReader();
    const chunk = (delta: unknown, reason: string | null) =>
      ({ choices: [{ delta, finish_reason: reason }] }) as unknown as OpenAI.ChatCompletionChunk;
    expect(reader.read(chunk({ content: 'a' }, 'length')).map(({ type }) => type)).toEqual(['delta', 'cut']);
    expect(reader.read(chunk({ content: 'b', reasoning: 'c' }, 'stop'))).toEqual([]);
  });
});
