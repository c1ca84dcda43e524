import type { AnyFunction } from '@tradewind/core';
import { andThen, Invocation } from '@tradewind/core/adapter';
import { closing, serve } from '../shared/http.js';
import { httpBinding } from './http.js';
import { LambdaInvocation } from './invocation.js';
import { checkWiring, deliverRecords, queueBinding, wiredFor } from './queue.js';
import type { LambdaContext, LambdaHandler } from './types.js';

/** The context of an invocation, which all of its events share. */
export function invocationOf(fn: AnyFunction, event: unknown, context: LambdaContext): LambdaInvocation {
  return new LambdaInvocation(new Invocation(fn, event, context));
}

/** The handler of one HTTP function. */
export function httpHandler(fn: AnyFunction): LambdaHandler {
  const close = closing(httpBinding.encode, httpBinding.gather);
  return promised((event, context) =>
    serve(fn, httpBinding.decode(event, fn), invocationOf(fn, event, context), close),
  );
}

/** The handler of one queue function. */
export function queueHandler(fn: AnyFunction): LambdaHandler {
  checkWiring(fn);
  return promised((event, context) => {
    const records = queueBinding.decode(event, fn);
    const invocation = invocationOf(wiredFor(fn, records), event, context);
    return andThen(deliverRecords(fn, records, invocation), (response) =>
      invocation.open ? invocation.end().then(() => response) : response,
    );
  });
}

/** Lambda requires a promise. Synchronous work is already done when the promise is made. */
export function promised(run: (event: unknown, context: LambdaContext) => unknown): LambdaHandler {
  return (event, context) => {
    try {
      return Promise.resolve(run(event, context));
    } catch (error) {
      return Promise.reject(error);
    }
  };
}
