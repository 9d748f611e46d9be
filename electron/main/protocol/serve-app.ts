import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { protocol, type Session } from 'electron';
import type { WindowKind } from '../../contract/define-route.ts';
import { resolveAppUrl } from './resolve-app-url.ts';
import { SECURITY_HEADERS } from './response-headers.ts';

/** Scheme of our own pages: a real origin, unlike `file://`. */
export const APP_SCHEME = 'app';

/** Must run before `ready`. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: APP_SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: false, codeCache: true },
    },
  ]);
}

/** Serves one kind of window's page and the assets on that window's session, and nothing of the other's. */
export function serveApp(session: Session, kind: WindowKind, rendererFolder: string): void {
  session.protocol.handle(APP_SCHEME, async (request) => {
    if (request.method !== 'GET') return refuse(405);
    const file = resolveAppUrl(request.url, kind);
    if (file === null) return refuse(404);
    try {
      const body = await readFile(join(rendererFolder, file.path));
      return new Response(new Uint8Array(body), {
        headers: {
          ...SECURITY_HEADERS,
          'Content-Type': file.contentType,
          // Asset names carry a hash of their content; pages must not outlive an update.
          'Cache-Control': file.isPage ? 'no-store' : 'private, max-age=31536000, immutable',
        },
      });
    } catch {
      // The page asked for a file this build does not have: an ordinary 404, not a failure of the handler.
      return refuse(404);
    }
  });
}

function refuse(status: number): Response {
  return new Response(null, { status, headers: { ...SECURITY_HEADERS } });
}
