import type { InvocationContext } from '../context/context.js';
import { FunctionError } from '../errors.js';
import { andThen, isThenable } from '../thenable.js';
import { isBeforeParsing, isResult, type Layer, type Next, type Result, toResult } from './middleware.js';
import { Refusal, type Trigger } from './trigger.js';

/** Any layer, seen from the chain: the builder has checked its types. */
export type AnyLayer = Layer<unknown, InvocationContext, unknown>;
/** A handler, or what runs in its place, seen from the chain. */
type Start = (event: unknown, context: InvocationContext) => unknown;
/**
 * What takes the result in the same step that makes it, where a kind has results for errors: a promise of its own for it
 * costs as much as decoding the event. It is told what a closure would hold, so that none is made for every event.
 */
export type Done = (result: never, event: never, context: InvocationContext) => unknown;
/** The whole chain. */
export type Run = (event: unknown, context: InvocationContext, done?: Done) => unknown;

type Chain = (event: unknown, context: InvocationContext) => Promise<Result>;

/** The middleware engine: one fold from the right. */
function fold(layers: readonly AnyLayer[], innermost: Chain): Chain {
  return layers.reduceRight<Chain>(
    (inner, layer) => (event, context) =>
      layer(event, context, ((adds?: object) => {
        // What is further in may be synchronous and throw; a layer that calls next().catch(...) must hear of it too.
        try {
          return inner(event, adds === undefined ? context : context.extend(adds));
        } catch (error) {
          return Promise.reject(error);
        }
      }) as Next),
    innermost,
  );
}

/**
 * Builds what runs for every event: the layers before parsing, parsing, the other layers, the handler, and what its
 * value and its errors become. All is decided here, once; a part that is not there costs a call nothing, and a handler
 * of a message without layers is what runs.
 */
export function assemble(name: string, trigger: Trigger, layers: readonly AnyLayer[], handler: Start): Run {
  const firstInside = layers.findIndex((layer) => !isBeforeParsing(layer));
  const outside = firstInside === -1 ? layers : layers.slice(0, firstInside);
  const inside = firstInside === -1 ? [] : layers.slice(firstInside);

  const parsed = handleErrors(trigger, parse(trigger, inner(name, trigger, inside, handler)));
  if (outside.length === 0) return parsed;
  // Errors are results by here: CORS and tracing see a failed request as they see any other one.
  const chain = fold(outside, (event, context) => Promise.resolve(andThen(parsed(event, context), toResult)));
  return handleErrors(trigger, { start: chain, settle: unboxer(name, trigger) });
}

type Settle = (value: unknown) => unknown;

/** Something to start, and what becomes of the value that it comes to. */
interface Step {
  readonly start: Start;
  readonly settle: Settle | undefined;
}

function inner(name: string, trigger: Trigger, layers: readonly AnyLayer[], handler: Start): Step {
  const { finish } = trigger;
  if (layers.length === 0) return { start: handler, settle: finish };
  const box = finish ? (value: unknown) => andThen(finish(value), toResult) : toResult;
  const innermost: Chain = (event, context) => Promise.resolve(andThen(handler(event, context), box));
  return { start: fold(layers, innermost), settle: unboxer(name, trigger) };
}

/** A refusal is a value that skips the rest. */
function parse(trigger: Trigger, { start, settle }: Step): Step {
  const go = (event: unknown, context: InvocationContext): unknown =>
    event instanceof Refusal ? event : start(event, context);
  const unwrap = (value: unknown): unknown =>
    value instanceof Refusal ? value.result : settle ? settle(value) : value;
  return {
    start: (event, context) => {
      const parsed = trigger.parse(event as never);
      return isThenable(parsed) ? parsed.then((ready) => go(ready, context)) : go(parsed, context);
    },
    // Only a kind whose values are finished refuses by value.
    settle: trigger.finish ? unwrap : settle,
  };
}

/** Where a kind has results for errors, nothing gets past here as a throw. */
function handleErrors({ recover }: Trigger, { start, settle = same }: Step): Run {
  if (!recover) {
    return settle === same ? start : (event, context) => andThen(start(event, context), settle);
  }
  const failed = (error: unknown, event: unknown, context: InvocationContext, done: Done): unknown =>
    done(recover(error, context) as never, event as never, context);
  const settled = (value: unknown, event: unknown, context: InvocationContext, done: Done): unknown => {
    let result: unknown;
    try {
      result = settle(value);
    } catch (error) {
      return failed(error, event, context, done);
    }
    return isThenable(result)
      ? result.then(
          (ready) => done(ready as never, event as never, context),
          (error) => failed(error, event, context, done),
        )
      : done(result as never, event as never, context);
  };
  // On its own, because a function that may make closures pays for them even when it makes none.
  const later = (value: PromiseLike<unknown>, event: unknown, context: InvocationContext, done: Done): unknown =>
    value.then(
      (ready) => settled(ready, event, context, done),
      (error) => failed(error, event, context, done),
    );
  return (event, context, done = same) => {
    let value: unknown;
    try {
      value = start(event, context);
    } catch (error) {
      return failed(error, event, context, done);
    }
    return isThenable(value) ? later(value, event, context, done) : settled(value, event, context, done);
  };
}

function same(value: unknown): unknown {
  return value;
}

function unboxer(name: string, { finish }: Trigger): (result: unknown) => unknown {
  return (result) => {
    if (!isResult(result)) {
      throw new FunctionError(
        'internal',
        `A layer of '${name}' resolved to ${result === null ? 'null' : typeof result}: a layer must return next() or reply(...).`,
      );
    }
    return finish ? finish(result.value) : result.value;
  };
}
