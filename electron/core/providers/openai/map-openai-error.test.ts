import { describe, expect, it } from 'vitest';
import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { AppError } from '../../../contract/app-error.ts';
import { mapOpenAIError, parseRetryAfter } from './map-openai-error.ts';

function socketError(code: string): Error {
  const fetchFailed = new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
  return new APIConnectionError({ cause: fetchFailed });
}

describe('mapOpenAIError', () => {
  it.each([
    ['ENOTFOUND', 'network/dns'],
    ['EAI_AGAIN', 'network/dns'],
    ['ECONNREFUSED', 'network/unreachable'],
    ['EHOSTUNREACH', 'network/unreachable'],
    ['ECONNRESET', 'network/interrupted'],
    ['UND_ERR_SOCKET', 'network/interrupted'],
    ['UND_ERR_CONNECT_TIMEOUT', 'network/timeout'],
    ['UND_ERR_BODY_TIMEOUT', 'network/timeout'],
    ['ETIMEDOUT', 'network/timeout'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'network/tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'network/tls'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'network/tls'],
    ['CERT_HAS_EXPIRED', 'network/tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'network/tls'],
  ])('finds %s below the SDK and calls it %s', (code, expected) => {
    expect(mapOpenAIError(socketError(code)).code).toBe(expected);
  });

  it('finds our own errors below the SDK', () => {
    const ours = new AppError('provider/redirected', 'x');
    expect(mapOpenAIError(new APIConnectionError({ cause: ours }))).toBe(ours);
  });

  it('knows a timeout of the SDK, and malformed JSON inside a stream', () => {
    expect(mapOpenAIError(new APIConnectionTimeoutError()).code).toBe('network/timeout');
    expect(mapOpenAIError(new SyntaxError('Unexpected token')).code).toBe('provider/unexpected-response');
  });

  it.each([
    ['Response does not match the HTTP/1.1 protocol (Invalid EOF state)', 'network/interrupted'],
    ['Response does not match the HTTP/1.1 protocol (Expected HTTP/)', 'provider/unexpected-response'],
  ])('tells a cut answer from another protocol: %s', (message, expected) => {
    const parserError = Object.assign(new Error(message), { name: 'HTTPParserError', code: undefined });
    expect(mapOpenAIError(new TypeError('terminated', { cause: parserError })).code).toBe(expected);
  });

  it.each([
    [{ 'retry-after': '2' }, 2],
    [{ 'retry-after-ms': '1500' }, 1.5],
    [{ 'retry-after': '2', 'retry-after-ms': '1500' }, 2],
    [{ 'retry-after': '1', 'retry-after-ms': '86400000' }, 86_400],
    [{ 'retry-after-ms': '-1' }, undefined],
    [{ 'retry-after-ms': '1e99' }, undefined],
  ])('takes the longer of the two waits in %j', (headers, seconds) => {
    const error = APIError.generate(429, {}, 'slower', new Headers(headers));
    expect(mapOpenAIError(error).details['retryAfterS']).toBe(seconds);
  });

  it.each([
    new RangeError('Invalid string length'),
    new TypeError('x', { cause: new RangeError('Array buffer allocation failed') }),
    Object.assign(new Error('Cannot create a string'), { code: 'ERR_STRING_TOO_LONG' }),
  ])('takes a request that cannot be made for too large, not for a network that is down: %s', (error) => {
    expect(mapOpenAIError(error)).toMatchObject({
      code: 'request/too-large',
      details: { isWholeRequest: true },
    });
  });

  it.each([
    [{ message: 'Payload too large' }, 'request/too-large'],
    [{ message: 'x', code: 'context_length_exceeded' }, 'request/context-too-long'],
    [{ message: 'This maximum context length is 4096 tokens.' }, 'request/context-too-long'],
  ])('takes 413 for bytes unless the server means tokens: %j', (body, code) => {
    const error = mapOpenAIError(APIError.generate(413, { error: body }, undefined, new Headers()));
    expect(error.code).toBe(code);
    expect(error.details['contextTokens']).toBe(body.message.includes('4096') ? 4_096 : undefined);
  });

  it('survives causes that point at themselves', () => {
    const loop = new Error('loop');
    loop.cause = loop;
    expect(mapOpenAIError(loop).code).toBe('network/unreachable');
  });
});

describe('parseRetryAfter', () => {
  it.each([
    [null, null],
    ['30', 30],
    ['86400', 86_400],
    [new Date(Date.now() - 60_000).toUTCString(), 0],
    ['soon', null],
    ['', null],
  ])('reads %j as %j', (header, seconds) => {
    expect(parseRetryAfter(header)).toBe(seconds);
  });
});
