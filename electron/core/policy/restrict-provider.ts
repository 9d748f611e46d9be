import type { ChatProvider } from '../providers/chat-provider.ts';
import type { Policy } from './policy.ts';
import { refusal } from './refusal.ts';

/** The last wall: whichever way a request came about, none leaves for an origin or a model that the policy does not allow. */
export function restrictProvider(provider: ChatProvider, policy: Policy): ChatProvider {
  const assertOrigin = (origin: string): void => {
    if (!policy.allowsOrigin(origin)) throw refusal('policy/origin', { origin });
  };
  return {
    stream(target, request, watch) {
      try {
        assertOrigin(target.origin);
        if (!policy.allowsModel(target.origin, request.model))
          throw refusal('policy/model', { model: request.model });
        return provider.stream(target, request, watch);
      } catch (error) {
        return failing(error);
      }
    },
    async listModels(target, signal) {
      assertOrigin(target.origin);
      return provider.listModels(target, signal);
    },
  };
}

/** A stream that breaks before its first event. */
function failing(error: unknown): AsyncIterable<never> {
  const next = (): Promise<never> => Promise.reject(error);
  return { [Symbol.asyncIterator]: () => ({ next }) };
}
