import { session, type Session } from 'electron';

/** Chromium's own judgement of a certificate. */
const CERTIFICATE_AS_VERIFIED = -3;

/**
 * Asks the operating system for the proxy of an origin, as a PAC-style answer. Chromium knows how each system says it, so a
 * session of its own is asked: in memory, without a page, hardened like every session but for its proxy, and used for no
 * request. On Linux the desktop's settings count (GNOME, KDE); the variables Chromium would prefer to them were taken out of the
 * environment at the start.
 */
export function createSystemProxy({ allowsScripts }: { readonly allowsScripts: boolean }) {
  let ready: Promise<Session> | null = null;
  return async (origin: string): Promise<string> => {
    ready ??= openSession(allowsScripts);
    return (await ready).resolveProxy(origin);
  };
}

async function openSession(allowsScripts: boolean): Promise<Session> {
  // Made here: `session-created` hardens it, which sets its proxy to `direct`; what follows is the one exception.
  const asked = session.fromPartition('system-proxy', { cache: false });
  await asked.setProxy({ mode: 'system' });
  // A script may be served by https. Nothing else is ever fetched in this session.
  if (allowsScripts) asked.setCertificateVerifyProc((_request, answer) => answer(CERTIFICATE_AS_VERIFIED));
  return asked;
}
