/** Schemes that never leave the machine. */
const LOCAL_SCHEMES = ['app:', 'data:', 'blob:', 'devtools:'];

/**
 * The second wall behind the CSP: what any page may ask Chromium's network stack for. `devServerOrigin` is Vite's in
 * `npm run dev`, else null.
 */
export function isAllowedRequest(url: string, devServerOrigin: string | null): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host } = new URL(url);
  if (LOCAL_SCHEMES.includes(protocol)) return true;
  return (
    devServerOrigin !== null && /^(?:https?|wss?):$/.test(protocol) && host === new URL(devServerOrigin).host
  );
}

/** Vite's origin when this is an unpackaged run started by `npm run dev`; null otherwise, always null when packaged. */
export function readDevServerOrigin(isPackaged: boolean, url: string | undefined): string | null {
  if (isPackaged || url === undefined || !URL.canParse(url)) return null;
  const { protocol, hostname, origin } = new URL(url);
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return protocol === 'http:' && isLoopback ? origin : null;
}
