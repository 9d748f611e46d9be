import type { Described } from './key-form.tsx';

/** Says where the key will rest, before it is asked for. */
export function RestingPlace({ described }: { readonly described: Described }) {
  const { keystore, isLoopbackOnly } = described;
  return (
    <div className="flex flex-col gap-2">
      {keystore.kind === 'available' ? (
        <p className="text-ink-2">
          It is kept encrypted, protected by {keystore.name}. The chat window never sees it.
        </p>
      ) : (
        <p role="note" className="rounded-lg border border-line bg-warn-soft px-3 py-2 text-ink-2">
          <strong className="font-semibold text-warn">Kept for this session only.</strong> {keystore.reason}{' '}
          The key is forgotten when you quit.
        </p>
      )}
      {isLoopbackOnly && (
        <p role="note" className="rounded-lg border border-line bg-warn-soft px-3 py-2 text-ink-2">
          <strong className="font-semibold text-warn">This computer only.</strong> On a development runtime,
          keys are accepted for localhost addresses only.
        </p>
      )}
    </div>
  );
}
