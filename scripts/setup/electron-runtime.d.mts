/** An Electron that this project can run on. */
export interface ElectronRuntime {
  readonly executablePath: string;
  /** The folder that `ELECTRON_OVERRIDE_DIST_PATH` and electron-builder's `electronDist` mean. */
  readonly distPath: string;
  readonly version: string;
  readonly kind: 'override' | 'official' | 'fallback';
}

export function resolveElectron(): Promise<ElectronRuntime>;
export function describeElectron(runtime: ElectronRuntime): string;
export function copyElectron(
  runtime: ElectronRuntime,
  folder: string,
): Promise<Pick<ElectronRuntime, 'executablePath' | 'distPath'>>;
