import { installFakeBridge } from './fake-bridge.ts';

/** The window without Electron, for looking at it: `dev.html?scenario=welcome`, `?scenario=key`, ... Never part of a build. */
const scenario = new URLSearchParams(location.search).get('scenario') ?? 'chat';
installFakeBridge(scenario);
if (scenario.startsWith('key')) await import('../key-window/main.tsx');
else await import('../app/main.tsx');
