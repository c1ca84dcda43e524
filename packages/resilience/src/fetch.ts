import { type ErrorCode, FunctionError } from '@tradewind/core';
import { misconfigured } from '@tradewind/core/adapter';
import type { Call, CallContext } from './call.js';
import type { Policy } from './policy.js';
import { retryAfter } from './retry-after.js';

/** An answer that counts as a failure, while policies look at it. */
export class ResponseError extends FunctionError {
  readonly response: Response;
  /** In ms: what its `Retry-After` asks for. */
  readonly retryAfter: number | undefined;

  constructor(response: Response, isRepeatable: boolean, now: number) {
    const { status } = response;
    // Whoever sends too much is told before anything is done.
    super(codeOf(status), `The answer was ${status}.`, { retryable: isRepeatable || status === 429 });
    this.response = response;
    this.retryAfter = retryAfter(response.headers.get('retry-after'), now);
  }
}

/** A request that may have had its effect; to the caller it is the error that `fetch` gave. */
class BrokenOffError extends FunctionError {
  constructor(cause: unknown) {
    super('bad_gateway', 'The request broke off, and may have had its effect.', { cause, retryable: false });
  }
}

/** `fetch` with a policy around it. */
export type ResilientFetch<Joins> = (
  input: string | URL | Request,
  init?: RequestInit,
  within?: CallContext,
) => Promise<Response | Joins>;

/** What may be sent twice with the effect of once (RFC 9110, 9.2.2). */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);
/** Nothing has been sent yet. */
const UNSENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/**
 * `fetch`, with answers that say that something is wrong there (5xx, 408, 425, 429) as failures: they are tried again where the
 * policy says so, and a circuit counts them. What comes in the end is the answer, as with `fetch`, unless a fallback has
 * given something else. A `Retry-After`, in seconds or as a date, is the least wait.
 *
 * What may have had its effect is not sent again: a POST or a PATCH only after a 429, or where the connection was never made,
 * or with an `Idempotency-Key` header; and a body that is a stream can be sent once.
 *
 * @returns the function; its third argument is the context that it is called in.
 * @throws FunctionError `misconfigured` for what is no policy.
 * @example
 * ```ts
 * import { circuitBreaker, compose, resilientFetch, retry, timeout } from '@tradewind/resilience';
 *
 * const policy = compose(retry(), circuitBreaker({ name: 'stock' }), timeout(2_000));
 * export const stock = resilientFetch(policy);
 * const response = await stock('https://stock.example/tea');
 * ```
 */
export function resilientFetch<Joins = never>(policy: Policy<Joins>): ResilientFetch<Joins> {
  if (typeof policy !== 'function') {
    throw misconfigured(`What resilientFetch(...) is given is no policy, but ${typeof policy}.`);
  }
  return async (input, init = {}, within) => {
    const request = input instanceof Request ? input : undefined;
    const method = (init.method ?? request?.method ?? 'GET').toUpperCase();
    const headers = new Headers(init.headers ?? request?.headers);
    const isOnce = init.body instanceof ReadableStream;
    const isRepeatable = !isOnce && (IDEMPOTENT.has(method) || headers.has('idempotency-key'));
    const signal = init.signal ?? request?.signal;
    const place = within ? (signal ? placed(within, signal) : within) : (signal ?? undefined);
    let last: Response | undefined;

    const attempt = async (call: Call): Promise<Response> => {
      // Its connection is free only when its body is.
      last?.body?.cancel().catch(() => {});
      last = undefined;
      let response: Response;
      try {
        response = await fetch(request ? request.clone() : input, { ...init, signal: call.signal });
      } catch (error) {
        if (isRepeatable || (!isOnce && isUnsent(error)) || call.signal.aborted) throw error;
        // What became of it is not known.
        throw new BrokenOffError(error);
      }
      if (!isFailure(response.status)) return response;
      last = response;
      throw new ResponseError(response, isRepeatable, call.clock.now());
    };

    try {
      return await policy(attempt, place);
    } catch (error) {
      if (error instanceof ResponseError) return error.response;
      throw error instanceof BrokenOffError ? error.cause : error;
    }
  };
}

function placed(within: CallContext, signal: AbortSignal): CallContext {
  const { signal: own, deadline, clock } = within;
  const both = own ? AbortSignal.any([own, signal]) : signal;
  return { signal: both, ...(deadline !== undefined && { deadline }), ...(clock && { clock }) };
}

function isFailure(status: number): boolean {
  return status >= 500 || status === 408 || status === 425 || status === 429;
}

function isUnsent(error: unknown): boolean {
  const { code } = ((error as { cause?: unknown })?.cause ?? {}) as { readonly code?: string };
  return code !== undefined && UNSENT.has(code);
}

function codeOf(status: number): ErrorCode {
  if (status === 429 || status === 425) return 'too_many_requests';
  if (status === 503) return 'unavailable';
  return status === 504 || status === 408 ? 'timeout' : 'bad_gateway';
}
