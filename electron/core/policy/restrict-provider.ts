import type { ChatProvider } from '../providers/chat-provider.ts';
import type { Policy } from './policy.ts';
import { refusal } from './refusal.ts';

/** The last wall: whichever way a request came about, none leaves for an origin or a model that the policy does not allow. */
export function restrictProvider(provider: ChatProvider, policy: Policy): ChatProvider {
  const assertOrigin = (origin: string): void => {
    if (!policy.allowsOrigin(origin)) throw refusal('policy/origin', { origin });
  };
  return {
    async *stream(target, request, signal) {
      assertOrigin(target.origin);
      if (!policy.allowsModel(target.origin, request.model))
        throw refusal('policy/model', { model: request.model });
      yield* provider.stream(target, request, signal);
    },
    async listModels(target, signal) {
      assertOrigin(target.origin);
      return provider.listModels(target, signal);
    },
  };
}
