import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import { EVENT_CHANNEL, REQUEST_CHANNEL, type Bridge } from '../contract/bridge.ts';

/** Puts the two functions of `Bridge` on `window.latchkey`. No Electron object, the event included, reaches the page. */
export function exposeBridge(): void {
  const bridge: Bridge = {
    request: (route, input) => ipcRenderer.invoke(REQUEST_CHANNEL, route, input) as Promise<unknown>,
    subscribe(listener) {
      const forward = (_event: IpcRendererEvent, payload: unknown): void => listener(payload);
      ipcRenderer.on(EVENT_CHANNEL, forward);
      return () => void ipcRenderer.removeListener(EVENT_CHANNEL, forward);
    },
  };
  contextBridge.exposeInMainWorld('latchkey', bridge);
}
