/**
 * A transport that posts CloudEvents over HTTP: to Knative, a function on Google Cloud or Azure, or any other receiver.
 *
 * @module
 */
import { FunctionError, isFunctionError, type Transport } from '@tradewind/core';
import {
  type Awaitable,
  checkOptions,
  type InvocationContext,
  misconfigured,
  mustBePositive,
  toStructured,
} from '@tradewind/core/adapter';

/**
 * A value, or a function that returns it for a context: for example a token from the environment or a metadata server.
 */
export type PerContext<T> = T | ((context: InvocationContext) => Awaitable<T>);

// A longer timeout overflows the timer's 32 bits, and the timer fires at once.
const LONGEST_TIMER = 2 ** 31 - 1;

/** The options of {@link cloudEvents}. */
export interface CloudEventsOptions {
  /** Headers in addition to the content type, for example `authorization`. Default: none. */
  readonly headers?: PerContext<Readonly<Record<string, string>>>;
  /**
   * In ms: limits the whole send. It also ends when the margin before the invocation's deadline begins. Default:
   * 10,000.
   */
  readonly timeout?: number;
  /** Sends the request, for example the `fetch` of a service binding. Default: the global `fetch`. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/**
 * Posts each event to a URL as a structured CloudEvent (`application/cloudevents+json`), which keeps every attribute. A
 * status from 200 to 299 means that the event was accepted. It supports neither delays nor groups.
 *
 * Anything else is a FunctionError `unavailable`: another status, a redirect (redirects are not followed), or no
 * response in time. Its message contains neither the URL, nor a header, nor the response.
 *
 * @param url - an `https:` or `http:` URL without a user name or password.
 * @throws FunctionError `misconfigured` for an invalid URL or timeout. What a function returns is checked on sending.
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
export function cloudEvents(url: PerContext<string>, options: CloudEventsOptions = {}): Transport {
  checkOptions('cloudEvents', options, ['headers', 'timeout', 'fetch']);
  const { headers = {}, timeout = 10_000, fetch: send } = options;
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
        // Nobody reads the body, and an unread body would keep the connection open.
        response.body?.cancel().catch(() => {});
        if (!response.ok) throw unavailable(`it responded with ${response.status}`);
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
    throw misconfigured('cloudEvents(...): `url` must be a URL that starts with https: or http:.');
  }
  if (username || password) {
    throw misconfigured(
      'cloudEvents(...): `url` must not contain a user name or password: pass an authorization header in `headers`.',
    );
  }
}

/** Hides the runtime's own error, which quotes an invalid value: it may be a token. */
function headersOf(headers: Readonly<Record<string, string>>): Headers {
  try {
    return new Headers(headers);
  } catch {
    throw misconfigured(
      'cloudEvents(...): `headers` must be valid HTTP headers; a name or value has a character, such as a line break, that HTTP forbids.',
    );
  }
}

/**
 * Stops waiting at the timeout or deadline, even for work that ignores the signal: a function for headers gets none.
 */
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
    () => controller.abort(unavailable(`no response within ${timeout} ms`)),
    Math.min(timeout, LONGEST_TIMER),
  );
  try {
    await Promise.race([late, work(signal)]);
  } finally {
    clearTimeout(timer);
  }
}

/** Keeps only the names and codes of errors: some runtimes' errors quote the URL, whose query is often a key. */
async function answered(request: () => Promise<Response>): Promise<Response> {
  try {
    return await request();
  } catch (error) {
    if (isFunctionError(error)) throw error;
    const { name, code, cause } = Object(error) as Error & { code?: unknown };
    const why = [name, code, Object(cause).code].filter((part) => typeof part === 'string').join(' ');
    throw unavailable(`no response (${why || typeof error})`);
  }
}

function unavailable(why: string): FunctionError {
  return new FunctionError('unavailable', `cloudEvents(...): the receiver did not accept the event: ${why}.`);
}
