import type OpenAI from 'openai';
import type { CompletionRequest } from '../chat-provider.ts';
import type { RequestPart } from '../../models/request-part.ts';
import { asText, writeTurns, type TurnPiece, type WrittenTurn } from './write-turns.ts';

type Body = OpenAI.Responses.ResponseCreateParamsStreaming;

/** A request to the Responses API. `store: false`: nothing is kept at the provider for retrieval. Throws `storage/*`. */
export async function buildResponseRequest(
  { model, turns, generation }: CompletionRequest,
  parts: ReadonlySet<RequestPart>,
): Promise<Body> {
  const { systemPrompt } = generation;
  const reasoning = reasoningOf(generation, parts);
  const tools = toolsOf(parts);
  return {
    model,
    input: (await writeTurns(turns, parts)).map(toInput),
    ...(systemPrompt === '' ? {} : { instructions: systemPrompt }),
    ...(reasoning === null ? {} : { reasoning }),
    ...(parts.has('verbosity') ? { text: { verbosity: generation.verbosity } } : {}),
    ...(tools.length === 0 ? {} : { tools }),
    store: false,
    stream: true,
  };
}

function reasoningOf(
  { effort }: CompletionRequest['generation'],
  parts: ReadonlySet<RequestPart>,
): OpenAI.Reasoning | null {
  const hasEffort = parts.has('effort');
  const hasSummary = parts.has('reasoning-summary');
  if (!hasEffort && !hasSummary) return null;
  return { ...(hasEffort ? { effort } : {}), ...(hasSummary ? { summary: 'auto' as const } : {}) };
}

function toolsOf(parts: ReadonlySet<RequestPart>): OpenAI.Responses.Tool[] {
  const tools: OpenAI.Responses.Tool[] = [];
  // A place of nowhere: left out, the API takes the person to be in the United States.
  if (parts.has('web-search')) tools.push({ type: 'web_search', user_location: { type: 'approximate' } });
  // WebP: the last event of an answer repeats all its pictures in one line, and lines have an end.
  if (parts.has('image-generation')) tools.push({ type: 'image_generation', output_format: 'webp' });
  return tools;
}

function toInput(turn: WrittenTurn): OpenAI.Responses.EasyInputMessage {
  return { role: turn.role, content: asText(turn) ?? turn.pieces.map(toContent) };
}

function toContent(piece: TurnPiece): OpenAI.Responses.ResponseInputContent {
  switch (piece.type) {
    case 'text':
      return { type: 'input_text', text: piece.text };
    case 'image':
      return { type: 'input_image', image_url: piece.dataUrl, detail: 'auto' };
    case 'file':
      return { type: 'input_file', filename: piece.name, file_data: piece.dataUrl };
  }
}
