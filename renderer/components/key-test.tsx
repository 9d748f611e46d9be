import { useMutation } from '@tanstack/react-query';
import type { Connection } from '../../electron/contract/model/connection.ts';
import { describeError } from '../lib/describe-error.ts';
import { toWireError } from '../lib/ipc-client.ts';
import { testKey } from '../lib/key-actions.ts';

/** A test of one key (null: of the connection): its button and what came of it, to be placed apart. */
export function useKeyTest(connection: Connection, keyId: string | null) {
  return useMutation({ mutationFn: () => testKey(connection.id, keyId) });
}

interface TestResultProps {
  readonly test: ReturnType<typeof useKeyTest>;
}

/** What a test of a key learnt, announced when it is there. */
export function TestResult({ test }: TestResultProps) {
  return (
    <div role="status" className="min-h-0">
      {test.isPending && <p className="text-ink-3">Asking the provider</p>}
      {test.isSuccess && (
        <p className="text-good">
          Accepted. {test.data === 1 ? '1 model' : `${test.data} models`} can be used.
        </p>
      )}
      {test.isError && <TestFailure error={test.error} />}
    </div>
  );
}

function TestFailure({ error }: { readonly error: Error }) {
  const { title, body } = describeError(toWireError(error));
  return (
    <p className="text-danger">
      {title}. <span className="text-ink-2">{body}</span>
    </p>
  );
}
