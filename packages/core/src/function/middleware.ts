import type { Context } from '../context/context.js';
import type { HttpEvent } from '../http/event.js';
import { carryThrown } from '../http/thrown.js';
import type { CloudEvent, QueueBatch } from '../messages/event.js';

/** Any event that a layer for every kind of function may see. */
export type AnyEvent = HttpEvent | CloudEvent | QueueBatch;

declare const ADDS: unique symbol;

/**
 * What `next()` resolves to: the value of everything further in. A layer must return one, so a forgotten
 * `return next()` does not compile. `Adds` is what the layer added to the context; it exists in the types only.
 */
export interface Result<Adds = unknown> {
  /** What the handler returned; in an HTTP function the normalised `HttpResult`. */
  // biome-ignore lint/suspicious/noExplicitAny: the layer stands outside a handler it does not know
  readonly value: any;
  /** The same result with another value. */
  with(value: unknown): Result<Adds>;
  readonly [ADDS]: () => Adds;
}

/** Runs what is further in. Calling it again runs it again (a retry). */
export interface Next {
  // biome-ignore lint/complexity/noBannedTypes: adds nothing
  (): Promise<Result<{}>>;
  /** Runs what is further in with more in the context. */
  <Adds extends object>(adds: Adds): Promise<Result<Adds>>;
}

/** For packages: a `next` that can be told to go on with another event in place of the one that came. */
export type NextWith = <Adds extends object>(adds: Adds, instead: unknown) => Promise<Result<Adds>>;

/** One layer of the chain: an onion around everything that `.use`d or handles after it. */
export type Layer<Event, Ctx, Adds> = (event: Event, context: Ctx, next: Next) => Promise<Result<Adds>>;

const OUTSIDE: unique symbol = Symbol.for('tradewind.beforeParsing') as never;

/** A layer that stands outside parsing. */
export type BeforeParsing<Event, Ctx, Adds> = Layer<Event, Ctx, Adds> & { readonly [OUTSIDE]: true };

// In the types a result is branded by what it adds; at run time there is one class, so that nothing is boxed twice.
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

/** Wraps a value as what `next()` resolves to. */
export function toResult(value: unknown): Result<never> {
  return new ChainResult(value) as unknown as Result<never>;
}

/** Whether a layer kept its promise to return `next()` or `reply(...)`. */
export function isResult(value: unknown): value is Result<never> {
  return typeof value === 'object' && value !== null && RESULT in value;
}

/**
 * Answers in place of everything further in.
 *
 * @param value - in an HTTP function an `HttpResult` (see `json`), a web `Response` or any value, as a handler returns;
 * in a message function the handler's value.
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
 * Declares a layer on its own, so that several functions can use it. It changes nothing at run time; it gives the
 * types: annotate the event for a layer of one kind (`HttpEvent`, `CloudEvent`) and the context for what it needs.
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
 * Declares a layer that stands outside parsing: it sees the body as it came (`unknown`: text or bytes), runs before any
 * schema is looked at, and sees a refused request come back as an ordinary 400 result. For tracing, logging, CORS and
 * authentication. Such layers come first: one that is used after an ordinary layer is refused at definition.
 *
 * To read the body here (a webhook's signature), use `await event.request.text()`: parsing still gets it.
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
