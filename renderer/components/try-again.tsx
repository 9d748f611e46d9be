import { useMutation } from '@tanstack/react-query';
import { recheckKeystore } from '../lib/key-actions.ts';
import { useKeystore } from '../lib/queries.ts';

/** Asks a locked keystore again. Nothing is shown while there is nothing to unlock. */
export function TryAgain({ className }: { readonly className: string }) {
  const keystore = useKeystore();
  const recheck = useMutation({ mutationFn: recheckKeystore });
  if (keystore?.kind !== 'locked' && !recheck.isPending) return null;
  return (
    <button type="button" className={className} disabled={recheck.isPending} onClick={() => recheck.mutate()}>
      Try again
    </button>
  );
}
