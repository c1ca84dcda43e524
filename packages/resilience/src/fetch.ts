import { type ErrorCode, FunctionError, systemClock } from '@tradewind/core';
import { describe, misconfigured } from '@tradewind/core/adapter';
import { Call, type CallContext } from './call.js';
import { isPolicy, type Policy } from './policy.js';
import { retryAfter } from './retry-after.js';

/** An answer that counts as a failure, while policies look at it. */
export class ResponseError extends FunctionError {
  /** Whoever takes it over reads its body, or cancels that, before the policy ends. */
  readonly response: Response;
  /** In ms: what its `Retry-After` asks for. */
  readonly retryAfter: number | undefined;

  constructor(response: Response, request: string, now: number) {
    const { status } = response;
    super(codeOf(status), `${request} was answered ${status}.`, { retryable: true });
    this.response = response;
    this.retryAfter = retryAfter(response.headers.get('retry-after'), now);
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
 * What may have had its effect is not sent again, by no policy: a POST or a PATCH only after a 429, or where the connection was
 * never made, or with an `Idempotency-Key` header; and a body that can be read once is sent once.
 *
 * The policy ends with the answer's head; its body is as `fetch` gives it, and ends with the signal.
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
  if (!isPolicy(policy)) {
    throw misconfigured(`What resilientFetch(...) is given is no policy, but ${describe(policy)}: see compose(...).`);
  }
  return async (input, init, within) => {
    // A mistake of the caller's is nothing to try again.
    if (typeof input === 'string' && !URL.canParse(input)) return fetch(input, init);
    const request = input instanceof Request ? input : undefined;
    const { method: wanted, body, headers, signal } = init ?? {};
    const method = (wanted ?? request?.method ?? 'GET').toUpperCase();
    const isOnce = body !== undefined && body !== null && !isReadAgain(body);
    const isRepeatable = IDEMPOTENT.has(method) || new Headers(headers ?? request?.headers).has('idempotency-key');
    const mayRepeat = (error: unknown): boolean =>
      !isOnce && (isRepeatable || isUnsent(error) || (error instanceof ResponseError && error.response.status === 429));
    const call = new Call(placed(within, signal ?? request?.signal)).repeating(mayRepeat);
    const said = `${method} ${new URL(request?.url ?? String(input)).host}`;
    let last: Response | undefined;
    /** Its connection is free only when its body is; one that somebody reads is theirs. */
    const forget = (): void => {
      last?.body?.cancel().catch(() => {});
      last = undefined;
    };

    const attempt = async ({ signal: own, clock }: Call): Promise<Response> => {
      forget();
      const response = await fetch(request ? request.clone() : input, { ...init, signal: own });
      if (!isFailure(response.status)) return response;
      last = response;
      throw new ResponseError(response, said, clock.now());
    };

    let answer: Response | Joins | undefined;
    try {
      answer = await policy(attempt, call);
    } catch (error) {
      if (!(error instanceof ResponseError)) throw error;
      answer = error.response;
    } finally {
      if (answer !== last) forget();
    }
    return answer;
  };
}

/** A call's place, with a signal of the request's own. */
function placed(
  within: CallContext | undefined,
  signal: AbortSignal | undefined,
): CallContext | AbortSignal | undefined {
  if (!signal || !within) return within ?? signal;
  const { signal: outer } = within;
  const both = outer ? AbortSignal.any([outer, signal]) : signal;
  const { extend } = within as { extend?(adds: object): CallContext };
  if (extend) return extend.call(within, { signal: both });
  const { deadline = Number.POSITIVE_INFINITY, clock = systemClock } = within;
  return { ...within, signal: both, deadline, clock };
}

/** Whether a body is there for every attempt: a stream, or whatever else is iterated, is not. */
function isReadAgain(body: unknown): boolean {
  return (
    typeof body === 'string' ||
    body instanceof ArrayBuffer ||
    ArrayBuffer.isView(body) ||
    body instanceof Blob ||
    body instanceof URLSearchParams ||
    body instanceof FormData
  );
}

function isFailure(status: number): boolean {
  return status >= 500 || status === 408 || status === 425 || status === 429;
}

function isUnsent(error: unknown): boolean {
  const { code } = ((error as { cause?: unknown } | undefined)?.cause ?? {}) as { readonly code?: string };
  return code !== undefined && UNSENT.has(code);
}

function codeOf(status: number): ErrorCode {
  if (status === 429 || status === 425) return 'too_many_requests';
  if (status === 503) return 'unavailable';
  return status === 504 || status === 408 ? 'timeout' : 'bad_gateway';
}
