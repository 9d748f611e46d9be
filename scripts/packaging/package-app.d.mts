import type { ElectronRuntime } from '../setup/electron-runtime.mjs';

export interface PackagedApp {
  readonly folder: string;
  readonly executablePath: string;
  readonly electron: ElectronRuntime;
}

export function assertPackagable(electron: ElectronRuntime, isDevelopmentAllowed?: boolean): void;
export function packageApp(options: {
  readonly electron: ElectronRuntime;
  readonly isDevelopmentAllowed?: boolean;
}): Promise<PackagedApp>;
export function findPackagedApp(): PackagedApp | undefined;
