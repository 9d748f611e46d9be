import { Building2 } from 'lucide-react';
import type { PolicyInForce } from '../../../electron/contract/model/policy.ts';
import { describePolicy } from '../../lib/describe-policy.ts';

/** Which policy file is in force and what it does, in plain words. */
export function PolicySection({ policy }: { readonly policy: PolicyInForce }) {
  return (
    <section
      aria-labelledby="managed-heading"
      className="rounded-[10px] border border-line bg-canvas px-4 py-3.5"
    >
      <h3 id="managed-heading" className="flex items-center gap-2 font-semibold">
        <Building2 size={15} className="text-ink-3" aria-hidden />
        Managed by your organisation
      </h3>
      <ul className="selectable mt-2 flex list-disc flex-col gap-1 pl-[23px] text-ink-2 marker:text-ink-3">
        {describePolicy(policy.rules).map((sentence) => (
          <li key={sentence} className="wrap-anywhere">
            {sentence}
          </li>
        ))}
      </ul>
      <p className="selectable mt-3 font-mono text-[12px] text-ink-3 wrap-anywhere">{policy.path}</p>
      <p className="mt-1 text-[12px] text-ink-3">Read at every start. A change holds after a restart.</p>
    </section>
  );
}
