import type { MouseEvent, ReactNode } from 'react';
import { request } from '../lib/ipc-client.ts';

interface OutgoingLinkProps {
  readonly url: string;
  readonly text: string;
  readonly children: ReactNode;
}

/** A link that asks main, which shows the whole target before anything opens. The window itself never navigates. */
export function OutgoingLink({ url, text, children }: OutgoingLinkProps) {
  const open = (event: MouseEvent): void => {
    event.preventDefault();
    // Declining is an answer, and a refused link changes nothing: there is nothing to tell beyond main's own dialog.
    request('link.open', { url, text: text.slice(0, 8192) }).catch(() => undefined);
  };
  const ignore = (event: MouseEvent): void => event.preventDefault();
  return (
    <a className="prose-link" href={url} title={url} draggable={false} onClick={open} onAuxClick={ignore}>
      {children}
    </a>
  );
}
