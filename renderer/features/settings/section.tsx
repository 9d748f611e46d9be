import { useId } from 'react';
import type { ReactNode } from 'react';

interface SectionProps {
  readonly title: string;
  readonly note: string;
  /** Stands beside the title, e.g. the control the section is about. */
  readonly control?: ReactNode;
  readonly children?: ReactNode;
}

/** A titled part of a settings tab. */
export function Section({ title, note, control, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-3 py-5 first:pt-0 last:pb-0">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-60">
          <h3 id={id} className="font-semibold">
            {title}
          </h3>
          <p className="text-ink-3">{note}</p>
        </div>
        {control}
      </div>
      {children}
    </section>
  );
}
