import { session as sessions, type Session } from 'electron';
import { isAllowedRequest } from '../protocol/is-allowed-request.ts';

/** Chromium's answer to a certificate that is not to be trusted. */
const CERTIFICATE_REFUSED = -2;

/** Applied to every session ever created: no permission, no device, no download, no dictionary, no network. */
export function hardenSession(session: Session, devServerOrigin: string | null): void {
  denyPermissions(session);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  // Even with `spellcheck: false` Chromium fetches a dictionary for the default language.
  session.setSpellCheckerEnabled(false);
  session.setSpellCheckerLanguages([]);
  session.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !isAllowedRequest(details.url, devServerOrigin) });
  });
  if (devServerOrigin === null) {
    // A proxy configuration may be looked up on the network (WPAD); pages of ours need none.
    void session.setProxy({ mode: 'direct' });
    session.setCertificateVerifyProc((_request, answer) => answer(CERTIFICATE_REFUSED));
  }
}

/** Writing plain text to the clipboard, from the chat window's own page, is what Copy needs. Everything else is denied. */
function denyPermissions(session: Session): void {
  const isGranted = (permission: string, origin: string, isMainFrame: boolean): boolean =>
    permission === 'clipboard-sanitized-write' &&
    session === sessions.defaultSession &&
    isMainFrame &&
    /^app:\/\/chat\/?$/.test(origin);
  session.setPermissionCheckHandler((_contents, permission, origin, details) =>
    isGranted(permission, origin, details.isMainFrame),
  );
  session.setPermissionRequestHandler((contents, permission, answer, details) => {
    answer(isGranted(permission, contents.mainFrame.origin, details.isMainFrame));
  });
}
