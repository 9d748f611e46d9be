import { describe, expect, it } from 'vitest';
import { createRedactor } from './redactor.ts';

const SECRET = 'canary+"8f3a/Zq9Lk2';

describe('createRedactor', () => {
  it.each([
    ['plain', SECRET],
    ['base64', Buffer.from(SECRET).toString('base64')],
    ['URL-encoded', encodeURIComponent(SECRET)],
    ['JSON-escaped', JSON.stringify(SECRET)],
  ])('removes a protected secret in its %s form', (_form, text) => {
    const redactor = createRedactor();
    redactor.protect(SECRET);
    const redacted = redactor.redact(`before ${text} after`);
    expect(redacted).toMatch(/^before .*\[redacted\].* after$/);
    expect(redacted).not.toContain('8f3a');
  });

  it('removes any 8 secret characters in a row, and as many as there are', () => {
    const redactor = createRedactor();
    redactor.protect('sk-proj-AbCdEfGhIjKlMnOp');
    expect(redactor.redact('a CdEfGhIj b')).toBe('a [redacted] b');
    expect(redactor.redact('a AbCdEfGhIjKlMnOp b')).toBe('a [redacted] b');
    expect(redactor.redact('a **MnOp b, AbCdEfG b')).toBe('a **MnOp b, AbCdEfG b');
    expect(redactor.redact('xAbCdEfGhx IjKlMnOp')).toBe('x[redacted]x [redacted]');
  });

  it('does not take the public prefix for a secret', () => {
    const redactor = createRedactor();
    redactor.protect('sk-proj-AbCdEfGhIjKlMnOp');
    expect(redactor.redact('keys begin with sk-proj- here')).toBe('keys begin with sk-proj- here');
  });

  it('removes key-shaped text that was never protected', () => {
    expect(createRedactor().redact('Incorrect API key provided: sk-proj-abcd1234efgh.')).toBe(
      'Incorrect API key provided: [redacted].',
    );
  });

  it('leaves ordinary text and the bare public prefix alone', () => {
    const text = 'keys start with sk-proj- and are long';
    expect(createRedactor().redact(text)).toBe(text);
  });
});
