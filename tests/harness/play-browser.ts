import { request, type IncomingHttpHeaders } from 'node:http';

/** What a browser says of a navigation that another site led to. */
const NAVIGATION = {
  'sec-fetch-site': 'cross-site',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
} as const;

/** An answer of the loopback listener. */
export interface LoopbackAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request to a loopback URL with exactly these headers. Rejects when nobody answers. */
export function callLoopback(
  url: string,
  options: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    /** The address asked, whatever the URL's host. */
    readonly address?: '127.0.0.1' | '::1';
  } = {},
): Promise<LoopbackAnswer> {
  const { port, pathname, search, host } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: options.address ?? '127.0.0.1',
        port,
        path: pathname + search,
        method: options.method ?? 'GET',
        headers: { host, ...options.headers },
        agent: false,
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => (body += text));
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      },
    );
    outgoing.once('error', reject);
    outgoing.end(options.body);
  });
}

/** Opens the sign-in page as the person would and returns where it sends them: the callback with the code. */
export async function approve(authorizationUrl: string): Promise<string> {
  const response = await fetch(authorizationUrl, { redirect: 'manual' });
  const location = response.headers.get('location');
  if (location === null) throw new Error(`the sign-in page answered ${response.status} without a redirect`);
  return location;
}

/** Comes back as a browser does. */
export function navigate(url: string): Promise<LoopbackAnswer> {
  return callLoopback(url, { headers: NAVIGATION });
}

/** The callback URL inside a sign-in page's address. */
export function callbackUrlOf(authorizationUrl: string): string {
  const url = new URL(authorizationUrl).searchParams.get('callback_url');
  if (url === null) throw new Error('the address names no callback');
  return url;
}
