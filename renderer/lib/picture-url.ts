/** Where the chat window finds a stored picture. In `npm run dev` the page comes from elsewhere than pictures do. */
export function pictureUrl(hash: string): string {
  return `${import.meta.env.DEV ? 'app://chat' : ''}/attachments/${hash}`;
}
