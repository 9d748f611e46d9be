/** Where a proxy listens and what it speaks. */
export interface ProxyAddress {
  readonly scheme: 'http' | 'https' | 'socks5';
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** `scheme://host:port`, always with the port: what a login is bound to and what is shown. */
  readonly origin: string;
}

/** A name and password for a proxy. */
export interface ProxyLogin {
  readonly userName: string;
  readonly password: string;
}

/** How one request leaves. */
export type Route =
  | { readonly kind: 'direct' }
  | {
      readonly kind: 'proxy';
      readonly proxy: ProxyAddress;
      /** Came with the address (environment only); null when the vault is to be asked. */
      readonly login: ProxyLogin | null;
    };

/** Builds an address; `host` as a URL writes it. */
export function proxyAddress(scheme: ProxyAddress['scheme'], host: string, port: number): ProxyAddress {
  const lowerHost = host.toLowerCase();
  return {
    scheme,
    host: withoutBrackets(lowerHost),
    port,
    origin: `${scheme}://${lowerHost}:${port}`,
  };
}

/** `[::1]` as sockets want it: `::1`. */
export function withoutBrackets(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}
