export interface PrivateKeyring {
  /** Add these to the environment of the app. */
  readonly env: Readonly<Record<string, string>>;
  readonly password: string;
  /** Locks the keyring; stop this one and start one on the same folder to unlock it. */
  lock(): Promise<void>;
  stop(): Promise<void>;
}

export const keyringArguments: readonly string[];
export function isKeyringAvailable(): boolean;
export function startKeyring(options: {
  readonly dir: string;
  readonly password?: string;
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly env?: NodeJS.ProcessEnv;
}): Promise<PrivateKeyring>;
