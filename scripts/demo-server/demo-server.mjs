import { LLMock } from '@copilotkit/aimock';

import { charactersPerToken, demoAnswer } from './demo-answer.mjs';

/** The models that the demo server lists, the default one first. */
export const demoModels = ['latchkey-demo', 'latchkey-demo-mini'];

const defaultTokensPerSecond = 90;

/**
 * Starts an OpenAI-compatible server on the loopback interface that answers any message, over Responses and Chat Completions,
 * with or without a key. Returns `{ baseUrl, stop() }`; `baseUrl` ends in `/v1`.
 */
export async function startDemoServer({ port = 0, tokensPerSecond = defaultTokensPerSecond } = {}) {
  const server = new LLMock({ host: '127.0.0.1', port, journalMaxEntries: 1, logLevel: 'silent' });
  const pace = {
    chunkSize: charactersPerToken,
    streamingProfile: { ttft: 350, tps: tokensPerSecond, jitter: 0.4 },
  };
  // The server lists the models that its fixtures name; the last fixture answers every other model too.
  for (const model of demoModels) server.on({ model, predicate: () => true }, demoAnswer, pace);
  server.on({ predicate: () => true }, demoAnswer, pace);
  const url = await server.start();
  return { baseUrl: `${url}/v1`, stop: () => server.stop() };
}
