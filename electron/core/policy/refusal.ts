import { AppError, type ErrorCode, type ErrorDetails } from '../../contract/app-error.ts';

/** What a policy refuses while it is in force; the codes of a policy that cannot be used are not among them. */
export type RefusalCode = Exclude<
  Extract<ErrorCode, `policy/${string}`>,
  'policy/unreadable' | 'policy/untrusted' | 'policy/invalid'
>;

const MESSAGES: Readonly<Record<RefusalCode, string>> = {
  'policy/managed': 'This connection is managed by the organisation and cannot be changed or removed.',
  'policy/own-connections': 'The organisation allows its own connections only.',
  'policy/origin': 'The organisation does not allow this address.',
  'policy/model': 'The organisation does not allow this model.',
  'policy/deep-links': 'The organisation has turned links off.',
  'policy/export': 'The organisation has turned export off.',
  'policy/keystore': 'The organisation requires a keystore, so a key for one session is not taken.',
};

/** The error that says what the policy refused. */
export function refusal(code: RefusalCode, details: ErrorDetails = {}): AppError {
  return new AppError(code, MESSAGES[code], { details });
}
