import type { WebContents } from 'electron';

/** Applied to every webContents ever created, whoever created it: it stays on its page and opens nothing. */
export function hardenWebContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => {
    if (!isOwnReload(event.url, contents, event.isMainFrame)) event.preventDefault();
  });
  contents.on('will-navigate', (event) => {
    if (!isOwnReload(event.url, contents, event.isMainFrame)) event.preventDefault();
  });
  contents.on('did-create-window', (window) => window.destroy());
}

/** A page may load itself again (an error screen's Reload, Vite's full reload), and nothing else. */
function isOwnReload(url: string, contents: WebContents, isMainFrame: boolean): boolean {
  return isMainFrame && url === contents.getURL();
}
