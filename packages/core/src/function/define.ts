import type { Clock } from '../context/clock.js';
import type { Context } from '../context/context.js';
import { type EnvReader, envReader, readEnvironment, requireEnvironment } from '../context/env.js';
import type { Logger, LoggerOf } from '../context/logger.js';
import type { DeliverySignal } from '../delivery/signal.js';
import type { Wiring } from '../delivery/wiring.js';
import { mustBe } from '../errors.js';
import type { HttpEvent } from '../http/event.js';
import type { HttpTrigger } from '../http/trigger.js';
import type { CloudEvent, QueueBatch } from '../messages/event.js';
import type { EventTrigger } from '../messages/event-trigger.js';
import type { QueueTrigger } from '../messages/queue.js';
import type { ScheduleTrigger } from '../messages/schedule.js';
import type { OutputOf, StandardSchema } from '../schema.js';
import { compose, type Run, type Stage } from './compose.js';
import { type AnyLayer, isBeforeParsing, type Layer } from './middleware.js';
import { runMiddleware } from './run-middleware.js';
import type { EventOf, Kind, TriggerBase } from './trigger.js';

// biome-ignore lint/complexity/noBannedTypes: a layer that adds nothing
type AddsOf<Adds> = [Adds] extends [never] ? {} : Adds;
/** The names that a layer adds although the context already has them. */
type Collision<Ctx, Adds> = Adds extends unknown ? keyof Ctx & keyof AddsOf<Adds> : never;
type Checked<Event, Ctx, Adds> = [Collision<Ctx, Adds>] extends [never]
  ? Layer<Event, Ctx, Adds>
  : `The context already has '${Collision<Ctx, Adds> & string}': a layer must not add it again.`;

declare const VALUE: unique symbol;

/** A trigger, told apart by its `kind`. */
export type Trigger = HttpTrigger | QueueTrigger | ScheduleTrigger | EventTrigger;

/** A function, as made by `.handle(...)` and run by adapters. */
export interface TradewindFunction<T extends Trigger = Trigger, Value = unknown> {
  readonly name: string;
  /** What the function was given: its kind, and a method and a path, a queue, a cron expression, schemas. */
  readonly trigger: T;
  /** What `use(...)` added, the outermost first. */
  readonly middleware: readonly AnyLayer[];
  /** For adapters: runs the handler and all that stands around it. An HTTP function gives an `HttpResult`, also for errors. */
  readonly run: Run;
  /** For adapters: what all invocations of this function share. */
  readonly settings: Settings;
  readonly [VALUE]?: Value;
}

/** Any function, whatever its types. */
export type AnyFunction = TradewindFunction;
/** A function of some kinds. */
export type FunctionOf<K extends Trigger['kind']> = TradewindFunction<Extract<Trigger, { readonly kind: K }>>;

/** What a base passes to every function that is made from it. */
export interface Settings {
  readonly readEnv: EnvReader | undefined;
  readonly logger: Logger | LoggerOf | undefined;
  /** The kind that the base is for. Default: all. */
  readonly kind?: Kind;
  readonly wiring?: Wiring | undefined;
  /** For tests. Default: the real clock. */
  readonly clock?: Clock | undefined;
}

/** The names of what a value has. TypeScript adds `x?: undefined` to an object for what another return has. */
type Members<Value> = { [Name in keyof Value]-?: Value[Name] extends undefined ? never : Name }[keyof Value];

/** A response in the format of a platform or a framework: sent as data, it would be a 200. */
type Foreign<Value> = Value extends {
  readonly statusCode?: number | string | undefined;
  readonly status?: number | undefined;
}
  ? [Members<Value> & ('statusCode' | 'status')] extends [never]
    ? never
    : [Exclude<Members<Value>, ForeignMember>] extends [never]
      ? Value
      : never
  : never;
type ForeignMember =
  | ('statusCode' | 'status' | 'headers' | 'multiValueHeaders')
  | ('body' | 'cookies' | 'isBase64Encoded');

/** What a handler may return: outcomes must be thrown, and a batch handler returns nothing or an entry per message. */
type Returnable<Event, Value> = Event extends QueueBatch
  ? // biome-ignore lint/suspicious/noConfusingVoidType: a handler that returns nothing
    [Awaited<Value>] extends [undefined | void | readonly PromiseSettledResult<unknown>[]]
    ? unknown
    : 'A batch function must return nothing, or the result of Promise.allSettled for its messages.'
  : Extract<Awaited<Value>, DeliverySignal> extends never
    ? Event extends HttpEvent
      ? Foreign<Awaited<Value>> extends never
        ? unknown
        : 'Return json(status, body) or another helper; json(200, value) sends any value.'
      : unknown
    : 'retryLater(...) and reject(...) must be thrown, not returned.';

/** Builds a function. Each step returns a new builder. */
export interface FunctionBuilder<T extends Trigger, Event, Ctx> {
  /**
   * Adds a layer inside the previous ones. What it adds to the context is available to the layers after it and the
   * handler.
   */
  use<Adds>(layer: Checked<Event, Ctx, Adds>): FunctionBuilder<T, Event, Ctx & AddsOf<Adds>>;
  /** Sets the handler and returns the function. */
  handle<Value>(
    handler: (event: Event, context: Ctx) => Value & Returnable<Event, Value>,
  ): TradewindFunction<T, Awaited<Value>>;
}

/** The events of a base's functions: for their layers, which know no schemas. */
type EventFor<T extends Trigger> = T extends { readonly kind: 'http' }
  ? HttpEvent
  : T extends { readonly kind: 'queue' }
    ? CloudEvent | QueueBatch
    : CloudEvent;

/** A base to make functions from. It is immutable, so it can be shared and extended. */
export interface FunctionBase<Ctx, Of extends Trigger = Trigger> {
  <T extends Of>(name: string, trigger: T): FunctionBuilder<T, EventOf<T>, Ctx>;
  /**
   * Types and validates the environment: once per instance, before the first event. If variables are missing or
   * invalid, the invocation fails with a message that names all of them and quotes no value.
   */
  env<Schema extends StandardSchema<never, object> | StandardSchema<Record<string, unknown>, object>>(
    schema: Schema,
  ): FunctionBase<Omit<Ctx, 'env'> & { readonly env: OutputOf<Schema> }, Of>;
  /**
   * Sets the logger of `context.log`. Default: JSON lines on the console.
   *
   * @param logger - a logger for all invocations; or a function that makes one for a context, called when `log` is
   * first used.
   */
  logger<Log extends Logger>(
    logger: Log | ((context: Context) => Log),
  ): FunctionBase<Omit<Ctx, 'log'> & { readonly log: Log }, Of>;
  /** Adds a layer to every function that is made from this base. */
  use<Adds>(layer: Checked<EventFor<Of>, Ctx, Adds>): FunctionBase<Ctx & AddsOf<Adds>, Of>;
  /**
   * A base for functions of one kind, whose layers may be for that kind only: one line gives a whole API its
   * authentication.
   *
   * @example
   * ```ts
   * import { beforeParsing, defineFunction, type HttpEvent, http, json, reply } from '@tradewind/core';
   *
   * const auth = beforeParsing(async (event: HttpEvent, _context, next) => {
   *   const user = event.headers.get('authorization');
   *   return user ? next({ user }) : reply(json(401, { error: 'Who are you?' }));
   * });
   * const api = defineFunction.for('http').use(auth);
   * export const me = api('me', http({ method: 'GET', path: '/me' })).handle((_event, { user }) => ({ user }));
   * ```
   */
  for<K extends Of['kind']>(kind: K): FunctionBase<Ctx, Extract<Of, { readonly kind: K }>>;
}

/**
 * Defines a function: a name, a trigger, layers and a handler.
 *
 * @example
 * ```ts
 * import { defineFunction, http, json } from '@tradewind/core';
 * import { z } from 'zod';
 *
 * export const placeOrder = defineFunction(
 *   'place-order',
 *   http({ method: 'POST', path: '/orders', body: z.object({ id: z.string() }) }),
 * ).handle(({ body }) => json(202, { id: body.id }));
 * ```
 */
export const defineFunction: FunctionBase<Context> = /* @__PURE__ */ base(
  { readEnv: undefined, logger: undefined },
  [],
);

function base<Ctx>(settings: Settings, layers: readonly AnyLayer[]): FunctionBase<Ctx> {
  const define = (name: string, trigger: Trigger): unknown => {
    mustBe(
      'function',
      trigger?.stages?.parse,
      `defineFunction('${name}', ...): the trigger, such as http({...}): its parse`,
    );
    return builder(name, trigger, settings, layers);
  };
  return Object.assign(define, {
    env: (schema: StandardSchema) => base({ ...settings, readEnv: envReader(schema) }, layers),
    logger: (logger: Logger | LoggerOf) => {
      mustBeLogger(logger);
      return base({ ...settings, logger }, layers);
    },
    use: (layer: AnyLayer) => base(settings, grown(layers, layer)),
    for: (kind: Kind) => base({ ...settings, kind }, layers),
  }) as unknown as FunctionBase<Ctx>;
}

function mustBeLogger(logger: Logger | LoggerOf): void {
  if (typeof logger === 'function') return;
  for (const level of ['debug', 'info', 'warn', 'error'] as const) {
    mustBe(
      'function',
      logger?.[level],
      `logger(...): the argument must be a logger or a function that makes one: its ${level}`,
    );
  }
}

function builder(name: string, trigger: Trigger, settings: Settings, layers: readonly AnyLayer[]): unknown {
  return {
    use: (layer: AnyLayer) => builder(name, trigger, settings, grown(layers, layer)),
    handle: (handler: Run) => {
      mustBe('function', handler, `The handler of '${name}'`);
      return {
        name,
        trigger,
        middleware: layers,
        settings,
        run: compose(stagesOf(name, trigger, settings.readEnv, layers), handler),
      };
    },
  };
}

/** All that stands around the handler, from the outside in. */
function stagesOf(
  name: string,
  { stages: { recover, limit, parse, check, settle } }: TriggerBase,
  readEnv: EnvReader | undefined,
  layers: readonly AnyLayer[],
): readonly Stage[] {
  const before = layers.filter(isBeforeParsing);
  const after = layers.filter((layer) => !isBeforeParsing(layer));
  // Errors have become results when they reach the layers before parsing: CORS and tracing see a failed request too.
  const outside = before.length > 0 && [runMiddleware(name, before, settle), recover, readEnv && requireEnvironment];
  const stages = [
    recover,
    limit,
    readEnv && readEnvironment(readEnv, before.length > 0),
    ...(outside || []),
    parse,
    check,
    after.length > 0 && runMiddleware(name, after, settle),
  ];
  return stages.filter((stage) => typeof stage === 'function');
}

function grown(layers: readonly AnyLayer[], layer: AnyLayer): readonly AnyLayer[] {
  mustBe('function', layer, "use(...): the layer (for middy's middlewares: fromMiddy(...))");
  return [...layers, layer];
}
