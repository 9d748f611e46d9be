import { Building2 } from 'lucide-react';

interface ManagedMarkProps {
  /** For `aria-describedby` of what it explains. */
  readonly id?: string;
  /** What is managed about it, in a sentence; the bare mark when absent. */
  readonly children?: string;
}

/** Says quietly that an organisation decided here. */
export function ManagedMark({ id, children }: ManagedMarkProps) {
  return (
    <p id={id} className="flex items-start gap-1.5 text-[12px] leading-[18px] text-ink-3">
      <Building2 size={13} className="mt-[2.5px] shrink-0" aria-hidden />
      <span>Managed by your organisation{children !== undefined && <>. {children}</>}</span>
    </p>
  );
}
