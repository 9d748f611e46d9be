import type { ProviderFile, ProviderTurn } from '../chat-provider.ts';
import type { RequestPart } from '../../models/request-part.ts';

/** A piece of a turn, in the order in which it is sent: files first, then what is asked about them. */
export type TurnPiece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly dataUrl: string }
  | { readonly type: 'file'; readonly name: string; readonly dataUrl: string };

/** A turn with its files read. */
export interface WrittenTurn {
  readonly role: ProviderTurn['role'];
  readonly pieces: readonly TurnPiece[];
}

/**
 * Reads the files of turns. Text goes along as text; what the model does not take is named, so that it does not wonder. A
 * picture the model has made itself goes with the person's next turn: no API takes it in an answer. Throws `storage/*`.
 */
export async function writeTurns(
  turns: readonly ProviderTurn[],
  parts: ReadonlySet<RequestPart>,
): Promise<WrittenTurn[]> {
  const written: WrittenTurn[] = [];
  let made: TurnPiece[] = [];
  for (const { role, text, files = [] } of turns) {
    const pieces: TurnPiece[] = [];
    for (const file of files) pieces.push(await writeFile(file, parts));
    const said: TurnPiece[] = text === '' ? [] : [{ type: 'text', text }];
    if (role === 'assistant') {
      made = pieces.filter(({ type }) => type === 'image');
      written.push({ role, pieces: said });
    } else {
      written.push({ role, pieces: [...made, ...pieces, ...said] });
      made = [];
    }
  }
  return written.filter(({ pieces }) => pieces.length > 0);
}

/** The turn as one text, where it has nothing else: the shape every server takes. null where it has. */
export function asText({ pieces }: WrittenTurn): string | null {
  const texts = pieces.flatMap((piece) => (piece.type === 'text' ? [piece.text] : []));
  return texts.length === pieces.length ? texts.join('\n\n') : null;
}

async function writeFile(file: ProviderFile, parts: ReadonlySet<RequestPart>): Promise<TurnPiece> {
  switch (file.kind) {
    case 'text':
      return {
        type: 'text',
        text: asLabelledText(file.name, Buffer.from(await file.read()).toString('utf8')),
      };
    case 'image':
      return parts.has('image-input')
        ? { type: 'image', dataUrl: await toDataUrl(file) }
        : { type: 'text', text: `(The picture "${file.name}" is not shown: this model takes no pictures.)` };
    case 'pdf':
      return parts.has('file-input')
        ? { type: 'file', name: file.name, dataUrl: await toDataUrl(file) }
        : { type: 'text', text: `(The file "${file.name}" is not shown: this model takes no PDF files.)` };
  }
}

/** The fence is longer than any in the text, so that the text cannot end it. */
function asLabelledText(name: string, text: string): string {
  const runs = text.match(/`{3,}/g) ?? [];
  const fence = '`'.repeat(runs.reduce((longest, run) => Math.max(longest, run.length + 1), 3));
  return `File "${name}":\n${fence}\n${text}\n${fence}`;
}

async function toDataUrl(file: ProviderFile): Promise<string> {
  return `data:${file.mediaType};base64,${Buffer.from(await file.read()).toString('base64')}`;
}
