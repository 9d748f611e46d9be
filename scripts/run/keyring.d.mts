export interface PrivateKeyring {
  /** Add these to the environment of the app. */
  readonly env: Readonly<Record<string, string>>;
  readonly password: string;
  /** Locks the keyring. */
  lock(): Promise<void>;
  /** Opens it again, as a log-in would, on the same bus. */
  unlock(): Promise<void>;
  isLocked(): Promise<boolean | undefined>;
  stop(): Promise<void>;
}

export const keyringArguments: readonly string[];
export function isKeyringAvailable(): boolean;
export function startKeyring(options: {
  readonly dir: string;
  readonly password?: string;
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly env?: NodeJS.ProcessEnv;
  /** Where the keyring may show its unlock prompt; nowhere unless told. */
  readonly prompterDisplay?: string;
}): Promise<PrivateKeyring>;
