export interface VirtualDisplay {
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export function hasDisplay(env?: NodeJS.ProcessEnv): boolean;
export function startDisplay(options?: {
  readonly reuse?: boolean;
  readonly width?: number;
  readonly height?: number;
  readonly frameBufferFolder?: string;
}): Promise<VirtualDisplay>;
