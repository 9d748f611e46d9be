import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';

/** How OpenRouter behaves; a test may make it behave badly. */
export interface OpenRouterOptions {
  /** The key it mints, a new one each time unless told. */
  readonly mint?: () => string;
  /** What the person does on the page. */
  decision?: 'approve' | 'deny';
  /** Answers the exchange instead of the server; the request was read and the code is not spent. */
  answerExchange?: (response: ServerResponse) => void;
}

/** OpenRouter's sign-in as it is documented, on loopback: the page, the exchange with real S256, codes of one use. */
export interface OpenRouterServer {
  readonly origin: string;
  readonly options: OpenRouterOptions;
  readonly exchanges: readonly Exchange[];
  /** The keys it handed out. */
  readonly minted: readonly string[];
  /** The Authorization headers its API was asked with. */
  readonly bearers: readonly string[];
  stop(): Promise<void>;
}

/** One attempt to exchange a code. */
export interface Exchange {
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
  readonly status: number;
}

interface Grant {
  readonly challenge: string;
  isSpent: boolean;
}

const exchangeSchema = z.object({
  code: z.string(),
  code_verifier: z.string(),
  code_challenge_method: z.string(),
});

/** Starts one on a free port. */
export async function startOpenRouterServer(options: OpenRouterOptions = {}): Promise<OpenRouterServer> {
  const grants = new Map<string, Grant>();
  const exchanges: Exchange[] = [];
  const minted: string[] = [];
  const bearers: string[] = [];

  function authorize(url: URL, response: ServerResponse): void {
    const callback = url.searchParams.get('callback_url') ?? '';
    const challenge = url.searchParams.get('code_challenge') ?? '';
    const isSound =
      URL.canParse(callback) &&
      url.searchParams.get('code_challenge_method') === 'S256' &&
      /^[\w-]{43}$/.test(challenge);
    if (!isSound) return answer(response, 400, { error: 'bad request' });
    const target = new URL(callback);
    if (options.decision === 'deny') target.searchParams.set('error', 'access_denied');
    else {
      const code = randomUUID();
      grants.set(code, { challenge, isSpent: false });
      target.searchParams.set('code', code);
    }
    response.writeHead(302, { location: target.href }).end();
  }

  function exchange(request: IncomingMessage, body: string, response: ServerResponse): void {
    const note = (status: number): void => void exchanges.push({ body, headers: request.headers, status });
    if (options.answerExchange !== undefined) {
      note(0);
      return options.answerExchange(response);
    }
    const parsed = exchangeSchema.safeParse(JSON.parse(body));
    if (!parsed.success || parsed.data.code_challenge_method !== 'S256') {
      note(400);
      return answer(response, 400, { error: 'Invalid code_challenge_method' });
    }
    const grant = grants.get(parsed.data.code);
    const challenge = createHash('sha256').update(parsed.data.code_verifier).digest('base64url');
    if (grant === undefined || grant.isSpent || grant.challenge !== challenge) {
      note(403);
      return answer(response, 403, { error: `Invalid code ${parsed.data.code} or code_verifier` });
    }
    grant.isSpent = true;
    const key = options.mint?.() ?? `sk-or-v1-${randomUUID().replaceAll('-', '')}`;
    minted.push(key);
    note(200);
    return answer(response, 200, { key, user_id: 'user_0123456789' });
  }

  function listModels(request: IncomingMessage, response: ServerResponse): void {
    bearers.push(request.headers.authorization ?? '');
    const isKnown = minted.some((key) => request.headers.authorization === `Bearer ${key}`);
    if (!isKnown) return answer(response, 401, { error: { message: 'no', code: 401 } });
    return answer(response, 200, { object: 'list', data: [{ id: 'vendor/model-a', object: 'model' }] });
  }

  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      const route = `${request.method ?? ''} ${url.pathname}`;
      if (route === 'GET /auth') return authorize(url, response);
      if (route === 'POST /api/v1/auth/keys') return exchange(request, body, response);
      if (url.pathname === '/api/v1/auth/keys') return answer(response, 405, { error: 'Method Not Allowed' });
      if (route === 'GET /api/v1/models') return listModels(request, response);
      return answer(response, 404, { error: 'not found' });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    options,
    exchanges,
    minted,
    bearers,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
