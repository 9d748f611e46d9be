import type { Policy } from './policy.ts';
import { refusal } from './refusal.ts';

/** For whatever writes conversations outside the profile: call it first. Throws `policy/export`. */
export function assertExportAllowed(policy: Pick<Policy, 'allowsExport'>): void {
  if (!policy.allowsExport) throw refusal('policy/export');
}
