import { useMutation } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import type { LocalServer } from '../../../electron/contract/model/key-exposure.ts';
import { hostOf } from '../../lib/format.ts';
import { request } from '../../lib/ipc-client.ts';
import { connectionsQuery, queryClient, usePolicy } from '../../lib/queries.ts';

/** Finds OpenAI-compatible servers on this computer: only ever after a click, and nowhere else. */
export function LocalServers() {
  const find = useMutation({ mutationFn: () => request('connections.findLocal', {}) });
  return (
    <div className="flex flex-col items-start gap-2">
      <button type="button" className="button" disabled={find.isPending} onClick={() => find.mutate()}>
        <Search size={14} aria-hidden />
        Find local servers
      </button>
      <div role="status" className="w-full">
        {find.isPending && <p className="text-ink-3">Asking the usual ports of this computer</p>}
        {find.isError && <p className="text-danger">The search did not work. Try again.</p>}
        {find.isSuccess && <Found servers={find.data} onAdded={() => find.mutate()} />}
      </div>
    </div>
  );
}

interface FoundProps {
  readonly servers: readonly LocalServer[];
  readonly onAdded: () => void;
}

function Found({ servers, onAdded }: FoundProps) {
  const isRestricted = usePolicy()?.origins !== undefined;
  if (servers.length === 0) {
    return (
      <p className="text-ink-3">
        {isRestricted ? 'None that your organisation allows answered.' : 'None answered.'} Start Ollama, LM
        Studio or another server first, or add its address with Add API key.
      </p>
    );
  }
  return (
    <ul aria-label="Servers found" className="flex flex-col rounded-[10px] border border-line">
      {servers.map((server) => (
        <FoundServer key={server.baseUrl} server={server} onAdded={onAdded} />
      ))}
    </ul>
  );
}

function FoundServer({ server, onAdded }: { readonly server: LocalServer; readonly onAdded: () => void }) {
  const { label, baseUrl, modelCount, isAdded } = server;
  const add = useMutation({
    mutationFn: () => request('connections.addLocal', { baseUrl, label }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: connectionsQuery.queryKey });
      onAdded();
    },
  });
  return (
    <li className="flex items-center gap-3 border-line px-3 py-2 not-first:border-t">
      <span className="min-w-0 flex-1 truncate">
        <strong className="font-semibold">{label}</strong>{' '}
        <span className="text-ink-3">
          {hostOf(baseUrl)}, {modelCount === 1 ? '1 model' : `${modelCount} models`}
        </span>
      </span>
      {add.isError && <span className="text-danger">Could not be added</span>}
      {isAdded ? (
        <span className="text-ink-3">Added</span>
      ) : (
        <button
          type="button"
          className="button button-small"
          aria-label={`Add ${label}`}
          disabled={add.isPending}
          onClick={() => add.mutate()}
        >
          Add
        </button>
      )}
    </li>
  );
}
