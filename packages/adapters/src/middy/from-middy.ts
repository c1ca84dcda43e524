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

/** What the middlewares stand around, and what came of it. */
interface Run {
  readonly invocation: InvocationContext;
  readonly next: (event: MiddyEvent, context: MiddyContext) => Promise<Result>;
  /** Why the request could not be read. */
  readonly unread: unknown;
  /** What the function gave, or what a middleware's own FunctionError has become. */
  result?: Result | undefined;
  /** What was thrown last. Where there is a result, it stands for this. */
  thrown?: { readonly error: unknown };
}

/** By the context that middlewares get, since on it they put whatever names they like. */
const runs = new WeakMap<MiddyContext, Run>();

function runOf(context: MiddyContext): Run {
  const run = runs.get(context);
  if (run) return run;
  throw misconfigured('A middy middleware has put another context in place of the one that came: add to it instead.');
}

/** What Tradewind knows an answer to, whoever throws it, has that; the last middleware's `onError` is the first. */
const KNOWN: MiddyMiddleware = {
  onError: (request: { error: unknown; context: MiddyContext; response: unknown }) => {
    const { error } = request;
    const run = runOf(request.context);
    if (!run.thrown || error !== run.thrown.error) {
      // A middleware's own: what the function gave counts for nothing.
      cancelUnsent(run.result?.value as HttpResult | undefined);
      run.result = undefined;
      run.thrown = { error };
    }
    if (!isFunctionError(error)) return;
    run.result ??= reply(recoverHttp(error, run.invocation));
    request.response = toMiddyResponse(run.result.value as HttpResult);
  },
};

/** The result of the whole. A failure of a middleware's is logged and kept like one of the handler's, whoever answers it. */
function resultOf({ result, thrown, invocation }: Run, value: HttpResult): Result {
  if (result) return result.with(value);
  return thrown && value.status >= 500 ? reply(recoverHttp(thrown.error, invocation)).with(value) : reply(value);
}

/** Runs the function. What is no answer of its handler's is an error for `onError`, as in middy. */
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

/** What {@link fromMiddy} adds to the context. */
export interface FromMiddy {
  readonly middy: {
    /** With what the middlewares have made of it: a parsed body, preferred languages. */
    readonly event: MiddyEvent;
    readonly context: MiddyContext;
  };
}

/**
 * Middlewares of middy's as one layer of an HTTP function, on every platform: the real `@middy/core` runs them, so that order,
 * early answers and error handlers mean what they mean there. They see the request as API Gateway's HTTP APIs have it.
 *
 * A request that is refused before the handler, and what the handler throws, is an error to them, for `onError`. A refusal and a
 * FunctionError have their answer by then, which they may change; where none of them answers another error, Tradewind does.
 *
 * Give middlewares that belong together in one call. On Workers `@middy/core` wants `nodejs_compat`.
 *
 * @returns a layer that stands outside parsing: put it first, or behind `tracing()`.
 * @throws FunctionError `misconfigured` for what is no middleware.
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
      ? 'give the middlewares one by one, `...list`'
      : 'functions `before`, `after` or `onError` are expected';
    throw misconfigured(
      `What fromMiddy(...) is given at place ${odd + 1} is no middleware of middy's, but ${describe(middlewares[odd])}: ${hint}.`,
    );
  }
  const handler = middy(inside as never, { timeoutEarlyInMillis: 0 }).use([...middlewares, KNOWN] as never);
  const guests = handler as unknown as (event: MiddyEvent, context: MiddyContext) => Promise<unknown>;

  // biome-ignore lint/suspicious/noExplicitAny: any environment will do
  return beforeParsing<FromMiddy, HttpEvent, Context<any>>(async (event, context, next) => {
    const invocation = context as InvocationContext;
    if (!('method' in event)) {
      throw misconfigured(
        'fromMiddy(...) is for HTTP functions. For Lambda, toMiddy(fn) makes a middy handler of any function.',
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
      // None of them has answered it: then it is what it was.
      if (run.result && error === run.thrown?.error) return run.result as Result<FromMiddy>;
      throw error;
    } finally {
      cancelUnsent(run.result?.value as HttpResult | undefined, value);
    }
    return resultOf(run, value) as Result<FromMiddy>;
  }) as BeforeParsing<HttpEvent, Context, FromMiddy>;
}
