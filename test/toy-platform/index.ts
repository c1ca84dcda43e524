/** Runs Tradewind functions on Tradewind Toy Cloud, which nobody has: it shows what a platform takes. */
import type { AnyFunction } from '@tradewind/core';
import { Invocation, wired } from '@tradewind/core/adapter';
import type { Accept, KindOf } from '../../packages/adapters/src/shared/accept.js';
import { answering } from '../../packages/adapters/src/shared/answering.js';
import { checkDelays } from '../../packages/adapters/src/shared/delays.js';
import { checkFunctions } from '../../packages/adapters/src/shared/functions.js';
import { runSingle } from '../../packages/adapters/src/shared/single.js';
import { httpBinding } from './http.ts';
import { ToyInvocation } from './invocation.ts';
import { queueBinding } from './queue.ts';
import type { ToyAnswer, ToyHandler, ToyMeta } from './types.ts';
import type { ToyWiring } from './wiring.ts';

type ToyKind = 'http' | 'queue';
/** A handler has one source of events, so only HTTP functions can share it. */
type KindsOf<Functions extends readonly unknown[]> = Functions extends readonly [unknown] ? ToyKind : 'http';

/**
 * The handler of a deployment: for one function of any kind, or for several HTTP functions.
 *
 * @throws FunctionError `misconfigured`, at start-up, for functions that cannot share it.
 */
export function toyCloud<const Functions extends readonly AnyFunction[]>(
  ...functions: Functions & {
    [Index in keyof Functions]: Accept<Functions[Index], KindsOf<Functions>, 'the toy cloud'>;
  }
): ToyHandler {
  const kinds: readonly ToyKind[] = functions.length > 1 ? ['http'] : ['http', 'queue'];
  checkFunctions('the toy cloud', kinds, functions);
  const [first] = functions as readonly AnyFunction[] as [AnyFunction];
  return first.trigger.kind === 'http' ? httpHandler(functions) : queueHandler(first);
}

/** A function with what it is given on the toy cloud: where its messages go. */
export function on<Fn extends AnyFunction>(fn: Fn, wiring: ToyWiring<KindOf<Fn>>): Fn {
  return wired(fn, wiring);
}

function httpHandler(functions: readonly AnyFunction[]): ToyHandler {
  const [first] = functions as readonly [AnyFunction];
  const answer = answering(functions, httpBinding.encode);
  return async (event, meta) =>
    answer(httpBinding.decode(event, first), (fn) => invocationOf(fn, event, meta)) as Promise<ToyAnswer>;
}

function queueHandler(fn: AnyFunction): ToyHandler {
  checkDelays(fn, 'the toy cloud', 'on(fn, { redeliver: ... })');
  return async (event, meta) => {
    await runSingle(fn, queueBinding, event, invocationOf(fn, event, meta));
    return undefined;
  };
}

function invocationOf(fn: AnyFunction, event: unknown, meta: ToyMeta): ToyInvocation {
  return new ToyInvocation(new Invocation(fn, event, meta));
}
