import type { ErrorDetails, WireError } from '../../contract/app-error.ts';
import type { Redactor } from './redactor.ts';

/** The same error without secrets: what leaves main, or is stored with a reply, passes here. */
export function redactError({ code, message, details }: WireError, redactor: Redactor): WireError {
  const clean: ErrorDetails = Object.fromEntries(
    Object.entries(details).map(([name, value]) => [
      name,
      typeof value === 'string' ? redactor.redact(value) : value,
    ]),
  );
  return { code, message: redactor.redact(message), details: clean };
}
