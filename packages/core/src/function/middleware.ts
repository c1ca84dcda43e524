import type { Context, InvocationContext } from '../context/context.js';
import type { HttpEvent } from '../http/event.js';
import { carryThrown } from '../http/thrown.js';
import type { CloudEvent, QueueBatch } from '../messages/event.js';

/** The event of a layer that is for every kind of function. */
export type AnyEvent = HttpEvent | CloudEvent | QueueBatch;

declare const ADDS: unique symbol;

/**
 * What `next()` resolves to: the value of the inner layers and the handler. A layer must return a `Result`, so a
 * forgotten `return next()` does not compile. `Adds` is what the layer added to the context; it exists only in the
 * types.
 */
export interface Result<Adds = unknown> {
  /** What the handler returned; in an HTTP function, the normalised `HttpResult`. */
  // biome-ignore lint/suspicious/noExplicitAny: a layer does not know the handler's type
  readonly value: any;
  /** The same result with another value. */
  with(value: unknown): Result<Adds>;
  readonly [ADDS]: () => Adds;
}

/** Runs the inner layers and the handler. Calling it again runs them again (a retry). */
export interface Next {
  // biome-ignore lint/complexity/noBannedTypes: adds nothing
  (): Promise<Result<{}>>;
  /** Runs the inner layers and the handler with additional members in the context. */
  <Adds extends object>(adds: Adds): Promise<Result<Adds>>;
}

/** For packages: a `next` that accepts another event in place of the original. */
export type NextWith = <Adds extends object>(adds: Adds, instead: unknown) => Promise<Result<Adds>>;

/** A layer of the chain. It wraps the layers that are added after it, and the handler. */
export type Layer<Event, Ctx, Adds> = (event: Event, context: Ctx, next: Next) => Promise<Result<Adds>>;

/** Any layer. The builder has checked its types. */
export type AnyLayer = Layer<unknown, InvocationContext, unknown>;

const OUTSIDE: unique symbol = Symbol.for('tradewind.beforeParsing') as never;

/** A layer that runs before parsing. */
export type BeforeParsing<Event, Ctx, Adds> = Layer<Event, Ctx, Adds> & { readonly [OUTSIDE]: true };

// In the types, a result is branded by what it adds; at run time there is one class, so that no value is wrapped twice.
const RESULT = Symbol.for('tradewind.result');

class ChainResult {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
  with(value: unknown): ChainResult {
    carryThrown(this.value, value);
    return new ChainResult(value);
  }
  get [RESULT](): true {
    return true;
  }
}

/** Wraps a value as a {@link Result}. */
export function toResult(value: unknown): Result<never> {
  return new ChainResult(value) as unknown as Result<never>;
}

/** Whether a value is a {@link Result}, as `next()` and `reply(...)` return it. */
export function isResult(value: unknown): value is Result<never> {
  return typeof value === 'object' && value !== null && RESULT in value;
}

/**
 * Makes the result of a layer that does not call `next()`: the inner layers and the handler do not run.
 *
 * @param value - as a handler would return it: in an HTTP function an `HttpResult` (see `json`), a web `Response` or
 * any value.
 * @example
 * ```ts
 * import { beforeParsing, type HttpEvent, json, reply } from '@tradewind/core';
 *
 * export const auth = beforeParsing(async (event: HttpEvent, _context, next) => {
 *   const user = event.headers.get('authorization');
 *   return user ? next({ user }) : reply(json(401, { error: 'Who are you?' }));
 * });
 * ```
 */
export function reply(value: unknown): Result<never> {
  return toResult(value);
}

/**
 * Declares a layer that several functions can use. It does nothing at run time, and only provides the types: annotate
 * the event if the layer is for one kind of function (`HttpEvent`, `CloudEvent`), and the context if it needs more of
 * it.
 *
 * @example
 * ```ts
 * import { type Context, defineMiddleware, type HttpEvent } from '@tradewind/core';
 *
 * export const admin = defineMiddleware(async (_event: HttpEvent, context: Context & { user: string }, next) =>
 *   next({ isAdmin: context.user === 'root' }),
 * );
 * ```
 */
export function defineMiddleware<Adds, Event extends AnyEvent = AnyEvent, Ctx = Context>(
  layer: Layer<Event, Ctx, Adds>,
): Layer<Event, Ctx, Adds> {
  return layer;
}

/**
 * Declares a layer that runs before parsing. It sees the body as received (`unknown`: text or bytes), and `next()`
 * resolves to an ordinary 400 result if a schema refuses the request. Use it for tracing, logging, CORS and
 * authentication. These layers must come first: using one after an ordinary layer throws an error at definition.
 *
 * To read the body in the layer, for example for a webhook's signature, use `await event.request.text()`: parsing can
 * still read it.
 */
export function beforeParsing<Adds, Event extends AnyEvent = AnyEvent, Ctx = Context>(
  layer: Layer<Event, Ctx, Adds>,
): BeforeParsing<NoInfer<Event>, NoInfer<Ctx>, Adds> {
  const outside: Layer<Event, Ctx, Adds> = (event, context, next) => layer(event, context, next);
  return Object.assign(outside, { [OUTSIDE]: true as const });
}

/** Whether a layer was made with {@link beforeParsing}. */
export function isBeforeParsing(layer: object): boolean {
  return OUTSIDE in layer;
}
