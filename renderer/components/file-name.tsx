/** So many characters at the end tell files apart: the number or the version, and what kind of file it is. */
const KEPT_AT_END = 10;

/** The name of a file, cut in its middle where there is no room for all of it. */
export function FileName({ name }: { readonly name: string }) {
  const characters = Array.from(name);
  const end = characters.slice(-KEPT_AT_END).join('');
  const start = characters.slice(0, -KEPT_AT_END).join('');
  return (
    <span dir="auto" className="flex min-w-0" title={name}>
      <span className="min-w-0 overflow-hidden text-ellipsis whitespace-pre">{start}</span>
      <span className="shrink-0 whitespace-pre">{end}</span>
    </span>
  );
}
