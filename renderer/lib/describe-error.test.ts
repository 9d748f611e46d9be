import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../electron/contract/app-error.ts';
import { describeError } from './describe-error.ts';

describe('describeError', () => {
  it.each(ERROR_CODES)('says what %s is and what to do about it', (code) => {
    const described = describeError({ code, message: 'A message.', details: {} });
    expect(described.title).not.toBe('');
    expect(described.body).not.toBe('');
    expect(described.action.kind === 'none' || described.action.label.length > 0).toBe(true);
  });

  it('offers a retry only after the pause that the provider asked for', () => {
    const { action } = describeError({
      code: 'quota/rate-limited',
      message: '',
      details: { retryAfterS: 6.2 },
    });
    expect(action).toEqual({ kind: 'retry', label: 'Try again', waitS: 7 });
  });

  it('says until when a provider wants a pause of days, and blocks no button for days', () => {
    const { body, action } = describeError({
      code: 'quota/rate-limited',
      message: '',
      details: { retryAfterS: 172_800, retryAt: new Date(2026, 2, 3, 14, 5).getTime() },
    });
    expect(body).toContain('Mar 3, 2026, 14:05');
    expect(action).toEqual({ kind: 'retry', label: 'Try again', waitS: 0 });
  });

  it('names the address that did not answer', () => {
    const described = describeError({
      code: 'network/unreachable',
      message: '',
      details: { origin: 'http://localhost:9' },
    });
    expect(described.body).toContain('http://localhost:9');
  });
});
