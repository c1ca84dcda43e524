import { type AnyFunction, type HttpResult, type HttpTrigger, problem } from '@tradewind/core';
import {
  andThen,
  type Awaitable,
  ContextState,
  type FinalResult,
  finalizeHttp,
  HttpRequestEvent,
  type HttpSource,
  type Invocation,
  InvocationContext,
} from '@tradewind/core/adapter';
import type { FindRoute } from './router.js';

/** Runs an HTTP function for one request, and closes the invocation behind it. */
export function serve(fn: AnyFunction, source: HttpSource, invocation: Invocation, allow?: string): Awaitable<FinalResult> {
  const state = new ContextState(fn, invocation);
  const context = new InvocationContext(state);
  const event = new HttpRequestEvent(source, (fn.trigger as HttpTrigger<unknown, unknown>).match);
  if (allow !== undefined) event.allow = allow;
  return andThen(fn.run(event, context) as Awaitable<HttpResult>, (result) => {
    const final = finalizeHttp(result, source.method, context);
    return state.open ? state.end().then(() => final) : final;
  });
}

/** Finds the function of a request among several and runs it. Where there is none, nobody's layers see the request. */
export function serveRouted<Options>(find: FindRoute<Options>, source: HttpSource, invocation: Invocation): Awaitable<FinalResult> {
  const route = find(source.method, source.path);
  if (route) return serve(route.wired.fn, source, invocation, route.allow);
  const { status, headers, cookies, body } = problem(404, { detail: `There is nothing at ${source.path}.`, code: 'not_found' });
  return { status, headers, cookies, body: source.method === 'HEAD' ? undefined : JSON.stringify(body) };
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
