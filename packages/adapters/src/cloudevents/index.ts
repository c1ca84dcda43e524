/**
 * A transport that posts CloudEvents over HTTP: to Knative, to a function of Google Cloud or Azure, to any receiver.
 *
 * @module
 */
import { FunctionError, isFunctionError, type Transport } from '@tradewind/core';
import {
  type Awaitable,
  type InvocationContext,
  misconfigured,
  mustBePositive,
  toStructured,
} from '@tradewind/core/adapter';

/** A value, or what gives it for a context: a token that only the environment or a metadata server knows. */
export type PerContext<T> = T | ((context: InvocationContext) => Awaitable<T>);

// A longer delay overflows the timer's 32 bits and fires at once.
const LONGEST_TIMER = 2 ** 31 - 1;

/** What {@link cloudEvents} can be given. */
export interface CloudEventsOptions {
  /** Headers beside the content type, `authorization` for one. Default: none. */
  readonly headers?: PerContext<Readonly<Record<string, string>>>;
  /** In ms: how long all of it may take. The margin before the invocation's deadline ends it too. Default: 10,000. */
  readonly timeout?: number;
  /** What sends the request: a service binding's own `fetch`, for one. Default: the global one. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/**
 * Posts each event to a URL, as a structured CloudEvent (`application/cloudevents+json`), which loses no attribute. An
 * answer of 200 to 299 says that the event was taken. It cannot delay and knows no groups.
 *
 * Anything else is a FunctionError `unavailable`: another status, a redirect, which is not followed, or no answer in
 * time. It quotes neither the URL, nor a header, nor the answer.
 *
 * @param url - where to, `https:` or `http:`, without a user name or a password in it.
 * @throws FunctionError `misconfigured` for a URL or a timeout that is none. What a function gives is checked on sending.
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#32-structured-content-mode
 * @example
 * ```ts
 * import { cloudEvents } from '@tradewind/adapters/cloudevents';
 * import { lambda, on } from '@tradewind/adapters/lambda';
 * import { defineFunction, event, http, sender } from '@tradewind/core';
 *
 * const shipped = defineFunction('shipped', event({ type: 'order.shipped' })).handle(() => {});
 * const shipments = sender(shipped);
 * const ship = defineFunction('ship', http({ method: 'POST', path: '/shipments' })).handle(({ body }, context) =>
 *   shipments(context).send(body),
 * );
 * const broker = cloudEvents('https://broker.example/default', {
 *   headers: () => ({ authorization: `Bearer ${process.env.BROKER_TOKEN}` }),
 * });
 * export const handler = lambda(on(ship, { send: { 'order.shipped': broker } }));
 * ```
 */
export function cloudEvents(
  url: PerContext<string>,
  { headers = {}, timeout = 10_000, fetch: send }: CloudEventsOptions = {},
): Transport {
  mustBePositive(timeout, 'timeout of cloudEvents');
  if (typeof url !== 'function') checkUrl(url);
  return {
    longestDelay: 0,
    async send(event, _options, context) {
      const body = JSON.stringify(toStructured(event));
      await inTime(timeout, context.signal, async (signal) => {
        const to = await valueFor(url, context);
        checkUrl(to);
        const all = headersOf(await valueFor(headers, context));
        all.set('content-type', 'application/cloudevents+json; charset=utf-8');
        const request = { method: 'POST', headers: all, body, redirect: 'manual', signal } as const;
        const response = await answered(() => (send ?? fetch)(to, request));
        // Nobody reads it, and unread it would hold the connection.
        response.body?.cancel().catch(() => {});
        if (!response.ok) throw unavailable(`it answered ${response.status}`);
      });
    },
  };
}

function valueFor<T extends string | object>(option: PerContext<T>, context: InvocationContext): Awaitable<T> {
  return typeof option === 'function' ? option(context) : option;
}

function checkUrl(url: string): void {
  const { protocol, username, password } = URL.parse(url) ?? {};
  if (protocol !== 'https:' && protocol !== 'http:') {
    throw misconfigured('The URL of cloudEvents is none that starts with https: or http:.');
  }
  if (username || password) {
    throw misconfigured(
      'The URL of cloudEvents has a user name or a password in it, which fetch refuses: give an authorization header.',
    );
  }
}

/** The error of the runtime quotes a value that is none, and it may be a token. */
function headersOf(headers: Readonly<Record<string, string>>): Headers {
  try {
    return new Headers(headers);
  } catch {
    throw misconfigured(
      'A header of cloudEvents has a name or a value that HTTP does not allow, with a line break maybe.',
    );
  }
}

/** What is not there in time is not waited for, whether it heeds the signal or not: a token's function knows none. */
async function inTime(
  timeout: number,
  deadline: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  deadline.throwIfAborted();
  const controller = new AbortController();
  const signal = AbortSignal.any([deadline, controller.signal]);
  const late = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  const timer = setTimeout(
    () => controller.abort(unavailable(`no answer came in ${timeout} ms`)),
    Math.min(timeout, LONGEST_TIMER),
  );
  try {
    await Promise.race([late, work(signal)]);
  } finally {
    clearTimeout(timer);
  }
}

/** Some runtimes' errors quote the URL, and its query often is a key: only their names and codes go on. */
async function answered(request: () => Promise<Response>): Promise<Response> {
  try {
    return await request();
  } catch (error) {
    if (isFunctionError(error)) throw error;
    const { name, code, cause } = Object(error) as Error & { code?: unknown };
    const why = [name, code, Object(cause).code].filter((part) => typeof part === 'string').join(' ');
    throw unavailable(`no answer came (${why || typeof error})`);
  }
}

function unavailable(why: string): FunctionError {
  return new FunctionError('unavailable', `The receiver of the event did not take it: ${why}.`);
}
