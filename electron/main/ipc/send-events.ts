import { EVENT_CHANNEL } from '../../contract/bridge.ts';
import type { EventSink } from '../../core/ports.ts';
import type { WindowRegistry } from '../windows/window-registry.ts';

/** Sends events to the chat windows, one directed message each; the key window hears nothing. */
export function createEventSink(windows: WindowRegistry): EventSink {
  return {
    emit(event) {
      for (const contents of windows.list('chat')) {
        // A crashed page is reloaded and attaches again; until then there is nobody to tell.
        if (!contents.isCrashed()) contents.send(EVENT_CHANNEL, event);
      }
    },
  };
}
