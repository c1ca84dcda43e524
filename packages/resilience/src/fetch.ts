import { type ErrorCode, FunctionError, systemClock } from '@tradewind/core';
import { describe, misconfigured } from '@tradewind/core/adapter';
import { Call, type CallContext } from './call.js';
import { isPolicy, type Policy } from './policy.js';
import { following } from './redirect.js';
import { retryAfter } from './retry-after.js';

/** A response that policies see as a failure. */
export class ResponseError extends FunctionError {
  /** If a fallback uses it, the fallback must read or cancel its body before it returns. */
  readonly response: Response;
  /** In ms: the wait that its `Retry-After` header asks for. */
  readonly retryAfter: number | undefined;

  constructor(response: Response, request: string, now: number) {
    const { status } = response;
    super(codeOf(status), `${request} was answered ${status}.`, { retryable: true });
    this.response = response;
    this.retryAfter = retryAfter(response.headers.get('retry-after'), now);
  }
}

/** `fetch` with a policy. */
export type ResilientFetch<Joins> = (
  input: string | URL | Request,
  init?: RequestInit,
  within?: CallContext,
) => Promise<Response | Joins>;

/** Idempotent methods (RFC 9110, 9.2.2): sending them twice has the same effect as sending them once. */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);
/** Error codes which mean that nothing was sent. */
const UNSENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/**
 * `fetch` with a policy. The policy sees 5xx, 408, 425 and 429 responses as failures, so that they are retried and
 * counted by circuits. If all attempts fail, you get the last response, as with `fetch`, unless a fallback returns
 * another value. A `Retry-After` header, in seconds or as a date, is the minimum wait.
 *
 * No policy sends a request again that may have had its effect: a POST or PATCH is sent again only after a 429, if no
 * connection was made, or if its `Idempotency-Key` header has a key. A body that can be read only once is sent once.
 *
 * A redirect is followed within its origin. Another origin gets a GET or HEAD without a body and without your headers, such
 * as API keys; any other redirect to it is not followed, and is the response that you get.
 *
 * Policies end when the response headers arrive. The body is as `fetch` returns it, and ends with the signal.
 *
 * @returns the function. Its third argument is the context that it is called in.
 * @throws FunctionError `misconfigured` if `policy` is not a policy.
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
    throw misconfigured(`resilientFetch(...): \`policy\` must be a policy, see compose(...); got ${describe(policy)}.`);
  }
  return async (input, init, within) => {
    // An invalid URL is the caller's mistake and not worth a retry.
    if (typeof input === 'string' && !URL.canParse(input)) return fetch(input, init);
    const request = input instanceof Request ? input : undefined;
    const { method: wanted, body, headers, signal } = init ?? {};
    const method = (wanted ?? request?.method ?? 'GET').toUpperCase();
    const isOnce = body !== undefined && body !== null && !isReadAgain(body);
    const isRepeatable = IDEMPOTENT.has(method) || hasKey(new Headers(headers ?? request?.headers));
    // What answered a redirect may have had its effect, whatever became of the request after it.
    let isRedirected = false;
    const mayRepeat = (error: unknown): boolean =>
      !isOnce &&
      (isRepeatable ||
        (!isRedirected && (isUnsent(error) || (error instanceof ResponseError && error.response.status === 429))));
    const call = new Call(placed(within, signal ?? request?.signal)).repeating(mayRepeat);
    const said = `${method} ${new URL(request?.url ?? String(input)).host}`;
    let last: Response | undefined;
    /** Frees the connection by cancelling the body, unless the body is handed to the caller. */
    const forget = (): void => {
      last?.body?.cancel().catch(() => {});
      last = undefined;
    };

    const attempt = async ({ signal: own, clock }: Call): Promise<Response> => {
      forget();
      const response = await following(input, { ...init, signal: own }, isOnce, () => {
        isRedirected = true;
      });
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

/** The call's context, with the request's own signal added. */
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

/** An empty key, bare or in quotes, is none: no service can tell by it that a request came before. */
function hasKey(headers: Headers): boolean {
  return /[^\s"]/.test(headers.get('idempotency-key') ?? '');
}

/** Whether a body can be sent with every attempt: streams and other iterables cannot. */
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
