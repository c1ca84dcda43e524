import { checkOptions, FunctionError } from '../errors.js';
import type { Kind } from '../function/trigger.js';
import type { HttpInput } from '../http/trigger.js';
import type { CloudEvent } from '../messages/event.js';

declare const INPUT: unique symbol;

/** An event for tests. It is typed by its content, so that after a change of a schema, the tests do not compile. */
export type FakeEvent<K extends Kind, Input> = {
  readonly kind: K;
  readonly [INPUT]?: () => Input;
} & (K extends 'http'
  ? { readonly request: FakeHttpOptions<unknown, unknown, unknown> }
  : { readonly messages: readonly CloudEvent[] });

// biome-ignore lint/complexity/noBannedTypes: the type of no input
type NoInput = {};

/** Options of a fake request. */
export interface FakeHttpOptions<Body, Query, Params> {
  /** Default: the trigger's. */
  readonly method?: string;
  /** Default: the trigger's path with `params` filled in. */
  readonly path?: string;
  /** The `:name` segments. */
  readonly params?: Params;
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly cookies?: Readonly<Record<string, string>>;
  /** A string, bytes, `URLSearchParams` and `FormData` are sent as they are; any other value as JSON. */
  readonly body?: Body;
}

/** Options of a fake message. */
export interface FakeMessageOptions {
  /** Default: `'fake-1'`. */
  readonly id?: string;
  /** Default: `'/fake'`. */
  readonly source?: string;
  /** Default: `'tradewind.fake'`. */
  readonly type?: string;
  /** RFC 3339. Default: 1970-01-01T00:00:00Z. */
  readonly time?: string;
  /** The trace in which the message was sent. Default: none. */
  readonly traceparent?: string;
  readonly tracestate?: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

interface FakeHttp {
  /**
   * An empty request. No types are inferred from the context, so it does not compile for a function that needs a body.
   */
  (): FakeEvent<'http', HttpInput<undefined, NoInput, NoInput>>;
  <Body = undefined, Query = NoInput, Params = NoInput>(
    options: FakeHttpOptions<Body, Query, Params>,
  ): FakeEvent<'http', HttpInput<Body, Query, Params>>;
}

/**
 * Makes a fake HTTP request.
 *
 * @example
 * ```ts
 * import { fakeHttp } from '@tradewind/core/testing';
 *
 * fakeHttp({ params: { id: '7' }, query: { expand: 'items' } });
 * ```
 */
export const fakeHttp: FakeHttp = (options: FakeHttpOptions<unknown, unknown, unknown> = {}): never => {
  checkOptions('fakeHttp', options, ['method', 'path', 'params', 'query', 'headers', 'cookies', 'body']);
  return { kind: 'http', request: options } as never;
};

/** Makes a fake message for a queue function. */
export function fakeMessage<Data>(data: Data, options: FakeMessageOptions = {}): FakeEvent<'queue', Data> {
  checkOptions('fakeMessage', options, ['id', 'source', 'type', 'time', 'traceparent', 'tracestate', 'extensions']);
  const {
    id = 'fake-1',
    source = '/fake',
    type = 'tradewind.fake',
    time = '1970-01-01T00:00:00Z',
    extensions = {},
    ...trace
  } = options;
  return { kind: 'queue', messages: [{ id, source, type, time, ...traceOf(trace), extensions, data }] };
}

function traceOf({ traceparent, tracestate }: Pick<FakeMessageOptions, 'traceparent' | 'tracestate'>): object {
  return { ...(traceparent !== undefined && { traceparent }), ...(tracestate !== undefined && { tracestate }) };
}

/** Makes a fake event for an event function. `everyPlatform` sends it with the type of the function's trigger. */
export function fakeEvent<Data>(data: Data, options: FakeMessageOptions = {}): FakeEvent<'event', Data> {
  return { kind: 'event', messages: fakeMessage(data, options).messages };
}

/**
 * Makes a fake run of a schedule.
 *
 * @param time - when it was due, RFC 3339. Default: 1970-01-01T00:00:00Z.
 */
export function fakeSchedule(time = '1970-01-01T00:00:00Z'): FakeEvent<'schedule', undefined> {
  return { kind: 'schedule', messages: fakeMessage(undefined, { time, type: 'tradewind.schedule' }).messages };
}

/**
 * Makes fake messages for a batch function, with the ids `fake-1`, `fake-2` and so on.
 *
 * @example
 * ```ts
 * import { fakeBatch } from '@tradewind/core/testing';
 *
 * fakeBatch([{ page: '/a' }, { page: '/b' }]);
 * ```
 */
export function fakeBatch<Data>(data: readonly Data[]): FakeEvent<'queue', readonly Data[]> {
  const messages = data.flatMap((one, index) => fakeMessage(one, { id: `fake-${index + 1}` }).messages);
  return { kind: 'queue', messages };
}

/**
 * Makes a fake event that need not match the function's schemas, for tests of bad input.
 *
 * @param value - for `'http'` the options of `fakeHttp`; for a message its data.
 */
export function fakeRaw<K extends 'http' | 'queue'>(
  kind: K,
  value: K extends 'http' ? FakeHttpOptions<unknown, unknown, unknown> : unknown,
): FakeEvent<K, never> {
  const fake = kind === 'http' ? fakeHttp(value as FakeHttpOptions<unknown, unknown, unknown>) : fakeMessage(value);
  return fake as unknown as FakeEvent<K, never>;
}

/** A request as it is sent over the network. */
export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  /** Encoded, without the `?`. */
  readonly search: string;
  /** Names in lower case, without `cookie`. */
  readonly headers: readonly (readonly [string, string])[];
  readonly cookies: readonly string[];
  readonly body: string | Uint8Array | undefined;
}

/** Converts a fake request to what is sent. Defaults: the method and the path of the function's trigger. */
export async function resolveRequest(
  trigger: { readonly method: string; readonly path: string },
  fake: FakeEvent<'http', unknown>,
): Promise<FakeRequest> {
  const { method = trigger.method, path, params, query, headers = {}, cookies = {}, body } = fake.request;
  const encoded = await encodeBody(body);
  const pairs = Object.entries(headers).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).map((one) => [name.toLowerCase(), one] as const),
  );
  if (encoded.type && !pairs.some(([name]) => name === 'content-type')) pairs.push(['content-type', encoded.type]);
  return {
    method,
    path: path ?? fillIn(trigger.path, (params ?? {}) as Record<string, unknown>),
    search: toSearch((query ?? {}) as Record<string, unknown>),
    headers: pairs,
    cookies: Object.entries(cookies).map(([name, value]) => `${name}=${encodeURIComponent(value)}`),
    body: encoded.body,
  };
}

function fillIn(pattern: string, params: Record<string, unknown>): string {
  return pattern.replace(/:(\w+)/g, (_, name: string) => {
    if (params[name] === undefined) {
      throw new FunctionError(
        'misconfigured',
        `fakeHttp(...): \`params\` must have '${name}' for the path ${pattern}.`,
      );
    }
    return encodeURIComponent(String(params[name]));
  });
}

function toSearch(query: Record<string, unknown>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) search.append(name, String(one));
  }
  return search.toString();
}

async function encodeBody(body: unknown): Promise<{ body: string | Uint8Array | undefined; type?: string }> {
  if (body === undefined) return { body };
  if (body instanceof Uint8Array) return { body, type: 'application/octet-stream' };
  if (typeof body === 'string') return { body, type: 'text/plain; charset=utf-8' };
  if (body instanceof FormData || body instanceof URLSearchParams) {
    const written = new Response(body);
    return { body: new Uint8Array(await written.arrayBuffer()), type: written.headers.get('content-type') ?? '' };
  }
  return { body: JSON.stringify(body), type: 'application/json' };
}
