import middy from '@middy/core';
import {
  type BeforeParsing,
  beforeParsing,
  type Context,
  type ErrorCode,
  FunctionError,
  type HttpEvent,
  type HttpResult,
  isFunctionError,
  type Problem,
  type Result,
  reply,
} from '@tradewind/core';
import {
  describe,
  type HttpRequestEvent,
  type InvocationContext,
  isRefusal,
  misconfigured,
  recoverHttp,
  thrownBehind,
  toHttpResult,
} from '@tradewind/core/adapter';
import { type MiddyContext, toMiddyContext } from './context.js';
import { toMiddyEvent } from './event.js';
import { cancelUnsent, fromMiddyResponse, toMiddyResponse } from './response.js';
import type { MiddyEvent, MiddyMiddleware, MiddyResponse } from './types.js';

/** The function that the middlewares wrap, and its outcome. */
interface Run {
  readonly invocation: InvocationContext;
  readonly next: (event: MiddyEvent, context: MiddyContext) => Promise<Result>;
  /** Why the request could not be read. */
  readonly unread: unknown;
  /** The function's result, or the response to a FunctionError that a middleware threw. */
  result?: Result | undefined;
  /** What was thrown last. The result, if there is one, was made from it. */
  thrown?: { readonly error: unknown };
}

/** By the middlewares' context, instead of a property of it, because middlewares add properties of any name. */
const runs = new WeakMap<MiddyContext, Run>();

function runOf(context: MiddyContext): Run {
  const run = runs.get(context);
  if (run) return run;
  throw misconfigured('A middy middleware has replaced the context: add properties to it instead.');
}

/**
 * Sets the response for any error that Tradewind knows, first of all: middy runs the last middleware's `onError` first.
 */
const KNOWN: MiddyMiddleware = {
  onError: (request: { error: unknown; context: MiddyContext; response: unknown }) => {
    const run = runOf(request.context);
    const { error } = request;
    if (!run.thrown || error !== run.thrown.error) {
      // A middleware threw it: the function's result no longer counts.
      cancelUnsent(run.result?.value as HttpResult | undefined);
      run.result = undefined;
      run.thrown = { error };
    }
    if (!isFunctionError(error)) return;
    run.result ??= reply(recoverHttp(error, run.invocation));
    request.response = toMiddyResponse(run.result.value as HttpResult);
  },
};

/** The final result. A failure of a middleware is logged and recorded like the handler's, whoever responds to it. */
function resultOf({ result, thrown, invocation }: Run, value: HttpResult): Result {
  if (result) return result.with(value);
  return thrown && value.status >= 500 ? reply(recoverHttp(thrown.error, invocation)).with(value) : reply(value);
}

/** Runs the function. A response that the handler did not return is thrown as an error for `onError`, as in middy. */
async function inside(event: MiddyEvent, context: MiddyContext): Promise<MiddyResponse> {
  const run = runOf(context);
  if (run.unread !== undefined) throw run.unread;
  run.result = await run.next(event, context);
  const value = run.result.value as HttpResult;
  const thrown = thrownBehind(value) ?? (isRefusal(value) ? { error: refusalOf(value) } : undefined);
  if (!thrown) return toMiddyResponse(value);
  run.thrown = thrown;
  throw thrown.error;
}

function refusalOf({ body }: HttpResult): FunctionError {
  const { code = 'bad_request', detail = 'The request was refused.' } = body as Partial<Problem>;
  return new FunctionError(code as ErrorCode, detail);
}

function isMiddleware(one: unknown): boolean {
  if (typeof one !== 'object' || one === null) return false;
  const { before, after, onError } = one as MiddyMiddleware;
  const given = [before, after, onError].filter((hook) => hook !== undefined);
  return given.length > 0 && given.every((hook) => typeof hook === 'function');
}

/** What {@link fromMiddy} adds to the handler's context. */
export interface FromMiddy {
  readonly middy: {
    /** The event as the middlewares have changed it, for example with a parsed body or preferred languages. */
    readonly event: MiddyEvent;
    readonly context: MiddyContext;
  };
}

/**
 * Runs middy middlewares as one layer of an HTTP function, on every platform. The real `@middy/core` runs them, so
 * their order, early responses and error handlers work as in middy. They see the request as an API Gateway HTTP API
 * event.
 *
 * A request that is refused before the handler, and what the handler throws, reach them as an error, in `onError`. For
 * a refusal and a FunctionError, the response is already set, and they may change it. Another error that no middleware
 * responds to gets Tradewind's response.
 *
 * Pass middlewares that belong together in one call. On Workers, `@middy/core` requires `nodejs_compat`.
 *
 * @returns a layer that runs before parsing: use it first, or directly after `tracing()`.
 * @throws FunctionError `misconfigured` for an argument that is not a middleware.
 * @example
 * ```ts
 * import { fromMiddy } from '@tradewind/adapters/middy';
 * import { defineFunction, http, json } from '@tradewind/core';
 * import httpCors from '@middy/http-cors';
 * import httpSecurityHeaders from '@middy/http-security-headers';
 *
 * export const stock = defineFunction('stock', http({ method: 'GET', path: '/stock' }))
 *   .use(fromMiddy(httpCors({ origin: 'https://shop.example' }), httpSecurityHeaders()))
 *   .handle(() => json(200, { count: 7 }));
 * ```
 */
export function fromMiddy(...middlewares: readonly MiddyMiddleware[]): BeforeParsing<HttpEvent, Context, FromMiddy> {
  const odd = middlewares.findIndex((one) => !isMiddleware(one));
  if (odd >= 0) {
    const hint = Array.isArray(middlewares[odd])
      ? 'spread a list of middlewares, `...list`'
      : 'functions `before`, `after` or `onError` are expected';
    throw misconfigured(
      `fromMiddy(...): argument ${odd + 1} must be a middy middleware; got ${describe(middlewares[odd])}: ${hint}.`,
    );
  }
  const handler = middy(inside as never, { timeoutEarlyInMillis: 0 }).use([...middlewares, KNOWN] as never);
  const guests = handler as unknown as (event: MiddyEvent, context: MiddyContext) => Promise<unknown>;

  // biome-ignore lint/suspicious/noExplicitAny: any environment will do
  return beforeParsing<FromMiddy, HttpEvent, Context<any>>(async (event, context, next) => {
    const invocation = context as InvocationContext;
    if (!('method' in event)) {
      throw misconfigured(
        'fromMiddy(...) works only on HTTP functions. On Lambda, toMiddy(fn) turns any function into a middy handler.',
      );
    }
    const { event: read, unread } = await toMiddyEvent(event as HttpRequestEvent, invocation);
    const own = toMiddyContext(invocation);
    const run: Run = { invocation, next: (seen, kept) => next({ middy: { event: seen, context: kept } }), unread };
    runs.set(own, run);
    let value: HttpResult | undefined;
    try {
      const response = await guests(read, own);
      value = toHttpResult(fromMiddyResponse(response, run.result?.value as HttpResult | undefined));
    } catch (error) {
      // No middleware has responded to the error, so the result made from it stands.
      if (run.result && error === run.thrown?.error) return run.result as Result<FromMiddy>;
      throw error;
    } finally {
      cancelUnsent(run.result?.value as HttpResult | undefined, value);
    }
    return resultOf(run, value) as Result<FromMiddy>;
  }) as BeforeParsing<HttpEvent, Context, FromMiddy>;
}
