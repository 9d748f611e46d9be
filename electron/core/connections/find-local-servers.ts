import type { LocalServer } from '../../contract/model/key-exposure.ts';
import type { ChatProvider, ProviderTarget } from '../providers/chat-provider.ts';

/** Longest wait for one port. Something on this computer answers at once or is not there. */
const PROBE_TIMEOUT_MS = 1_500;

/** Programs with an OpenAI-compatible API and the port each listens on unless told otherwise, by their documentation. */
const USUAL_PORTS: readonly { readonly label: string; readonly port: number }[] = [
  { label: 'Ollama', port: 11_434 },
  { label: 'LM Studio', port: 1_234 },
  { label: 'Jan', port: 1_337 },
  { label: 'GPT4All', port: 4_891 },
  { label: 'llama.cpp', port: 8_080 },
  { label: 'vLLM', port: 8_000 },
];

/**
 * The servers that answer a model list on this computer, in the order above. Goes through the provider, so each question is
 * in the network log; a port where nobody (or somebody else) answers is simply not in the list.
 */
export async function findLocalServers(
  provider: ChatProvider,
  ports: typeof USUAL_PORTS = USUAL_PORTS,
): Promise<Omit<LocalServer, 'isAdded'>[]> {
  const answers = await Promise.allSettled(
    ports.map(async ({ label, port }) => {
      const target = keylessTarget(`http://127.0.0.1:${port}`);
      const models = await provider.listModels(target, AbortSignal.timeout(PROBE_TIMEOUT_MS));
      return { label, baseUrl: target.baseUrl, modelCount: models.length };
    }),
  );
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
}

function keylessTarget(origin: string): ProviderTarget {
  return {
    baseUrl: `${origin}/v1`,
    origin,
    dialect: 'chat-completions',
    apiKey: null,
    keyLabel: null,
    keyHeader: 'bearer',
    organization: null,
    project: null,
  };
}
