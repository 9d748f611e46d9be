import { AppError, type WireError } from '../../contract/app-error.ts';
import { parsePolicy } from '../../core/policy/parse-policy.ts';
import { createPolicy, OPEN_POLICY, type Policy } from '../../core/policy/policy.ts';
import { readPolicyFile, type PolicyPlace } from './policy-file.ts';

/** Reads the policy once, or says why it cannot be used: the app starts either way, and then refuses everything. */
export function openPolicy(place: PolicyPlace): Policy | WireError {
  try {
    const text = readPolicyFile(place);
    return text === null ? OPEN_POLICY : createPolicy(place.path, parsePolicy(text));
  } catch (error) {
    if (error instanceof AppError) return { ...error.toWire(), details: { path: place.path } };
    throw error;
  }
}
