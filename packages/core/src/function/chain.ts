import type { InvocationContext } from '../context/context.js';
import type { EnvReader } from '../context/env.js';
import { describe, FunctionError } from '../errors.js';
import { keepRefusal } from '../http/thrown.js';
import { andThen, isThenable } from '../thenable.js';
import { isBeforeParsing, isResult, type Layer, type Next, type Result, toResult } from './middleware.js';
import type { Settle, Step, Trigger } from './trigger.js';

/** Any layer. The builder has checked its types. */
export type AnyLayer = Layer<unknown, InvocationContext, unknown>;
/**
 * Receives the result in the step that makes it, for triggers that have results for errors: a separate promise would
 * cost as much as decoding the event. It gets the event and the context as arguments, so that no closure per event is
 * needed.
 */
export type Done = (result: never, event: never, context: InvocationContext) => unknown;
/** The whole chain. */
export type Run = (event: unknown, context: InvocationContext, done?: Done) => unknown;

type Chain = (event: unknown, context: InvocationContext) => Promise<Result>;

/**
 * Builds what runs for every event: the environment, the layers before parsing, parsing, the other layers, the handler,
 * and the conversion of its value and errors. Everything is decided here, once: a missing part costs a call nothing,
 * and for a message function without layers, the handler itself is what runs.
 */
export function assemble(
  name: string,
  trigger: Trigger,
  readEnv: EnvReader | undefined,
  layers: readonly AnyLayer[],
  handler: Step,
): Run {
  const { finish = same, check, recover } = trigger;

  const box = (value: unknown): Result => toResult(finish(value));
  const unbox = (result: unknown): unknown => {
    if (isResult(result)) return finish(result.value);
    throw new FunctionError(
      'internal',
      `A layer of '${name}' must return next() or reply(...); got ${describe(result)}.`,
    );
  };

  /** The middleware engine: one fold from the right. */
  const around = (some: readonly AnyLayer[], step: Step): Chain =>
    some.reduceRight<Chain>(
      (inner, layer) => (event, context) =>
        layer(event, context, ((adds?: object, instead: unknown = event) =>
          inner(instead, adds === undefined ? context : context.extend(adds))) as Next),
      (event, context) => {
        // A step may be synchronous and throw, which a layer that calls next().catch(...) must catch too.
        try {
          return Promise.resolve(andThen(step(event, context), box));
        } catch (error) {
          return Promise.reject(error);
        }
      },
    );

  /** For triggers that have results for errors: converts everything that is thrown. */
  const settled = (step: Step, settle: Settle): Run => {
    if (!recover) return settle === same ? step : (event, context) => andThen(step(event, context), settle);
    const fail = (error: unknown, event: unknown, context: InvocationContext, done: Done): unknown =>
      done(recover(error, context) as never, event as never, context);
    const end = (value: unknown, event: unknown, context: InvocationContext, done: Done): unknown => {
      let result: unknown;
      try {
        result = settle(value);
      } catch (error) {
        return fail(error, event, context, done);
      }
      return done(result as never, event as never, context);
    };
    // A separate function, because a function that contains closures costs more even when it does not create them.
    const later = (value: PromiseLike<unknown>, event: unknown, context: InvocationContext, done: Done): unknown =>
      Promise.resolve(value).then(
        (ready) => end(ready, event, context, done),
        (error) => fail(error, event, context, done),
      );
    return (event, context, done = same) => {
      let value: unknown;
      let isLater: boolean;
      try {
        value = step(event, context);
        isLater = isThenable(value);
      } catch (error) {
        return fail(error, event, context, done);
      }
      return isLater ? later(value as never, event, context, done) : end(value, event, context, done);
    };
  };

  const firstInside = layers.findIndex((layer) => !isBeforeParsing(layer));
  const outside = firstInside < 0 ? layers : layers.slice(0, firstInside);
  const inside = layers.slice(outside.length);
  // Refusals and values are both boxed, so that the step that settles them can unbox either.
  const isLayered = inside.length > 0;
  const inner: Step = isLayered ? around(inside, handler) : handler;
  const boxed: Settle = isLayered ? toResult : same;
  // Marked for the layers before parsing, some of which treat a refusal as an error.
  const refuse: Settle = outside.length > 0 ? (result) => boxed(keepRefusal(result)) : boxed;
  // The value of a message handler without layers is checked by its delivery, without a separate step.
  let settle: Settle = isLayered ? unbox : recover ? finish : same;
  let whole: Step = (event, context) => trigger.parse(event as never, context, inner, refuse);
  if (check) {
    const [parsed, unchecked] = [whole, settle];
    whole = (event, context) => andThen(andThen(parsed(event, context), unchecked), check as Settle);
    settle = same;
  }
  if (outside.length > 0) {
    // Errors have become results by then, so CORS and tracing see a failed request like any other.
    whole = around(outside, settled(readEnv ? withEnv(whole) : whole, settle));
    settle = unbox;
  }
  if (readEnv) {
    // Read before any user code runs, but not at import: Workers have no environment then.
    const ready = whole;
    // To the layers outside, an invalid environment is an error like any other: tracing and metrics record it.
    const read = outside.length > 0 ? keptFailure(readEnv) : readEnv;
    whole = (event, context) => andThen(read(context), () => ready(event, context));
  }
  if (recover && trigger.timeout !== undefined) {
    // If a handler ignores the signal, the request is answered without it. For messages, the delivery does this.
    const endless = whole;
    whole = (event, context) => {
      const value = endless(event, context);
      return isThenable(value) ? context.inTime(value) : value;
    };
  }
  return settled(whole, settle);
}

function same(value: unknown): unknown {
  return value;
}

function keptFailure(readEnv: EnvReader): EnvReader {
  return (context) => {
    const fail = (error: unknown): void => context.failEnv(error);
    try {
      const reading = readEnv(context);
      return isThenable(reading) ? reading.then(undefined, fail) : reading;
    } catch (error) {
      return fail(error);
    }
  };
}

function withEnv(step: Step): Step {
  return (event, context) => {
    void context.env;
    return step(event, context);
  };
}
