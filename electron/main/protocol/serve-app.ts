import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { protocol, type Session } from 'electron';
import type { WindowKind } from '../../contract/define-route.ts';
import { resolveAppUrl, resolvePictureUrl } from './resolve-app-url.ts';
import { SECURITY_HEADERS } from './response-headers.ts';

/** Scheme of our own pages: a real origin, unlike `file://`. */
export const APP_SCHEME = 'app';

/** For what can never be anything else under the same name. */
const IMMUTABLE = 'private, max-age=31536000, immutable';

/** Must run before `ready`. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: APP_SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: false, codeCache: true },
    },
  ]);
}

/** Reads a stored picture by its hash; null for whatever is none. */
export type PictureReader = (hash: string) => Promise<{ bytes: Uint8Array; mediaType: string } | null>;

/** Serves one kind of window's page and the assets on that window's session, and nothing of the other's. */
export function serveApp(session: Session, kind: WindowKind, rendererFolder: string): void {
  session.protocol.handle(APP_SCHEME, (request) => answerWithFile(request, kind, rendererFolder));
}

/** What the chat window is served from. */
export interface ChatSources {
  readonly rendererFolder: string;
  readonly readPicture: PictureReader;
  /** In `npm run dev` the page comes from elsewhere, and pictures alone from here. */
  readonly isDevelopment: boolean;
}

/** The same for the chat window, which shows the pictures of messages too. */
export function serveChat(session: Session, sources: ChatSources): void {
  const { rendererFolder, readPicture, isDevelopment } = sources;
  session.protocol.handle(APP_SCHEME, async (request) => {
    const hash = resolvePictureUrl(request.url);
    if (hash === null) return answerWithFile(request, 'chat', rendererFolder);
    if (request.method !== 'GET') return refuse(405);
    const picture = await readPicture(hash);
    if (picture === null) return refuse(404);
    const response = answer(picture.bytes, picture.mediaType, IMMUTABLE);
    if (isDevelopment) response.headers.set('Cross-Origin-Resource-Policy', 'cross-origin');
    return response;
  });
}

async function answerWithFile(request: Request, kind: WindowKind, rendererFolder: string): Promise<Response> {
  if (request.method !== 'GET') return refuse(405);
  const file = resolveAppUrl(request.url, kind);
  if (file === null) return refuse(404);
  try {
    const body = await readFile(join(rendererFolder, file.path));
    // Asset names carry a hash of their content; pages must not outlive an update.
    return answer(body, file.contentType, file.isPage ? 'no-store' : IMMUTABLE);
  } catch {
    // The page asked for a file this build does not have: an ordinary 404, not a failure of the handler.
    return refuse(404);
  }
}

function answer(body: Uint8Array, contentType: string, cacheControl: string): Response {
  return new Response(new Uint8Array(body), {
    headers: { ...SECURITY_HEADERS, 'Content-Type': contentType, 'Cache-Control': cacheControl },
  });
}

function refuse(status: number): Response {
  return new Response(null, { status, headers: { ...SECURITY_HEADERS } });
}
