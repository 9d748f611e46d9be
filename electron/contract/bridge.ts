/**
 * What a preload puts on `window.latchkey`: two functions that know no route.
 * Three implementations: Electron's preload, in-memory (tests), and Playwright's exposed binding (browser tier).
 */
export interface Bridge {
  /** Resolves to a `Result`; never rejects. */
  request(route: string, input: unknown): Promise<unknown>;
  /** Calls `listener` with every `WireEvent`; returns the way to stop. */
  subscribe(listener: (event: unknown) => void): () => void;
}

/** IPC channel of requests (`ipcRenderer.invoke`). */
export const REQUEST_CHANNEL = 'latchkey:request';
/** IPC channel of events (`webContents.send`). */
export const EVENT_CHANNEL = 'latchkey:event';
