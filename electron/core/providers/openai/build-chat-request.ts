import type OpenAI from 'openai';
import type { CompletionRequest } from '../chat-provider.ts';
import type { RequestPart } from '../../models/request-part.ts';
import { asText, writeTurns, type TurnPiece, type WrittenTurn } from './write-turns.ts';

type Body = OpenAI.ChatCompletionCreateParamsStreaming;
type Message = OpenAI.ChatCompletionMessageParam;

/** A request to Chat Completions. Throws `storage/*`. */
export async function buildChatRequest(
  { model, turns, generation }: CompletionRequest,
  parts: ReadonlySet<RequestPart>,
): Promise<Body> {
  const { systemPrompt, effort, verbosity } = generation;
  // `system`: OpenAI takes it for `developer` where that is meant, and compatible servers know no other.
  const system: Message[] = systemPrompt === '' ? [] : [{ role: 'system', content: systemPrompt }];
  return {
    model,
    messages: [...system, ...(await writeTurns(turns, parts)).map(toMessage)],
    ...(parts.has('effort') ? { reasoning_effort: effort } : {}),
    ...(parts.has('verbosity') ? { verbosity } : {}),
    ...(parts.has('web-search') ? { web_search_options: {} } : {}),
    stream: true,
    ...(parts.has('usage-in-stream') ? { stream_options: { include_usage: true } } : {}),
  };
}

function toMessage(turn: WrittenTurn): Message {
  const text = asText(turn);
  // Pictures and files stand in turns of the person only.
  if (turn.role === 'assistant') return { role: 'assistant', content: text ?? '' };
  return { role: 'user', content: text ?? turn.pieces.map(toContent) };
}

function toContent(piece: TurnPiece): OpenAI.ChatCompletionContentPart {
  switch (piece.type) {
    case 'text':
      return { type: 'text', text: piece.text };
    case 'image':
      return { type: 'image_url', image_url: { url: piece.dataUrl } };
    case 'file':
      return { type: 'file', file: { filename: piece.name, file_data: piece.dataUrl } };
  }
}
