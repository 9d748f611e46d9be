import type { Message } from '../../contract/model/conversation.ts';
import type { ProviderTurn } from '../providers/chat-provider.ts';

/** Messages as they are sent. Answers that never said anything are left out: most APIs refuse an empty turn. */
export function toTurns(path: readonly Message[]): ProviderTurn[] {
  return path.flatMap(({ role, text }) => (text === '' || role === 'tool' ? [] : [{ role, text }]));
}
