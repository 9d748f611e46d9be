import type { WebPreferences } from 'electron';

/**
 * What every page of Latchkey runs under. Tests compare it with `getLastWebPreferences()` of every webContents, so a
 * setting belongs here even where it is Electron's default. (`auxclick` stays on: what it could open is denied anyway.)
 */
export const HARDENED_PREFERENCES = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  plugins: false,
  webgl: false,
  spellcheck: false,
  navigateOnDragDrop: false,
  safeDialogs: true,
  disableDialogs: true,
} as const satisfies WebPreferences;

/** The preferences of one window: the hardened set and what differs per window. */
export function hardenedPreferences(own: {
  readonly preload: string;
  readonly hasDevTools: boolean;
  readonly partition?: string;
}): WebPreferences {
  const { preload, hasDevTools, partition } = own;
  return {
    ...HARDENED_PREFERENCES,
    preload,
    devTools: hasDevTools,
    ...(partition === undefined ? {} : { partition }),
  };
}
