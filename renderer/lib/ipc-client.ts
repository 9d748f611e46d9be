import type { ErrorCode, ErrorDetails, Result, WireError } from '../../electron/contract/app-error.ts';
import type { Bridge } from '../../electron/contract/bridge.ts';
import type {
  EventName,
  EventPayload,
  RouteInput,
  RouteName,
  RouteOutput,
  WireEvent,
} from '../../electron/contract/contract.ts';

declare global {
  interface Window {
    readonly latchkey: Bridge;
  }
}

/** A request that main refused or could not do. */
export class RequestError extends Error implements WireError {
  override readonly name = 'RequestError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(error: WireError) {
    super(error.message);
    this.code = error.code;
    this.details = error.details;
  }
}

/** Asks main. Throws {@link RequestError} when main answers with an error. */
export async function request<R extends RouteName>(route: R, input: RouteInput<R>): Promise<RouteOutput<R>> {
  // Main is the trusted side and its answers are typed by the contract, not parsed again.
  const result = (await window.latchkey.request(route, input)) as Result<RouteOutput<R>>;
  if (!result.ok) throw new RequestError(result.error);
  return result.value;
}

/** Listens to one kind of event; returns the way to stop. */
export function subscribe<E extends EventName>(
  name: E,
  listener: (payload: EventPayload<E>) => void,
): () => void {
  return window.latchkey.subscribe((event) => {
    const wireEvent = event as WireEvent;
    if (wireEvent.name === name) listener(wireEvent.payload as EventPayload<E>);
  });
}

/** The error as the contract states it, whatever was thrown. */
export function toWireError(thrown: unknown): WireError {
  if (thrown instanceof RequestError) {
    return { code: thrown.code, message: thrown.message, details: thrown.details };
  }
  return { code: 'internal', message: 'The window met an unexpected error.', details: {} };
}
