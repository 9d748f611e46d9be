/**
 * What docs/security.md promises: an id for the tests and a sentence for people. A test says which it proves by `proves(id)`
 * of tests/harness/proves.ts; a promise that no test proves fails `npm test`.
 */
export const promises = [
  {
    id: 'not-in-chat-window',
    says: 'The key is never in the chat window: not in its memory, page, storage or IPC traffic, not even while it is typed.',
  },
  {
    id: 'ciphertext-only',
    says: 'On disk there is only ciphertext of the OS keystore. No polyfill, no plain-text fallback: without a keystore the key lives until quit, and this is said before it is asked for.',
  },
  {
    id: 'no-get',
    says: 'There is no way to read a key back. It can be set, tested, replaced and removed; its _status_ can be read.',
  },
  {
    id: 'bound-to-origin',
    says: 'A key goes only to the origin it was entered for, never along a redirect; neither environment variables nor edited files can move it (the origin is inside the ciphertext).',
  },
  {
    id: 'never-destroyed',
    says: 'A failure to decrypt never deletes the ciphertext: locked, denied, other backend and damaged are different states, and a damaged file costs the damaged key and no other.',
  },
  {
    id: 'removed-means-removed',
    says: 'A key that was removed is gone from files, backups, logs and temporary files, and from every process but main.',
  },
  {
    id: 'nowhere-else',
    says: 'It is in no log, error, diagnostics, core file, file anywhere, window title, process argument or environment of a child, also when a hostile server repeats it; a pasted key leaves the clipboard if the person allows it.',
  },
  {
    id: 'no-contact',
    says: 'Nothing but the configured origin is ever contacted, DNS included: not by Chromium, not by Node.',
  },
  {
    id: 'tls-holds',
    says: 'TLS checks cannot be switched off, nor authorities added, by environment variables or edited files; a company authority is added by a person, and sealed in the keystore.',
  },
  {
    id: 'proxy-login',
    says: "A proxy's login is given to that proxy only, never to the chat window, a file or a log; a proxy that fails is never gone around.",
  },
  {
    id: 'sign-in-blind',
    says: 'Signing in (OpenRouter): code, verifier and key reach no window, log or error, and only the right browser can answer, once.',
  },
  {
    id: 'links-show-only',
    says: 'A link from outside can show a prompt, nothing else.',
  },
  {
    id: 'policy-holds',
    says: "An organisation's [policy](managed-policy.md) holds for a direct call as for the window; one that cannot be trusted or read refuses everything.",
  },
  {
    id: 'deleted-means-deleted',
    says: 'A conversation that was deleted for good is in no file: database, log, search index, backups. What it cost stays in the ledger, without its words.',
  },
  {
    id: 'search-finds',
    says: 'The search for keys finds one in every place it looks, when it is really leaked there.',
  },
];

/** Electron's security checklist (electronjs.org, "Security", 20 items), in its order and words. */
export const checklist = [
  'Only load secure content',
  'Do not enable Node.js integration for remote content',
  'Enable context isolation',
  'Enable process sandboxing',
  'Handle session permission requests from remote content',
  'Do not disable webSecurity',
  'Define a Content Security Policy',
  'Do not enable allowRunningInsecureContent',
  'Do not enable experimental features',
  'Do not use enableBlinkFeatures',
  'Do not use allowpopups for WebViews',
  'Verify WebView options before creation',
  'Disable or limit navigation',
  'Disable or limit creation of new windows',
  'Do not use shell.openExternal with untrusted content',
  'Use a current version of Electron',
  'Validate the sender of all IPC messages',
  'Avoid usage of the file:// protocol and prefer custom protocols',
  'Check which fuses you can change',
  'Do not expose Electron APIs to untrusted web content',
];
