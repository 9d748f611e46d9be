export interface DemoServer {
  /** Ends in `/v1`. */
  readonly baseUrl: string;
  stop(): Promise<void>;
}

export const demoModels: readonly string[];
export function startDemoServer(options?: {
  readonly port?: number;
  readonly tokensPerSecond?: number;
}): Promise<DemoServer>;
