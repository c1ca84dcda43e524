import middy from '@middy/core';
import {
  type BeforeParsing,
  beforeParsing,
  type Context,
  type HttpEvent,
  type HttpResult,
  isFunctionError,
  type Result,
  reply,
} from '@tradewind/core';
import {
  describe,
  type HttpRequestEvent,
  type InvocationContext,
  misconfigured,
  thrownBehind,
  toHttpResult,
} from '@tradewind/core/adapter';
import { MiddyContext } from './context.js';
import { toMiddyEvent } from './event.js';
import { fromMiddyResponse, toMiddyResponse } from './response.js';
import type { MiddyEvent, MiddyMiddleware, MiddyResponse } from './types.js';

/** A FunctionError is an answer, whoever throws it; the last middleware's `onError` is the first. */
const KNOWN: MiddyMiddleware = {
  onError: (request: { error: unknown; context: MiddyContext; response: unknown }) => {
    if (isFunctionError(request.error)) request.response = toMiddyResponse(request.context.answerTo(request.error));
  },
};

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
 * A request that is refused before the handler, and a FunctionError, are answers to them; what else is thrown is an error, for
 * `onError`. Where none of them answers it, Tradewind does.
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
  const inside = async (event: MiddyEvent, context: MiddyContext): Promise<MiddyResponse> => {
    const result = await context.run(event, thrownBehind);
    const { thrown } = context;
    // What is known has its answer; middy's error handlers know nothing of it.
    if (thrown && !isFunctionError(thrown.error)) throw thrown.error;
    return toMiddyResponse(result);
  };
  const handler = middy(inside as never, { timeoutEarlyInMillis: 0 }).use([...middlewares, KNOWN] as never);
  const guests = handler as unknown as (event: MiddyEvent, context: MiddyContext) => Promise<unknown>;

  // biome-ignore lint/suspicious/noExplicitAny: any environment will do
  return beforeParsing<FromMiddy, HttpEvent, Context<any>>(async (event, context, next) => {
    const invocation = context as InvocationContext;
    const guest = new MiddyContext(invocation, (seen, own) => next({ middy: { event: seen, context: own } }));
    let response: unknown;
    try {
      response = await guests(await toMiddyEvent(event as HttpRequestEvent, invocation), guest);
    } catch (error) {
      // None of them has answered it: then it is what it was.
      if (guest.result && guest.thrown?.error === error) return guest.result as Result<FromMiddy>;
      throw error;
    }
    const { result } = guest;
    const value = toHttpResult(fromMiddyResponse(response, result?.value as HttpResult | undefined));
    return (result ? result.with(value) : reply(value)) as Result<FromMiddy>;
  }) as BeforeParsing<HttpEvent, Context, FromMiddy>;
}
