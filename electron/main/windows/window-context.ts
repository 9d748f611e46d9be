import type { WindowRegistry } from './window-registry.ts';

/** What every window of ours is made from. */
export interface WindowContext {
  readonly windows: WindowRegistry;
  readonly preloadFolder: string;
  readonly rendererFolder: string;
  readonly iconPath: string;
  readonly hasDevTools: boolean;
  /** Vite's origin in `npm run dev`, else null. */
  readonly devServerOrigin: string | null;
}

/** What is seen until the page has painted: the page's own background, so that nothing flashes. */
export function backgroundColor(isDark: boolean): string {
  return isDark ? '#16181d' : '#ffffff';
}
