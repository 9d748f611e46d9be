import type { Redactor } from '../redaction/redactor.ts';
import type { ProxyLogin } from './route.ts';
import type { SealedStatus, SealedValue } from './sealed-value.ts';

/** The login of one proxy. It is given to that proxy only: for another address it does not exist. */
export interface ProxyLogins {
  save(proxyOrigin: string, login: ProxyLogin): Promise<void>;
  find(proxyOrigin: string): Promise<ProxyLogin | null>;
  status(): SealedStatus | null;
  remove(): void;
}

/** Keeps the login in the vault. */
export function createProxyLogins(sealed: SealedValue, redactor: Redactor): ProxyLogins {
  return {
    save(proxyOrigin, login) {
      protectLogin(redactor, login);
      const { userName, password } = login;
      return sealed.save(proxyOrigin, `${percentEncode(userName)}:${percentEncode(password)}`);
    },
    async find(proxyOrigin) {
      const value = await sealed.read(proxyOrigin);
      if (value === null) return null;
      const [userName = '', password = ''] = value.split(':').map((part) => decodeURIComponent(part));
      protectLogin(redactor, { userName, password });
      return { userName, password };
    },
    status: () => sealed.status(),
    remove: () => sealed.remove(),
  };
}

/** From now on no log shows this login, nor the header it is sent in. */
export function protectLogin(redactor: Redactor, login: ProxyLogin): void {
  redactor.protect(login.password);
  redactor.protect(basicCredentials(login));
}

/** What follows `Basic` (RFC 7617). */
export function basicCredentials({ userName, password }: ProxyLogin): string {
  return Buffer.from(`${userName}:${password}`, 'utf8').toString('base64');
}

/** Everything but letters and digits, so that no separator and no space is left. */
function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
