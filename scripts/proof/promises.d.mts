/** Id of a promise, or of an item of Electron's checklist as `electron-1` to `electron-20`. */
export type PromiseId =
  | 'not-in-chat-window'
  | 'ciphertext-only'
  | 'no-get'
  | 'bound-to-origin'
  | 'never-destroyed'
  | 'removed-means-removed'
  | 'nowhere-else'
  | 'no-contact'
  | 'tls-holds'
  | 'proxy-login'
  | 'sign-in-blind'
  | 'links-show-only'
  | 'policy-holds'
  | 'deleted-means-deleted'
  | 'search-finds'
  | `electron-${number}`;

export const promises: readonly { readonly id: PromiseId; readonly says: string }[];
export const checklist: readonly string[];
