import type { ErrorCode, ErrorDetails, WireError } from '../../electron/contract/app-error.ts';
import { assertNever } from './assert-never.ts';
import { describeFileError, type FileCode } from './describe-file-error.ts';
import { describeLock, type LockedKeystore } from './describe-keystore.ts';
import { formatBytes, formatDateAndTime } from './format.ts';
import { formatCost, formatTokens } from './money.ts';

/** The next sensible thing to do about an error. */
export type ErrorAction =
  | { readonly kind: 'replace-key'; readonly label: string }
  | { readonly kind: 'open-key-settings'; readonly label: string }
  | { readonly kind: 'open-network-settings'; readonly label: string }
  | { readonly kind: 'enter-login'; readonly label: string; readonly proxy: 'manual' | 'asking' }
  | { readonly kind: 'retry'; readonly label: string; readonly waitS: number }
  /** Asks the keystore again, then does what failed. */
  | { readonly kind: 'recheck-keystore'; readonly label: string }
  | { readonly kind: 'choose-model'; readonly label: string }
  | { readonly kind: 'shorten'; readonly label: string }
  | { readonly kind: 'open-folder'; readonly label: string }
  | { readonly kind: 'open-usage'; readonly label: string }
  | { readonly kind: 'open-models'; readonly label: string }
  | { readonly kind: 'restart'; readonly label: string }
  | { readonly kind: 'none' };

/** An error in words, with its next step. */
export interface ErrorDescription {
  readonly title: string;
  readonly body: string;
  readonly action: ErrorAction;
}

const none: ErrorAction = { kind: 'none' };
const retry: ErrorAction = { kind: 'retry', label: 'Try again', waitS: 0 };
const keySettings: ErrorAction = { kind: 'open-key-settings', label: 'Open key settings' };
const networkSettings: ErrorAction = { kind: 'open-network-settings', label: 'Open network settings' };
const restart: ErrorAction = { kind: 'restart', label: 'Try again' };
const folder: ErrorAction = { kind: 'open-folder', label: 'Open folder' };
const shorten: ErrorAction = { kind: 'shorten', label: 'Edit the message' };
const recheckKeystore: ErrorAction = { kind: 'recheck-keystore', label: 'Try again' };
const raiseBudget: ErrorAction = { kind: 'open-usage', label: 'Raise the budget' };
const chooseModel: ErrorAction = { kind: 'choose-model', label: 'Choose a model' };

function replaceKey(label: string): ErrorAction {
  return { kind: 'replace-key', label };
}

function describe(title: string, body: string, action: ErrorAction): ErrorDescription {
  return { title, body, action };
}

function waitOf(details: ErrorDetails): number {
  // A pause of days is said with its date; a button nobody can press for days would say less.
  if (resumeOf(details) !== null) return 0;
  const seconds = details['retryAfterS'];
  return typeof seconds === 'number' && Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : 0;
}

/** The moment before which a provider does not want to be asked, when it is too far off to wait for. */
function resumeOf(details: ErrorDetails): string | null {
  const retryAt = details['retryAt'];
  return typeof retryAt === 'number' && Number.isFinite(retryAt) ? formatDateAndTime(retryAt) : null;
}

function fact(details: ErrorDetails, name: string): string | null {
  const value = details[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Says what happened and what helps. Exhaustive over the contract's codes: a new code does not compile until it is described. */
export function describeError(error: WireError): ErrorDescription {
  const area = error.code.slice(0, error.code.indexOf('/'));
  switch (area) {
    case 'auth':
    case 'quota':
    case 'request':
      return describeRequest(error.code as RequestCode, error.details);
    case 'network':
    case 'provider':
      return describeNetwork(error.code as NetworkCode, error.details);
    case 'connection':
    case 'secret':
      return describeSecret(error.code as SecretCode, error.details);
    case 'sign-in':
      return describeSignIn(error.code as SignInCode);
    case 'policy':
      return describePolicyError(error.code as PolicyCode, error.details);
    case 'budget':
      return describeBudget(error.code as BudgetCode, error.details);
    case 'attachment':
      return describeFileError(error.code as FileCode, error.details);
    case 'transfer':
      return describeTransfer(error.code as TransferCode);
    default:
      return describeLocal(error.code as LocalCode, error);
  }
}

// The areas split one long switch into readable ones; the types together are checked to be all codes.
type RequestCode = Extract<ErrorCode, `auth/${string}` | `quota/${string}` | `request/${string}`>;
type NetworkCode = Extract<ErrorCode, `network/${string}` | `provider/${string}`>;
type SecretCode = Extract<ErrorCode, `connection/${string}` | `secret/${string}`>;
type SignInCode = Extract<ErrorCode, `sign-in/${string}`>;
type PolicyCode = Extract<ErrorCode, `policy/${string}`>;
type BudgetCode = Extract<ErrorCode, `budget/${string}`>;
type TransferCode = Extract<ErrorCode, `transfer/${string}`>;
type LocalCode = Exclude<
  ErrorCode,
  RequestCode | NetworkCode | SecretCode | SignInCode | PolicyCode | BudgetCode | FileCode | TransferCode
>;

function describeRequest(code: RequestCode, details: ErrorDetails): ErrorDescription {
  switch (code) {
    case 'auth/missing-key':
      return describe(
        'No key for this connection',
        'Add a key, then send again. Your message is kept.',
        replaceKey('Add API key'),
      );
    case 'auth/rejected-key':
      return describe(
        'The provider refused this key',
        'It may be mistyped, revoked or from another account.',
        replaceKey('Replace key'),
      );
    case 'auth/forbidden':
      return describe(
        'This key may not do that',
        'The account or project behind the key has no access to what was asked.',
        keySettings,
      );
    case 'quota/rate-limited':
      return describe('Too many requests', describePause(details), {
        kind: 'retry',
        label: 'Try again',
        waitS: waitOf(details),
      });
    case 'quota/insufficient':
      return describe(
        'The account has no credit left',
        'The provider will answer again once the account is topped up or its limit is raised.',
        retry,
      );
    case 'request/empty':
      return describe('There is nothing to send', 'Write a message first.', shorten);
    case 'request/too-large':
      if (details['isWholeRequest'] === true) return describeTooManyBytes(details);
      return describe(
        'This message is too long to send',
        'A message may hold up to 1 MB of text. It is still in the composer.',
        shorten,
      );
    case 'request/context-too-long':
      return describe('The conversation no longer fits the model', describeTooLong(details), chooseModel);
    case 'request/invalid':
      return describe(
        'The provider did not accept the request',
        'The chosen model or API dialect may not fit this provider.',
        chooseModel,
      );
    case 'request/unknown-model':
      return describe(
        'The provider does not know this model',
        'Choose another model, then try again.',
        chooseModel,
      );
    default:
      return assertNever(code);
  }
}

function describeTooLong(details: ErrorDetails): string {
  const { inputTokens, limitTokens, omittedCount, contextTokens, bytes, maxBytes } = details;
  if (typeof bytes === 'number' && typeof maxBytes === 'number')
    return `Its texts and files are about ${formatBytes(bytes)}, and ${formatBytes(maxBytes)} can be sent at once. Nothing was sent.`;
  if (typeof inputTokens === 'number' && typeof limitTokens === 'number') {
    const figures = `It is about ${formatTokens(inputTokens)} long, and about ${formatTokens(limitTokens)} fit. Nothing was sent.`;
    return typeof omittedCount === 'number' && omittedCount > 0
      ? figures
      : `${figures} Shorten the message, or choose a model with a larger window.`;
  }
  const size =
    typeof contextTokens === 'number'
      ? ` This model reads about ${contextTokens.toLocaleString('en')} tokens, answer included.`
      : '';
  return `The provider refused it as too long.${size}`;
}

/** Bytes, where a shorter text hardly helps: most of them are files. */
function describeTooManyBytes({ bytes, maxBytes }: ErrorDetails): ErrorDescription {
  if (typeof bytes === 'number' && typeof maxBytes === 'number')
    return describe(
      'The files are too large together',
      `What has to be sent is about ${formatBytes(bytes)}, and ${formatBytes(maxBytes)} can be sent at once. Send fewer or smaller files.`,
      shorten,
    );
  return describe(
    'The request is too large for the server',
    'It is about bytes, and most of them are files. Send fewer or smaller files, or begin a new conversation.',
    shorten,
  );
}

function describePause(details: ErrorDetails): string {
  const resume = resumeOf(details);
  return resume === null
    ? 'The provider asks for a pause before the next request.'
    : `The provider asks for a pause until ${resume}.`;
}

function describeNetwork(code: NetworkCode, details: ErrorDetails): ErrorDescription {
  switch (code) {
    case 'network/unreachable':
      return describe(
        'The provider cannot be reached',
        `Nothing answered${at(details)}. Check the network, or that the server is running.`,
        retry,
      );
    case 'network/dns':
      return describe(
        'The address was not found',
        `No server is known by this name${at(details)}. Check the network and the base URL.`,
        retry,
      );
    case 'network/tls':
      return describe('No secure connection', `${whyNotSecure(details)} Nothing was sent.`, networkSettings);
    case 'network/timeout':
      return describe(
        'The provider took too long',
        'No answer came in time. What had arrived is kept.',
        retry,
      );
    case 'network/interrupted':
      return describe(
        'The answer was cut off',
        'The network ended before the answer did. What had arrived is kept.',
        retry,
      );
    case 'network/proxy-invalid':
      return describe(
        fact(details, 'reason') === 'login' ? 'This login cannot be used' : 'The proxy cannot be used',
        proxyProblem(details),
        networkSettings,
      );
    case 'network/proxy-url-with-login':
      return describe(
        'Leave name and password out of the URL',
        'They are entered in a window of their own and kept with your keys. Nothing was saved.',
        { kind: 'enter-login', label: 'Enter login', proxy: 'manual' },
      );
    case 'network/proxy-unreachable':
      return describe(
        'The proxy cannot be reached',
        `Nothing answered as a proxy would${at(details)}. Nothing was sent around it.`,
        networkSettings,
      );
    case 'network/proxy-login':
      return describeProxyLogin(details);
    case 'network/proxy-refused':
      return describe(
        'The proxy refused to connect',
        `It answered${at(details)}, but did not open the way to the provider.`,
        networkSettings,
      );
    case 'network/certificate-invalid':
      return describe('This certificate cannot be added', certificateProblem(details), none);
    case 'network/forbidden-origin':
      return describe(
        'Blocked: not the address of this key',
        'Latchkey contacts only the address the key was entered for. Nothing was sent.',
        keySettings,
      );
    case 'provider/server-error':
      return describe('The provider has a problem', describeOutage(details), retry);
    case 'provider/unexpected-response':
      return describe(
        'The server answered with something else',
        'This does not look like an OpenAI-compatible API. Check the base URL.',
        keySettings,
      );
    case 'provider/redirected':
      return describe(
        'The server pointed to another address',
        'A key never follows a redirect, so Latchkey stopped there. Check the base URL.',
        keySettings,
      );
    case 'provider/content-filtered':
      return describe('The provider withheld the answer', 'Its content filter stopped this reply.', shorten);
    case 'provider/incomplete':
      return describe(
        'The answer is not complete',
        'The model reached its output limit. What had arrived is kept.',
        retry,
      );
    case 'provider/garbled':
      return describe(
        'The rest of the answer could not be read',
        'The server sent something that makes no sense. What had arrived is kept.',
        retry,
      );
    case 'provider/failed':
      return describe('The provider gave up on this answer', 'What had arrived is kept.', retry);
    default:
      return assertNever(code);
  }
}

function whyNotSecure(details: ErrorDetails): string {
  const host = fact(details, 'host');
  const server = host === null ? 'the server' : host;
  switch (fact(details, 'reason')) {
    case 'expired':
      return `The certificate of ${server} has expired.`;
    case 'not-yet-valid':
      return `The certificate of ${server} is not valid yet. Is this computer's clock right?`;
    case 'wrong-name':
      return `What answered for ${server} has a certificate for another name.`;
    case 'unknown-issuer':
      return `The certificate of ${server} comes from an authority Latchkey does not know. In a company network its authority can be added.`;
    default:
      return `${server.charAt(0).toUpperCase()}${server.slice(1)} could not prove who it is.`;
  }
}

function proxyProblem(details: ErrorDetails): string {
  switch (fact(details, 'reason')) {
    case 'missing':
      return 'No address is set. Enter one such as http://proxy.example.com:3128.';
    case 'login':
      return 'A name is needed, without a colon, and neither may be longer than 255 bytes.';
    case 'bypass':
      return `“${fact(details, 'entry') ?? ''}” is no exception Latchkey understands. Use a name, *.example.com or <local>.`;
    case 'system-malformed':
    case 'system-unsupported':
      return 'The system names a proxy of a kind Latchkey does not speak. It speaks http, https and SOCKS 5.';
    default:
      return 'Enter an address such as http://proxy.example.com:3128 or socks5://127.0.0.1:1080.';
  }
}

function describeProxyLogin(details: ErrorDetails): ErrorDescription {
  const method = fact(details, 'method');
  if (method !== null) {
    return describe(
      'The proxy wants a login of another kind',
      `It asks for ${method}${at(details)}. Latchkey speaks Basic logins only.`,
      networkSettings,
    );
  }
  const wasSent = details['wasSent'] === true;
  return describe(
    wasSent ? 'The proxy refused the login' : 'The proxy wants a login',
    wasSent
      ? `The name or password is not right for the proxy${at(details)}.`
      : `Enter name and password for the proxy${at(details)}. They are kept with your keys.`,
    { kind: 'enter-login', label: 'Enter login', proxy: 'asking' },
  );
}

function certificateProblem(details: ErrorDetails): string {
  switch (fact(details, 'reason')) {
    case 'too-large':
      return 'The file is far larger than certificates are.';
    case 'too-many':
      return 'Up to 20 certificates can be added.';
    case 'private-key':
      return 'The file holds a private key. Pick the one with the certificate alone.';
    case 'not-an-authority':
      return 'It is the certificate of a server. Pick that of the authority which issued it.';
    case 'expired':
      return 'It has expired, so it proves nothing any more.';
    default:
      return 'The file holds no certificate that can be read. PEM and DER files can.';
  }
}

function describeOutage(details: ErrorDetails): string {
  const resume = resumeOf(details);
  return resume === null
    ? 'This is on their side and usually passes.'
    : `This is on their side. They expect it to last until ${resume}.`;
}

function at(details: ErrorDetails): string {
  const origin = fact(details, 'proxy') ?? fact(details, 'origin') ?? fact(details, 'host');
  return origin === null ? '' : ` at ${origin}`;
}

function describeSecret(code: SecretCode, details: ErrorDetails): ErrorDescription {
  switch (code) {
    case 'connection/not-found':
      return describe('This connection no longer exists', 'Choose another connection.', keySettings);
    case 'connection/invalid-url':
      return describe(
        'This is not a usable address',
        'Enter a base URL such as https://api.example.com/v1.',
        none,
      );
    case 'connection/url-without-scheme':
      return describe(
        'The base URL needs its beginning',
        'Start it with https://, or with http:// for a server on this computer.',
        none,
      );
    case 'connection/url-with-credentials':
      return describe(
        'Leave name and password out of the URL',
        'A key belongs in the API key field, where it is protected.',
        none,
      );
    case 'connection/insecure-url':
      return describe(
        'http:// is for this computer only',
        'A key sent to another machine over http could be read on the way. Use https://.',
        none,
      );
    case 'connection/development-runtime':
      return describe(
        'Not on a development runtime',
        'This build runs on an Electron out of support, so it takes keys for this computer only (localhost).',
        none,
      );
    case 'secret/empty-key':
      return describe('There is no key yet', 'Type or paste the key first.', none);
    case 'secret/malformed-key':
      return describe('This does not look like a key', malformation(details['problem']), none);
    case 'secret/clipboard-empty':
      return describe('The clipboard holds no text', 'Copy the key first, then paste it here.', none);
    case 'secret/keystore-unavailable':
      return describe(
        'No keystore on this computer',
        'The key can be kept until you quit, but not saved.',
        keySettings,
      );
    case 'secret/locked':
      return describe(
        describeLock({ name: fact(details, 'name') ?? 'The keystore', cause: causeOf(details) }),
        adviceOn(causeOf(details)),
        recheckKeystore,
      );
    case 'secret/other-backend':
      return describe(
        'The key is in another keystore',
        `It was saved with ${fact(details, 'name') ?? 'a different keystore'}, which is not the one in use now. It is kept. To use it again, ${fact(details, 'wayBack') ?? 'go back to that one'}; or enter it again.`,
        replaceKey('Enter key again'),
      );
    case 'secret/unreadable':
      return describe(
        'The key cannot be decrypted',
        'Its copy was damaged, or encrypted for another account. It is kept. Enter the key again to go on.',
        replaceKey('Enter key again'),
      );
    case 'secret/wrong-origin':
      return describe(
        'This key belongs to another address',
        `It was entered for ${fact(details, 'boundTo') ?? 'another address'} and is used nowhere else.`,
        replaceKey('Enter key again'),
      );
    case 'secret/expired':
      return describe(
        'This key has expired',
        'It was to be used until a day that has passed. Replace it, or change the day in Settings.',
        replaceKey('Replace key'),
      );
    case 'secret/key-in-field':
      if (details['field'] === 'systemPrompt') {
        return describe(
          'There seems to be an API key in the system prompt',
          'Take it out: until then it is not saved and nothing can be asked here. A key belongs in the key window.',
          none,
        );
      }
      return describe(
        'This looks like an API key',
        'It is in a field that is kept and shown in clear. A key belongs in the API key field of the key window.',
        none,
      );
    case 'secret/key-in-message':
      return describeKeyInMessage(details);
    default:
      return assertNever(code);
  }
}

function malformation(problem: ErrorDetails[string] | undefined): string {
  switch (problem) {
    case 'several-keys':
      return 'These are several keys. Enter one; others can be added after it. Nothing was saved.';
    case 'invisible-characters':
      return 'There are invisible characters in it, as some web pages add. Copy it again. Nothing was saved.';
    case 'too-long':
      return 'It is far too long for a key. Nothing was saved.';
    default:
      return 'A key is one line without spaces inside. Nothing was saved.';
  }
}

function describeSignIn(code: SignInCode): ErrorDescription {
  switch (code) {
    case 'sign-in/no-browser':
      return describe(
        'No browser opened',
        'Latchkey could not ask the system for one. Try again, or add an API key instead.',
        retry,
      );
    case 'sign-in/expired':
      return describe(
        'The sign-in took too long',
        'Nobody came back from the browser within two minutes. Nothing was added.',
        retry,
      );
    case 'sign-in/denied':
      return describe('The sign-in was declined', 'OpenRouter made no key, and nothing was added.', retry);
    case 'sign-in/refused':
      return describe(
        'OpenRouter made no key',
        'It did not accept what the browser brought back. Signing in once more usually helps.',
        retry,
      );
    case 'sign-in/unexpected-answer':
      return describe(
        'OpenRouter answered with something else',
        'What came back is not a key, so nothing was added.',
        retry,
      );
    case 'sign-in/failed':
      return describe('The sign-in did not work', 'Nothing was added.', retry);
    default:
      return assertNever(code);
  }
}

function describePolicyError(code: PolicyCode, details: ErrorDetails): ErrorDescription {
  switch (code) {
    case 'policy/unreadable':
      return describe('The policy of your organisation cannot be read', closed, restart);
    case 'policy/untrusted':
      return describe('The policy of your organisation cannot be trusted', closed, restart);
    case 'policy/invalid':
      return describe('The policy of your organisation is not valid', closed, restart);
    case 'policy/managed':
      return describe(
        'Managed by your organisation',
        'This connection cannot be changed or removed here. Its keys can.',
        none,
      );
    case 'policy/own-connections':
      return describe(
        'Not allowed by your organisation',
        'Only the connections it set up can be used. Yours is kept, with its keys.',
        keySettings,
      );
    case 'policy/origin':
      return describe(
        'Address not allowed by your organisation',
        `Nothing is sent${toWhere(details)}. Use one of the connections it allows.`,
        keySettings,
      );
    case 'policy/model':
      return describe(
        'Model not allowed by your organisation',
        `${fact(details, 'model') ?? 'This model'} was not asked. Choose one of the list.`,
        chooseModel,
      );
    case 'policy/deep-links':
      return describe('Links are turned off', 'Your organisation does not allow them.', none);
    case 'policy/export':
      return describe('Export is turned off', 'Your organisation does not allow it.', none);
    case 'policy/keystore':
      return describe(
        'A keystore is needed first',
        `Your organisation allows a key only where the system can keep it encrypted. ${lockIn(details)}${fact(details, 'reason') ?? ''}`.trim(),
        // One that is locked, rather than absent, may open.
        fact(details, 'cause') === null ? none : recheckKeystore,
      );
    default:
      return assertNever(code);
  }
}

function describeBudget(code: BudgetCode, details: ErrorDetails): ErrorDescription {
  switch (code) {
    case 'budget/exceeded':
      return describe('The budget is used up', `${spentOf(details)} Nothing was sent.`, raiseBudget);
    case 'budget/unknown-price':
      return describe(
        'Nobody knows what this model costs',
        'The connection has a budget, which cannot hold without a price. Nothing was sent.',
        { kind: 'open-models', label: 'Set a price' },
      );
    case 'budget/large-request':
      return describe(
        `This may cost about ${money(details, 'totalMicroUsd')}`,
        `With the conversation so far it is about ${countOf(details)} tokens, and an answer. Nothing was sent yet.`,
        none,
      );
    case 'budget/nearly-spent':
      return describe('A budget is nearly used up', 'At the limit nothing more is sent.', raiseBudget);
    default:
      return assertNever(code);
  }
}

function describeKeyInMessage(details: ErrorDetails): ErrorDescription {
  const file = fact(details, 'file');
  if (file !== null) {
    return describe(
      `There seems to be an API key in ${file}`,
      'So it goes nowhere unless you say so. Attach one without the key.',
      none,
    );
  }
  switch (details['place']) {
    case 'systemPrompt':
      return describe(
        'There seems to be an API key in the system prompt',
        'It would go along with every message, so nothing was sent. Take it out in the conversation settings.',
        none,
      );
    case 'summary':
      return describe(
        'There seems to be an API key in the summary',
        'It would go along with every message, so nothing was sent. Edit the summary in the conversation, or remove it.',
        none,
      );
    default:
  }
  return describe(
    'This looks like an API key',
    'It was not sent. A key belongs in the key window, where no model reads it.',
    none,
  );
}

function causeOf(details: ErrorDetails): LockedKeystore['cause'] {
  const cause = details['cause'];
  return cause === 'prompt' || cause === 'silent' ? cause : 'locked';
}

function adviceOn(cause: LockedKeystore['cause']): string {
  switch (cause) {
    case 'locked':
      return 'Unlock it, then try again. The key is still there, encrypted.';
    case 'prompt':
      return 'It has a window of its own for that. Answer it, then try again. Your key is still there, encrypted.';
    case 'silent':
      return 'See that it is running, then try again. The key is still there, encrypted.';
    default:
      return assertNever(cause);
  }
}

const closed =
  'Until it is mended, Latchkey sends nothing and opens nothing. Nothing was deleted. Ask your administrator.';

function toWhere(details: ErrorDetails): string {
  const origin = fact(details, 'origin');
  return origin === null ? ' there' : ` to ${origin}`;
}

/** Why a keystore that is there gives nothing out, as a sentence to go on from; '' where there is none. */
function lockIn(details: ErrorDetails): string {
  const name = fact(details, 'name');
  return name === null ? '' : `${describeLock({ name, cause: causeOf(details) })}. `;
}

function spentOf(details: ErrorDetails): string {
  const when = details['period'] === 'day' ? 'today' : 'this month';
  return `${money(details, 'spentMicroUsd')} of ${money(details, 'limitMicroUsd')} ${when}.`;
}

function money(details: ErrorDetails, name: string): string {
  const value = details[name];
  return typeof value === 'number' ? formatCost(value) : 'an unknown sum';
}

function countOf(details: ErrorDetails): string {
  const tokens = details['inputTokens'];
  return typeof tokens === 'number' ? tokens.toLocaleString('en') : 'many';
}

function describeTransfer(code: TransferCode): ErrorDescription {
  switch (code) {
    case 'transfer/busy':
      return describe(
        'Conversations are already on their way',
        'Wait for the end, or cancel it first.',
        none,
      );
    case 'transfer/unknown-format':
      return describe(
        'This is no file with conversations',
        'Choose a file that Latchkey exported, or the export of ChatGPT as it was downloaded. Nothing was imported.',
        none,
      );
    case 'transfer/newer-version':
      return describe(
        'A newer Latchkey wrote this file',
        'Bring Latchkey up to date, then import it again. Nothing was imported.',
        none,
      );
    case 'transfer/unsafe-archive':
      return describe(
        'This archive is not safe',
        'It holds names or sizes that no export has, and was not opened. Download the export again.',
        none,
      );
    case 'transfer/too-large':
      return describe(
        'This is more than can be imported at once',
        'Documents may hold up to 8 GB and a million items. Nothing was imported.',
        none,
      );
    case 'transfer/unreadable':
      return describe(
        'The file cannot be read',
        'It may be damaged, incomplete, or not yours to read. Nothing was imported.',
        none,
      );
    case 'transfer/unwritable':
      return describe(
        'The export could not be written',
        'Choose a folder that can be written and a name that is free. Nothing half was left.',
        none,
      );
    case 'transfer/failed':
      return describe('The transfer stopped', 'Nothing was changed in your history. Try it again.', none);
    default:
      return assertNever(code);
  }
}

function describeLocal(code: LocalCode, error: WireError): ErrorDescription {
  switch (code) {
    case 'storage/unwritable':
      return describe(
        'Latchkey cannot write its folder',
        'Nothing can be saved until the folder is writable again. Nothing was deleted.',
        folder,
      );
    case 'storage/full':
      return describe('The disk is full', 'Free some space, then try again. Nothing was deleted.', retry);
    case 'storage/locked':
      return describe(
        'The history is in use',
        'Another program holds the database. Close it, then try again.',
        retry,
      );
    case 'storage/corrupt':
      return describe(
        'The history is damaged',
        'Latchkey mends it when it starts: what can be read is saved, and the damaged file is kept.',
        { kind: 'restart', label: 'Restart' },
      );
    case 'storage/from-the-future':
      return describe(
        'The history is from a newer Latchkey',
        'This version cannot read it and leaves it untouched. Open it with the newer version.',
        folder,
      );
    case 'storage/no-backup':
      return describe('This backup is gone', 'Its file is no longer in the folder.', none);
    case 'storage/failed':
      return describe('The history could not be read or written', 'Nothing was deleted.', retry);
    case 'chat/not-found':
      return describe('This conversation no longer exists', 'It was deleted.', none);
    case 'chat/busy':
      return describe('An answer is still arriving', 'Wait for it to end, or stop it first.', none);
    case 'library/not-found':
      return describe(
        'This is no longer here',
        'The preset or prompt was removed, and its time to come back is over.',
        none,
      );
    case 'library/full':
      return describe(
        'There is no more room for presets and prompts',
        'Remove some you no longer need, or shorten a long one. Nothing was changed.',
        none,
      );
    case 'chat/nothing-to-summarise':
      return describe(
        'There is nothing to summarise yet',
        'A summary stands for what was said before the last question.',
        none,
      );
    case 'link/invalid':
      return describe('This link is not valid', 'Nothing was opened.', none);
    case 'link/blocked':
      return describe('This kind of link is not opened', 'Only https and mailto links leave Latchkey.', none);
    case 'ipc/forbidden':
    case 'ipc/invalid-input':
    case 'ipc/unknown-route':
    case 'internal':
      return describe('Something went wrong inside Latchkey', error.message, restart);
    default:
      return assertNever(code);
  }
}
