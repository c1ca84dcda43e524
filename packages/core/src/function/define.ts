import type { Clock } from '../context/clock.js';
import type { Context, InvocationContext } from '../context/context.js';
import { type EnvReader, envReader } from '../context/env.js';
import type { Logger, LoggerOf } from '../context/logger.js';
import type { DeliverySignal } from '../delivery/signal.js';
import type { Wiring } from '../delivery/wiring.js';
import { misconfigured, mustBe } from '../errors.js';
import type { QueueBatch } from '../messages/event.js';
import type { OutputOf, StandardSchema } from '../schema.js';
import { type AnyLayer, assemble, type Done } from './chain.js';
import { type AnyEvent, isBeforeParsing, type Layer } from './middleware.js';
import type { Kind, Step, Trigger } from './trigger.js';

// biome-ignore lint/complexity/noBannedTypes: a layer that adds nothing
type AddsOf<Adds> = [Adds] extends [never] ? {} : Adds;
/** The names that a layer adds and the context has already. */
type Collision<Ctx, Adds> = Adds extends unknown ? keyof Ctx & keyof AddsOf<Adds> : never;
type Checked<Event, Ctx, Adds> = [Collision<Ctx, Adds>] extends [never]
  ? Layer<Event, Ctx, Adds>
  : `The context has '${Collision<Ctx, Adds> & string}' already: a layer may not add it again.`;

declare const TYPES: unique symbol;

/** A function that adapters run: what `.handle(...)` makes. */
export interface TradewindFunction<K extends Kind = Kind, Value = unknown, Input = unknown> {
  readonly name: string;
  readonly trigger: Trigger<K>;
  /**
   * For adapters: runs the whole chain. An HTTP function gives an `HttpResult`, errors included, or what `done` makes of
   * it in the same step.
   */
  run(event: unknown, context: InvocationContext, done?: Done): unknown;
  /** For adapters: what an invocation of this function has in common with its other ones. */
  readonly settings: Settings;
  readonly [TYPES]?: { readonly value: Value; readonly input: Input };
}

/** Any function, whatever its types. */
// biome-ignore lint/suspicious/noExplicitAny: the types of one function are of no use to a list of them
export type AnyFunction = TradewindFunction<any, any, any>;

/** What a base function gives to every function made from it. */
export interface Settings {
  readonly readEnv: EnvReader | undefined;
  readonly logger: Logger | LoggerOf | undefined;
  readonly wiring?: Wiring | undefined;
  /** For tests. Default: the real time. */
  readonly clock?: Clock | undefined;
}

/** What a handler may return: an outcome is thrown, and a batch has nothing or an entry a message. */
type Returnable<Event, Value> = Event extends QueueBatch
  ? // biome-ignore lint/suspicious/noConfusingVoidType: a handler that returns nothing
    [Awaited<Value>] extends [undefined | void | readonly PromiseSettledResult<unknown>[]]
    ? unknown
    : 'A batch function returns nothing, or what Promise.allSettled gives for its messages.'
  : Extract<Awaited<Value>, DeliverySignal> extends never
    ? unknown
    : 'retryLater(...) and reject(...) are thrown, not returned.';

/** A function in the making. Each step gives a new one. */
export interface FunctionBuilder<K extends Kind, Event, Input, Ctx> {
  /** Adds a layer inside the ones before it; what it adds to the context is there for all that follows. */
  use<Adds>(layer: Checked<Event, Ctx, Adds>): FunctionBuilder<K, Event, Input, Ctx & AddsOf<Adds>>;
  /** Ends the chain. */
  handle<Value>(
    handler: (event: Event, context: Ctx) => Value & Returnable<Event, Value>,
  ): TradewindFunction<K, Awaited<Value>, Input>;
}

/** A base to make functions from: immutable, so it can be shared and grown. */
export interface FunctionBase<Ctx> {
  <K extends Kind, Event, Input>(
    name: string,
    trigger: Trigger<K, Event, Input>,
  ): FunctionBuilder<K, Event, Input, Ctx>;
  /**
   * Types and checks the environment: once per instance, before the first event. A missing or wrong variable fails the
   * invocation with a message that names every one of them and says no value.
   */
  env<Schema extends StandardSchema<never, object> | StandardSchema<Record<string, unknown>, object>>(
    schema: Schema,
  ): FunctionBase<Omit<Ctx, 'env'> & { readonly env: OutputOf<Schema> }>;
  /**
   * Gives `context.log` another logger than the JSON lines on the console.
   *
   * @param logger - one for all invocations; or a function that makes one for a context, the first time that it is asked for.
   */
  logger<Log extends Logger>(
    logger: Log | ((context: Context) => Log),
  ): FunctionBase<Omit<Ctx, 'log'> & { readonly log: Log }>;
  /** Adds a layer to every function made from this base. */
  use<Adds>(layer: Checked<AnyEvent, Ctx, Adds>): FunctionBase<Ctx & AddsOf<Adds>>;
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
    mustBe('string', name, "A function's name");
    mustBe('function', trigger?.parse, `The trigger of '${name}' (http({...}), queue({...})): its parse`);
    return builder(name, trigger, settings, layers);
  };
  return Object.assign(define, {
    env: (schema: StandardSchema) => base({ ...settings, readEnv: envReader(schema) }, layers),
    logger: (logger: Logger | LoggerOf) => {
      mustBeLogger(logger);
      return base({ ...settings, logger }, layers);
    },
    use: (layer: AnyLayer) => base(settings, grown(layers, layer)),
  }) as unknown as FunctionBase<Ctx>;
}

function mustBeLogger(logger: Logger | LoggerOf): void {
  if (typeof logger === 'function') return;
  for (const level of ['debug', 'info', 'warn', 'error'] as const) {
    mustBe(
      'function',
      logger?.[level],
      `What logger(...) is given, a logger or a function that makes one: its ${level}`,
    );
  }
}

function builder(name: string, trigger: Trigger, settings: Settings, layers: readonly AnyLayer[]): unknown {
  return {
    use: (layer: AnyLayer) => builder(name, trigger, settings, grown(layers, layer)),
    handle: (handler: Step) => {
      mustBe('function', handler, `The handler of '${name}'`);
      return { name, trigger, settings, run: assemble(name, trigger, settings.readEnv, layers, handler) };
    },
  };
}

function grown(layers: readonly AnyLayer[], layer: AnyLayer): readonly AnyLayer[] {
  mustBe('function', layer, 'A layer');
  const last = layers.at(-1);
  if (last && !isBeforeParsing(last) && isBeforeParsing(layer)) {
    throw misconfigured(
      'A layer made with beforeParsing is used after an ordinary one, for which parsing has happened: use it before, or make the other one with beforeParsing too.',
    );
  }
  return [...layers, layer];
}
