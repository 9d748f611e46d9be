import { APIError } from 'openai';
import { describe, expect, it } from 'vitest';
import { PLAIN_GENERATION } from '../../../contract/model/plain.ts';
import type { RequestPart } from '../../models/request-part.ts';
import { findRefusedParts } from './find-refused-parts.ts';

const ALL: readonly RequestPart[] = [
  'effort',
  'verbosity',
  'reasoning-summary',
  'web-search',
  'image-generation',
  'image-input',
  'file-input',
  'usage-in-stream',
];

interface Refusal {
  readonly status?: number;
  readonly dialect?: 'responses' | 'chat-completions';
  readonly parts?: readonly RequestPart[];
  readonly error: Readonly<Record<string, unknown>>;
}

function find({ status = 400, dialect = 'responses', parts = ALL, error }: Refusal): string[] {
  const generation = { ...PLAIN_GENERATION, effort: 'high', verbosity: 'low' } as const;
  const thrown = APIError.generate(status, { error }, undefined, new Headers());
  return findRefusedParts(thrown, { dialect, parts: new Set(parts), generation });
}

describe('findRefusedParts', () => {
  it.each<[string, Refusal, string[]]>([
    [
      'a parameter the model does not have',
      {
        error: {
          message: "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
          param: 'reasoning.effort',
          code: 'unsupported_parameter',
        },
      },
      ['effort'],
    ],
    [
      'a value the model does not take',
      {
        error: {
          message:
            "Unsupported value: 'low' is not supported with this model. Supported values are: 'medium'.",
          param: 'text.verbosity',
          code: 'unsupported_value',
        },
      },
      ['verbosity:low'],
    ],
    [
      'a summary the organisation may not have',
      {
        error: {
          message: 'Your organization must be verified to generate reasoning summaries.',
          param: 'reasoning.summary',
          code: 'unsupported_value',
        },
      },
      ['reasoning-summary'],
    ],
    [
      'all there is of reasoning',
      {
        error: { message: "Unknown parameter: 'reasoning'.", param: 'reasoning', code: 'unknown_parameter' },
      },
      ['effort', 'reasoning-summary'],
    ],
    [
      'a tool by its name',
      { error: { message: "Hosted tool 'web_search' is not supported with m.", param: 'tools', code: null } },
      ['web-search'],
    ],
    [
      'a tool by its place',
      { error: { message: 'Invalid value.', param: 'tools[1].type', code: 'invalid_value' } },
      ['image-generation'],
    ],
    [
      'the only tool there is',
      { parts: ['image-generation'], error: { message: 'No tools here.', param: 'tools', code: null } },
      ['image-generation'],
    ],
    [
      'a picture by the path on which it stands',
      {
        dialect: 'chat-completions',
        error: { message: 'Not supported here.', param: 'messages[0].content[1].image_url', code: null },
      },
      ['image-input'],
    ],
    [
      'pictures in the words of OpenAI',
      {
        dialect: 'chat-completions',
        error: {
          message: 'Invalid content type. image_url is only supported by certain models.',
          param: null,
          code: null,
        },
      },
      ['image-input'],
    ],
    [
      'pictures in the words of a server that knows only text',
      { dialect: 'chat-completions', error: { message: 'unknown variant `image_url`, expected `text`' } },
      ['image-input'],
    ],
    [
      'files by a code',
      { error: { message: 'No.', param: 'input[0].content[1].file_data', code: 'unsupported_parameter' } },
      ['file-input'],
    ],
    [
      'a parameter of Chat Completions',
      {
        dialect: 'chat-completions',
        error: {
          message: 'Unrecognized request argument supplied: reasoning_effort',
          param: null,
          code: null,
        },
      },
      ['effort'],
    ],
    [
      'a parameter in the words of a compatible server',
      {
        status: 422,
        dialect: 'chat-completions',
        error: { message: 'body.stream_options: Extra inputs are not permitted', code: 422 },
      },
      ['usage-in-stream'],
    ],
    [
      'a value in the words of older models',
      {
        dialect: 'chat-completions',
        error: {
          message:
            "Unsupported value: 'verbosity' does not support 'low' with this model. Supported values are: 'medium'.",
          param: 'verbosity',
          code: 'unsupported_value',
        },
      },
      ['verbosity:low'],
    ],
    [
      'a property of no standard',
      { dialect: 'chat-completions', error: { message: "property 'verbosity' is unsupported" } },
      ['verbosity'],
    ],
    [
      'several at once',
      {
        dialect: 'chat-completions',
        error: { message: 'unknown field: verbosity, unknown field: web_search_options', code: 400 },
      },
      ['verbosity', 'web-search'],
    ],
  ])('understands %s', (_name, refusal, expected) => {
    expect(find(refusal)).toEqual(expected);
  });

  it.each<[string, Refusal]>([
    ['a rejected key', { status: 401, error: { message: 'Unsupported parameter: reasoning.effort' } }],
    [
      'a forbidden model',
      { status: 403, error: { message: 'reasoning.effort not supported', param: 'reasoning.effort' } },
    ],
    [
      'a used up quota',
      { status: 429, error: { message: 'reasoning.effort not supported', param: 'reasoning.effort' } },
    ],
    [
      'a broken server',
      { status: 500, error: { message: 'reasoning.effort not supported', param: 'reasoning.effort' } },
    ],
    [
      'too long a conversation',
      { error: { message: 'unsupported: reasoning.effort', code: 'context_length_exceeded' } },
    ],
    [
      'an unknown model',
      { error: { message: 'unsupported: verbosity', code: 'model_not_found', param: 'model' } },
    ],
    [
      'a part that was not sent',
      { parts: ['effort'], error: { message: 'x', param: 'text.verbosity', code: 'unsupported_parameter' } },
    ],
    [
      'another parameter',
      { error: { message: 'Unknown parameter: reasoning', param: 'input', code: 'unknown_parameter' } },
    ],
    ['a name inside another word', { error: { message: 'unsupported my_web_search_x and verbosity_level' } }],
    ['a name without a complaint', { error: { message: 'I like web_search.' } }],
    [
      'a param of another type',
      { error: { message: 'no', param: { toString: 'reasoning' }, code: 'unknown_parameter' } },
    ],
    ['nothing at all', { error: {} }],
    ['a name far down a long text', { error: { message: `${'x '.repeat(5_000)}unsupported web_search` } }],
  ])('does not read a refusal of parts into %s', (_name, refusal) => {
    expect(find(refusal)).toEqual([]);
  });

  it.each([
    'Invalid image_url: this image could not be processed',
    'Unsupported image_url: the image format is not supported, use png, jpeg, gif or webp.',
    'image_url: unexpected end of file, the image is corrupted',
    'image_url: the image is too large, larger than 20 MB are not supported',
    'invalid file_data: PDF is encrypted',
    'file_data: PDF with more than 100 pages is not supported',
    'Invalid image_url.',
  ])('takes trouble with one picture or file for no refusal of all: %s', (message) => {
    const param = 'messages[0].content[1].image_url';
    for (const error of [{ message }, { message, param, code: 'invalid_value' }])
      expect(find({ dialect: 'chat-completions', error })).toEqual([]);
  });

  it('stands an answer made to slow it down', () => {
    const message = `unsupported ${'reasoning.'.repeat(100_000)}${'web_searc'.repeat(100_000)}`;
    const startedAt = performance.now();
    find({ error: { message } });
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});
