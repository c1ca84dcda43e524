import { type AnyFunction, type HttpResult, type HttpTrigger, problem } from '@tradewind/core';
import {
  type FinalResult,
  finalizeHttp,
  type HttpRequestEvent,
  type Invocation,
  InvocationContext,
} from '@tradewind/core/adapter';

/** What becomes of a result: made once, for every request. */
export type Close<Request> = (result: HttpResult, request: Request, context: InvocationContext) => unknown;

/** Makes a result ready to send, closes the invocation behind it, and encodes it. */
export function closing<Request extends HttpRequestEvent>(
  encode: (result: FinalResult, request: Request) => unknown,
): Close<Request> {
  return (result, request, context) => {
    const final = finalizeHttp(result, request.method, context);
    const { invocation } = context;
    return invocation.open ? invocation.end().then(() => encode(final, request)) : encode(final, request);
  };
}

/** Runs an HTTP function for one request. */
export function serve<Request extends HttpRequestEvent>(
  fn: AnyFunction,
  request: Request,
  invocation: Invocation,
  close: Close<Request>,
): unknown {
  request.match = (fn.trigger as HttpTrigger<unknown, unknown>).match;
  return fn.run(request, new InvocationContext(invocation), close);
}

/** Where no function answers a path, nobody's layers see the request. */
export function nothingAt(path: string, method: string): FinalResult {
  const { status, headers, cookies, body } = problem(404, {
    detail: `There is nothing at ${path}.`,
    code: 'not_found',
  });
  return { status, headers, cookies, body: method === 'HEAD' ? undefined : JSON.stringify(body) };
}

/** Several values of a header as one. */
export function joined(value: string | readonly string[]): string {
  return typeof value === 'string' ? value : value.join(', ');
}

/** The `path` and the `search` of a URL, both still encoded: a `URL` would normalise them, and costs more. */
export function splitUrl(url: string): { path: string; search: string } {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  const hash = url.indexOf('#', start);
  const end = hash === -1 ? url.length : hash;
  const mark = url.indexOf('?', start);
  if (mark === -1 || mark > end) return { path: url.slice(start, end), search: '' };
  return { path: url.slice(start, mark), search: url.slice(mark + 1, end) };
}
