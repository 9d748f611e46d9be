import type { WireEvent } from '../../contract/contract.ts';
import type { IdSource } from '../../core/ports.ts';

/** Tells the person that the page died and came back. */
export function recoveryNotice(ids: IdSource): WireEvent {
  const title = 'The window had to be reloaded';
  return {
    name: 'notice.raised',
    payload: {
      id: ids.next(),
      error: { code: 'internal', message: title, details: {} },
      title,
      body: 'Its page stopped unexpectedly. Answers kept running meanwhile, and everything that was sent is still there.',
    },
  };
}
