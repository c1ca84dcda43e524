import type { AnyFunction, HttpResult, HttpTrigger } from '@tradewind/core';
import { type FinalResult, finalizeHttp, type HttpRequestEvent, type InvocationContext } from '@tradewind/core/adapter';

/** What becomes of a result: made once, for every request. */
export type Close<Request> = (result: HttpResult, request: Request, context: InvocationContext) => unknown;

/** Makes a result ready to send, closes the invocation behind it, and encodes it. */
export function closing<Request extends HttpRequestEvent>(
  encode: (result: FinalResult, request: Request) => unknown,
): Close<Request> {
  return (result, request, context) => {
    const final = finalizeHttp(result, request.method, context);
    return context.open ? after(context.end(), encode, final, request) : encode(final, request);
  };
}

// On its own, because a function that may make a closure pays for it even when it makes none.
function after<A, B>(end: Promise<void>, go: (a: A, b: B) => unknown, a: A, b: B): Promise<unknown> {
  return end.then(() => go(a, b));
}

/** Runs an HTTP function for one request. */
export function serve<Request extends HttpRequestEvent>(
  fn: AnyFunction,
  request: Request,
  context: InvocationContext,
  close: Close<Request>,
): unknown {
  request.match = (fn.trigger as HttpTrigger<unknown, unknown>).match;
  return fn.run(request, context, close);
}

/** Several values of a header as one. */
export function joined(value: string | readonly string[]): string {
  return typeof value === 'string' ? value : value.join(', ');
}
