const longestQuote = 80;

/** English text has about four characters per token. */
export const charactersPerToken = 4;

/**
 * The demo's answer to a request in the Chat Completions shape, as `{ content, reasoning, usage }`: honest about what it is, and a sample
 * of all that a reply can hold. The usage is estimated from the lengths, since no model counted anything.
 */
export function demoAnswer(request) {
  const content = writeAnswer(request);
  return {
    content,
    reasoning,
    usage: { input_tokens: countTokens(allText(request.messages)), output_tokens: countTokens(content) },
  };
}

const reasoning = `**Reading the question**

A model would think here, and this would be the summary of its thoughts. The demo has none: it copies your question into a page.`;

function countTokens(text) {
  return Math.ceil(text.length / charactersPerToken);
}

function writeAnswer(request) {
  const asked = lastUserText(request.messages);
  if (asked.startsWith('Name the conversation below')) return nameOf(asked);
  if (asked.startsWith('Summarise the conversation below')) return summaryOf(asked);
  const question = quoteSafely(asked);
  const opening = question ? `You wrote “${question}”.` : 'Your message had no text that I could quote.';
  return `## Hello from the local demo

${opening} I am **not a model**: a small program on this computer answers every message with this page, so that you can try Latchkey without a key and without a network.

What you can look at while it streams:

- text arrives piece by piece, and **Stop** keeps what is already there
- the conversation is saved to disk as it grows
- the window that shows it never holds a key

| Where | What it knows |
| --- | --- |
| Chat window | the text on the screen |
| Main process | the key, while it is in use |
| Keychain | the key, encrypted |

A little TypeScript, to see how code looks:

\`\`\`ts
type Reply = { readonly text: string; readonly tokens: number };

export async function ask(question: string): Promise<Reply> {
  const words = question.trim().split(/\\s+/);
  return { text: \`You used \${words.length} words.\`, tokens: words.length };
}
\`\`\`

When you are ready, choose **Add API key** and ask a real model. Until then, what you ask me never leaves this computer.
`;
}

/** The first words of what was asked, which is all that a program can tell of it. */
function nameOf(asked) {
  const [first = ''] = questionsIn(asked);
  const words = first.split(' ').slice(0, 5).join(' ');
  return words === '' ? 'A look at the demo' : `${words} (demo)`;
}

function summaryOf(asked) {
  const questions = questionsIn(asked).map((question) => `- You asked: “${question}”`);
  return [
    'This is the local demo, which understands nothing and can only list what was asked.',
    '',
    ...questions,
  ].join('\n');
}

function questionsIn(asked) {
  return [...asked.matchAll(/^User: (.*)$/gmu)]
    .map(([, text]) => quoteSafely(text))
    .filter((text) => text !== '');
}

function lastUserText(messages) {
  return textOf((messages ?? []).findLast((message) => message.role === 'user')?.content);
}

function allText(messages) {
  return (messages ?? []).map((message) => textOf(message.content)).join(' ');
}

function textOf(content) {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => (typeof part?.text === 'string' ? part.text : '')).join(' ');
}

// The quote stands in Markdown: only letters, digits and plain punctuation survive, on one line.
function quoteSafely(text) {
  const plain = text
    .slice(0, 2000)
    .replace(/[^\p{L}\p{M}\p{N} .,:;?!'()-]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...plain];
  return characters.length > longestQuote
    ? `${characters.slice(0, longestQuote).join('').trimEnd()}…`
    : plain;
}
