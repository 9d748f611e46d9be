import type { WebPreferences } from 'electron';

/**
 * What every page of Latchkey runs under. A setting belongs here even where it is Electron's default, since tests compare
 * this with what every webContents reports. (`auxclick` stays on: what it could open is denied anyway.)
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

/**
 * Names the settings of a webContents that are weaker than ours. `reported` is what `getLastWebPreferences()` answers,
 * which leaves some settings out; a setting that is not reported is not judged.
 */
export function findSoftPreferences(reported: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(HARDENED_PREFERENCES)
    .filter(([name, value]) => name in reported && reported[name] !== value)
    .map(([name]) => name);
}
