import type { z } from 'zod';

/** The kinds of window Latchkey makes. A route names the kinds that may call it. */
export type WindowKind = 'chat' | 'key' | 'image';

/** One entry of the route table: who may call it, what it takes, what it returns. */
export interface Route<
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
  W extends WindowKind = WindowKind,
> {
  readonly windows: readonly W[];
  readonly input: I;
  readonly output: O;
}

/** Declares a route, keeping its exact types for the handlers and for the window's client. */
export function defineRoute<const W extends WindowKind, I extends z.ZodType, O extends z.ZodType>(route: {
  readonly windows: readonly W[];
  readonly input: I;
  readonly output: O;
}): Route<I, O, W> {
  return route;
}
