/** File name of the handler that a click in settings installs for an unpackaged or unpacked Latchkey. */
export const HANDLER_FILE = 'latchkey-url-handler.desktop';
/** The MIME type that stands for the scheme. */
export const SCHEME_MIME_TYPE = 'x-scheme-handler/latchkey';

/** Fills the template with the command that opens a link; `%u` follows it. */
export function fillDesktopEntry(template: string, command: readonly string[]): string {
  const exec = [...command.map(quoteExecArgument), '--', '%u'].join(' ');
  return template.replace(/^Exec=.*$/m, () => `Exec=${exec}`);
}

/** Quotes one argument as the Desktop Entry Specification wants it: within quotes, then once more as a string value. */
export function quoteExecArgument(argument: string): string {
  const quoted = argument.replaceAll(/["`$\\]/g, '\\$&').replaceAll('%', '%%');
  return `"${quoted.replaceAll('\\', '\\\\')}"`;
}

/** The first default handler of the scheme that a `mimeapps.list` names, or null. */
export function defaultHandler(mimeApps: string): string | null {
  const section = /^\[Default Applications\]\s*$([\s\S]*?)(?=^\[|(?![\s\S]))/m.exec(mimeApps)?.[1] ?? '';
  const line = section.split('\n').find((candidate) => candidate.startsWith(`${SCHEME_MIME_TYPE}=`));
  const [first] = line?.slice(SCHEME_MIME_TYPE.length + 1).split(';') ?? [];
  return first === undefined || first.trim() === '' ? null : first.trim();
}

/** A `mimeapps.list` without our handler; all other lines stay as they are. */
export function withoutHandler(mimeApps: string): string {
  return mimeApps
    .split('\n')
    .map((line) => (line.startsWith(`${SCHEME_MIME_TYPE}=`) ? dropHandler(line) : line))
    .filter((line) => line !== null)
    .join('\n');
}

function dropHandler(line: string): string | null {
  const handlers = line
    .slice(SCHEME_MIME_TYPE.length + 1)
    .split(';')
    .filter((handler) => handler.trim() !== '' && handler.trim() !== HANDLER_FILE);
  return handlers.length === 0 ? null : `${SCHEME_MIME_TYPE}=${handlers.join(';')};`;
}
