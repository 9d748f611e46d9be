import { expect, it } from 'vitest';
import { redactError } from './redact-error.ts';
import { createRedactor, REDACTED } from './redactor.ts';

it('takes a secret out of message and details, and leaves the rest', () => {
  const redactor = createRedactor();
  redactor.protect('a-key-of-no-known-shape-0123456789');
  const error = {
    code: 'provider/unexpected-response' as const,
    message: 'It said a-key-of-no-known-shape-0123456789.',
    details: { said: 'a-key-of-no-known-shape-0123456789', status: 200, isFinal: true, other: null },
  };
  expect(redactError(error, redactor)).toEqual({
    code: 'provider/unexpected-response',
    message: `It said ${REDACTED}.`,
    details: { said: REDACTED, status: 200, isFinal: true, other: null },
  });
});
