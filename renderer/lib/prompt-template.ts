/** More variables than anybody fills in by hand; further names stay text. */
const MAX_VARIABLES = 50;
const MAX_NAME_LENGTH = 60;
const MAX_DEFAULT_LENGTH = 1_000;

/** Marks that turn the direction of what follows: a name with one would look like another. */
const DIRECTION_MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** In order: a backslash that stands for itself before braces, braces that stand for themselves, a variable. */
const TOKENS = /\\\\(?=\{\{)|\\\{\{|\{\{([^{}]*)\}\}/g;

/** What a prompt consists of. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  /** `name` is in NFC; 'date' is filled in, not asked for. */
  | { readonly kind: 'variable'; readonly name: string };

/** A variable that is asked for. */
export interface TemplateVariable {
  readonly name: string;
  /** '' unless the prompt has one. */
  readonly defaultValue: string;
}

/** A prompt, taken apart. */
export interface Template {
  readonly parts: readonly TemplatePart[];
  /** In the order in which they first stand in the prompt. */
  readonly variables: readonly TemplateVariable[];
}

/** The variable that is filled in by itself: today, as 2026-11-26. */
const DATE = 'date';

/**
 * Takes a prompt apart. `{{name}}` and `{{name=default}}` are variables, `\{{` is two braces and `\\{{` a backslash before a
 * variable. Whatever is not whole stays text; nothing throws.
 */
export function parseTemplate(prompt: string): Template {
  const parts: TemplatePart[] = [];
  const defaults = new Map<string, string>();
  let end = 0;
  for (const token of prompt.matchAll(TOKENS)) {
    if (token.index > end) parts.push({ kind: 'text', text: prompt.slice(end, token.index) });
    end = token.index + token[0].length;
    parts.push(partOf(token[0], token[1], defaults));
  }
  if (end < prompt.length) parts.push({ kind: 'text', text: prompt.slice(end) });
  const variables = [...defaults].map(([name, defaultValue]) => ({ name, defaultValue }));
  return { parts, variables };
}

/** Puts values where the variables stand. One that is missing is ''. */
export function fillTemplate({ parts }: Template, values: ReadonlyMap<string, string>, today: Date): string {
  return parts
    .map((part) => {
      if (part.kind === 'text') return part.text;
      return part.name === DATE ? isoDay(today) : (values.get(part.name) ?? '');
    })
    .join('');
}

function partOf(token: string, inner: string | undefined, defaults: Map<string, string>): TemplatePart {
  if (inner === undefined) return { kind: 'text', text: token.slice(1) };
  const equals = inner.indexOf('=');
  const name = (equals === -1 ? inner : inner.slice(0, equals)).trim().normalize('NFC');
  const defaultValue = equals === -1 ? '' : inner.slice(equals + 1).trim();
  if (!isName(name) || defaultValue.length > MAX_DEFAULT_LENGTH) return { kind: 'text', text: token };
  if (name === DATE) return { kind: 'variable', name };
  const former = defaults.get(name);
  if (former === undefined && defaults.size >= MAX_VARIABLES) return { kind: 'text', text: token };
  // The first default that is written holds, wherever it stands.
  defaults.set(name, former === undefined || former === '' ? defaultValue : former);
  return { kind: 'variable', name };
}

function isName(name: string): boolean {
  return (
    name !== '' && name.length <= MAX_NAME_LENGTH && !/[\p{Cc}\n]/u.test(name) && !DIRECTION_MARKS.test(name)
  );
}

function isoDay(day: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}
