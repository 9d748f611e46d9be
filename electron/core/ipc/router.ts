import { AppError, type Result, type WireError } from '../../contract/app-error.ts';
import { routes, type ParsedInput, type RouteName, type RouteOutput } from '../../contract/contract.ts';
import type { WindowKind } from '../../contract/define-route.ts';
import type { Logger } from '../ports.ts';
import { redactError } from '../redaction/redact-error.ts';
import type { Redactor } from '../redaction/redactor.ts';

/** Who asks. Taken from the IPC event by main, never from the input. */
export interface Caller {
  readonly kind: WindowKind;
  /** The window's `webContents` id. */
  readonly id: number;
}

/** One handler per route; a missing, surplus or wrongly typed one does not compile. */
export type Handlers = {
  readonly [R in RouteName]: (
    input: ParsedInput<R>,
    caller: Caller,
  ) => RouteOutput<R> | Promise<RouteOutput<R>>;
};

/** Takes a request from a window and always answers. */
export interface Router {
  dispatch(caller: Caller, route: string, input: unknown): Promise<Result<unknown>>;
}

/** What the router is built from. */
export interface RouterDependencies {
  readonly logger: Logger;
  /** Every error passes it on its way to a window. */
  readonly redactor: Redactor;
  readonly refused: WireError | null;
}

/** All a window may ask while the policy cannot be used: what is wrong, and to start again. */
const WHILE_REFUSED: readonly RouteName[] = ['app.info', 'app.restart'];

/**
 * Builds the router: knows the caller's kind, parses the input, calls the handler, wraps the outcome. Never rejects.
 * `refused` is the answer to everything but {@link WHILE_REFUSED}, where there is one.
 */
export function createRouter(handlers: Handlers, { logger, redactor, refused }: RouterDependencies): Router {
  return {
    async dispatch(caller, route, input) {
      try {
        if (!isRouteName(route)) throw new AppError('ipc/unknown-route', 'There is no such route.');
        if (refused !== null && !WHILE_REFUSED.includes(route)) return { ok: false, error: refused };
        return { ok: true, value: await call(handlers, route, caller, input) };
      } catch (error) {
        return { ok: false, error: redactError(toWireError(error, logger), redactor) };
      }
    },
  };
}

function isRouteName(name: string): name is RouteName {
  return Object.hasOwn(routes, name);
}

async function call(handlers: Handlers, route: RouteName, caller: Caller, input: unknown): Promise<unknown> {
  const definition = routes[route];
  const allowed: readonly WindowKind[] = definition.windows;
  if (!allowed.includes(caller.kind)) {
    throw new AppError('ipc/forbidden', `A ${caller.kind} window may not call ${route}.`);
  }
  const parsed = definition.input.safeParse(input);
  if (!parsed.success) {
    // Paths and issue kinds only: the input itself may hold a key.
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`);
    throw new AppError(
      'ipc/invalid-input',
      `Invalid input for ${route}: ${problems.join(', ')}`.slice(0, 500),
    );
  }
  // `as`: TypeScript cannot relate the parsed value to the handler of the same, dynamic, route.
  const handler = handlers[route] as (input: unknown, caller: Caller) => unknown;
  return handler(parsed.data, caller);
}

function toWireError(error: unknown, logger: Logger) {
  if (error instanceof AppError) return error.toWire();
  logger.error('a handler failed unexpectedly', { error });
  return new AppError('internal', 'Something went wrong inside Latchkey.').toWire();
}
