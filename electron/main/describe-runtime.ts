import type { AppInfo } from '../contract/model/app-info.ts';

/** What the window is told about the program it runs in. An Electron older than the pinned major is for development. */
export function describeRuntime(
  versions: NodeJS.ProcessVersions,
  pinnedMajor: number,
  allowsRemoteKeys: boolean,
): AppInfo['runtime'] {
  const electron = versions['electron'] ?? '0';
  return {
    electron,
    chrome: versions['chrome'] ?? '',
    node: versions.node,
    isDevelopment: Number.parseInt(electron, 10) < pinnedMajor,
    allowsRemoteKeys,
  };
}

/** The platform as the contract names it; what is neither macOS nor Windows is treated as Linux. */
export function describePlatform(platform: NodeJS.Platform): AppInfo['platform'] {
  return platform === 'darwin' || platform === 'win32' ? platform : 'linux';
}
