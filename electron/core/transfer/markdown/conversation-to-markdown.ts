import type { TransferredHead, TransferredMessage } from '../../history/transfer/transferred.ts';

/** A conversation as it is shown, as Markdown to be read by people: for good, not for importing. */
export function conversationToMarkdown(head: TransferredHead, path: readonly TransferredMessage[]): string {
  const { systemPrompt } = head.generation;
  const blocks = [
    `# ${inline(head.title) || 'Untitled'}`,
    describeHead(head),
    ...(systemPrompt.trim() === '' ? [] : ['## Instructions', closeFences(systemPrompt.trim())]),
    ...path.flatMap(messageToBlocks),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** The messages from the first to the last shown one. */
export function shownPath(
  head: Pick<TransferredHead, 'headId'>,
  messages: Iterable<TransferredMessage>,
): TransferredMessage[] {
  const byId = new Map([...messages].map((message) => [message.id, message]));
  const path: TransferredMessage[] = [];
  for (let id = head.headId; id !== null;) {
    const message = byId.get(id);
    if (message === undefined) break;
    path.push(message);
    id = message.parentId;
  }
  return path.toReversed();
}

function describeHead({ createdAt, model }: TransferredHead): string {
  const day = new Date(createdAt).toISOString().slice(0, 10);
  return model === null ? day : `${day}, ${inline(model)}`;
}

function messageToBlocks(message: TransferredMessage): string[] {
  return [
    `## ${speakerOf(message)}`,
    ...(message.attachments.length === 0 ? [] : [attachmentsOf(message)]),
    ...(message.reasoning.trim() === ''
      ? []
      : [quote(`**Thoughts**\n\n${closeFences(message.reasoning.trim())}`)]),
    ...(message.text.trim() === '' ? [] : [textOf(message)]),
    ...(message.citations.length === 0 ? [] : [sourcesOf(message)]),
    ...endingOf(message),
  ];
}

function speakerOf({ role, model, toolName }: TransferredMessage): string {
  if (role === 'user') return 'You';
  if (role === 'tool') return `Tool: ${inline(toolName ?? 'unknown')}`;
  return model === null ? 'Assistant' : `Assistant (${inline(model)})`;
}

/** What a tool says is data; what people and models say is Markdown, or looks well as such. */
function textOf({ role, text }: TransferredMessage): string {
  return role === 'tool' ? fence(text) : closeFences(text.trim());
}

function attachmentsOf({ attachments }: TransferredMessage): string {
  return attachments
    .map(({ name, mediaType }) => `- Attached: ${inline(name)} (${inline(mediaType)})`)
    .join('\n');
}

function sourcesOf({ citations }: TransferredMessage): string {
  const seen = new Map(citations.map(({ url, title }) => [url, title]));
  const lines = [...seen].map(
    ([url, title], index) => `${index + 1}. [${inline(title) || 'Source'}](<${encodeUrl(url)}>)`,
  );
  return `Sources:\n\n${lines.join('\n')}`;
}

function endingOf({ state, error }: TransferredMessage): string[] {
  if (state === 'cancelled') return ['*Stopped here.*'];
  if (state === 'interrupted') return ['*Cut off here.*'];
  return state === 'failed' ? [`*Failed${error === null ? '' : `: ${error}`}.*`] : [];
}

/** Text in a block of its own, whatever it holds: the fence is longer than any inside. */
export function fence(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const marks = '`'.repeat(longest + 1);
  return `${marks}\n${text.replace(/\n$/, '')}\n${marks}`;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;

/** The same text; a block of code that it leaves open is closed, so that it does not swallow what follows. */
export function closeFences(text: string): string {
  let open: string | null = null;
  for (const line of text.split('\n')) {
    const [, marks = '', rest = ''] = FENCE.exec(line) ?? [];
    if (marks === '') continue;
    if (open === null) open = marks.startsWith('`') && rest.includes('`') ? null : marks;
    else if (marks.startsWith(open) && rest.trim() === '') open = null;
  }
  return open === null ? text : `${text}\n${open}`;
}

function quote(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
}

/** On one line, without signs that Markdown would take as its own. */
function inline(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .replaceAll(/[\\`*_[\]<>#|]/g, String.raw`\$&`);
}

function encodeUrl(url: string): string {
  return url.replaceAll(/[<>\s\\]/g, (sign) => encodeURIComponent(sign));
}
