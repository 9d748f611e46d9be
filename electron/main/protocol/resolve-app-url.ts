import type { WindowKind } from '../../contract/define-route.ts';

/** A file below `out/renderer`, and how to serve it. */
export interface AppFile {
  /** Relative path with forward slashes. */
  readonly path: string;
  readonly contentType: string;
  readonly isPage: boolean;
}

/** The one page of each kind of window. */
const PAGES: Readonly<Record<WindowKind, string>> = {
  chat: 'index.html',
  key: 'key.html',
  image: 'image.html',
};

const CONTENT_TYPES: ReadonlyMap<string, string> = new Map([
  ['js', 'text/javascript; charset=utf-8'],
  ['css', 'text/css; charset=utf-8'],
  ['svg', 'image/svg+xml'],
  ['png', 'image/png'],
  ['woff2', 'font/woff2'],
]);

/**
 * Says which file an `app://` URL names on the session of one kind of window, or null. There are two shapes: the
 * window's own page, and a flat file of `assets/`; whatever else a path could say is refused rather than cleaned.
 */
export function resolveAppUrl(rawUrl: string, kind: WindowKind): AppFile | null {
  if (!URL.canParse(rawUrl)) return null;
  const url = new URL(rawUrl);
  if (url.protocol !== 'app:' || url.host !== kind || url.username !== '' || url.password !== '') return null;
  const page = PAGES[kind];
  if (url.pathname === '/' || url.pathname === `/${page}`) {
    return { path: page, contentType: 'text/html; charset=utf-8', isPage: true };
  }
  const asset = /^\/assets\/([\w-][\w.-]*\.(\w+))$/.exec(url.pathname);
  const contentType = CONTENT_TYPES.get(asset?.[2] ?? '');
  if (asset === null || contentType === undefined) return null;
  return { path: `assets/${asset[1]}`, contentType, isPage: false };
}

/** The hash of the stored picture that a URL of the chat window's session names, or null. */
export function resolvePictureUrl(rawUrl: string): string | null {
  if (!URL.canParse(rawUrl)) return null;
  const url = new URL(rawUrl);
  if (url.protocol !== 'app:' || url.host !== 'chat' || url.username !== '' || url.password !== '')
    return null;
  return /^\/attachments\/([0-9a-f]{64})$/.exec(url.pathname)?.[1] ?? null;
}
