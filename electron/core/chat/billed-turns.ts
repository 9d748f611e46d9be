import type { CompletionRequest, ProviderTurn } from '../providers/chat-provider.ts';

/** All the text that a request bills as input: its turns, and the system prompt before them. */
export function billedTurns({
  generation: { systemPrompt },
  turns,
}: Pick<CompletionRequest, 'generation' | 'turns'>): readonly ProviderTurn[] {
  return systemPrompt === '' ? turns : [{ role: 'user', text: systemPrompt }, ...turns];
}
