import { done, mustBeAwaited } from '../done.js';
import { codeOf, FunctionError, titleOf } from '../errors.js';

/** Response headers: names in lower case, an array for one that is sent several times. `Set-Cookie` goes into `cookies`. */
export type ResultHeaders = Readonly<Record<string, string | readonly string[]>>;

/**
 * The answer to an HTTP request, as plain data. A string `body` is sent as it is, so are a `Uint8Array` and a
 * `ReadableStream`; null and undefined are no body; any other value is sent as JSON.
 */
export interface HttpResult<Body = unknown> {
  readonly status: number;
  readonly headers: ResultHeaders;
  /** `Set-Cookie` values, see `cookie`. */
  readonly cookies: readonly string[];
  readonly body: Body;
}

/** What a helper adds to a result. */
export interface ResultInit {
  readonly headers?: ResultHeaders;
  /** `Set-Cookie` values, see `cookie`. */
  readonly cookies?: readonly string[];
}

// Shared and frozen, so that an ordinary result costs one object, and an adapter knows them as checked.
const NO_COOKIES: readonly string[] = /* @__PURE__ */ Object.freeze([]);
const JSON_HEADERS: ResultHeaders = /* @__PURE__ */ Object.freeze({ 'content-type': 'application/json' });
const PROBLEM_HEADERS: ResultHeaders = /* @__PURE__ */ Object.freeze({ 'content-type': 'application/problem+json' });

/** Whether headers are this module's own, which need no check. */
export function areShared(headers: ResultHeaders): boolean {
  return headers === JSON_HEADERS || headers === PROBLEM_HEADERS;
}

function make<Body>(status: number, body: Body, base: ResultHeaders, init: ResultInit | undefined): HttpResult<Body> {
  return {
    status,
    headers: init?.headers ? { ...base, ...lowerCased(init.headers) } : base,
    cookies: init?.cookies ?? NO_COOKIES,
    body,
  };
}

/** Headers with their names in lower case. */
export function lowerCased(headers: ResultHeaders): ResultHeaders {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/**
 * A JSON answer.
 *
 * @example
 * ```ts
 * import { json } from '@tradewind/core';
 *
 * json(201, { id: 'o-1' }, { headers: { location: '/orders/o-1' } });
 * ```
 */
export function json<const Body>(
  status: number,
  body: Body,
  init?: ResultInit,
): HttpResult<Body extends string | null ? string : Body> {
  // In a result a string is text that is sent as it is, so a JSON string is written here.
  const value = typeof body === 'string' || body === null ? JSON.stringify(body) : body;
  return make(status, value as never, JSON_HEADERS, init);
}

/** A plain text answer, UTF-8. */
export function text(status: number, body: string, init?: ResultInit): HttpResult<string> {
  return make(status, body, { 'content-type': 'text/plain; charset=utf-8' }, init);
}

/** An HTML answer, UTF-8. Escaping is up to the caller. */
export function html(status: number, body: string, init?: ResultInit): HttpResult<string> {
  return make(status, body, { 'content-type': 'text/html; charset=utf-8' }, init);
}

/** Bytes, or a stream of them; `application/octet-stream` unless `init.headers` says otherwise. */
export function bytes<Body extends Uint8Array | ReadableStream<Uint8Array>>(
  status: number,
  body: Body,
  init?: ResultInit,
): HttpResult<Body> {
  return make(status, body, { 'content-type': 'application/octet-stream' }, init);
}

/** An answer without a body: 204 unless said otherwise. */
export function empty(status = 204, init?: ResultInit): HttpResult<undefined> {
  return make(status, undefined, {}, init);
}

/** A redirect: 302 unless said otherwise. */
export function redirect(
  location: string,
  status: 301 | 302 | 303 | 307 | 308 = 302,
  init?: ResultInit,
): HttpResult<undefined> {
  return make(status, undefined, { location }, init);
}

/** The body of a problem (RFC 9457). */
export interface Problem {
  readonly status: number;
  /** The reason phrase of the status. */
  readonly title?: string | undefined;
  /** What a program can tell problems apart by. Default: the {@link ErrorCode} of the status. */
  readonly code?: string | undefined;
  readonly detail?: string | undefined;
  readonly [extension: string]: unknown;
}

/**
 * A problem+json answer.
 *
 * @param members - `detail`, and any extension members.
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export function problem(
  status: number,
  members: Readonly<Record<string, unknown>> = {},
  init?: ResultInit,
): HttpResult<Problem> {
  return make(status, { status, title: titleOf(status), code: codeOf(status), ...members }, PROBLEM_HEADERS, init);
}

/**
 * What a handler returned, as a result: an `HttpResult` stays, a web `Response` is taken apart (its stream passes
 * through), undefined is a 204, bytes and streams are a 200 as they are and any other value a 200 with JSON.
 *
 * @throws the value where it is an Error; FunctionError `internal` for a list of promises.
 */
export function toHttpResult(value: unknown): HttpResult {
  if (isHttpResult(value)) {
    mustBeAwaited(value.body);
    return value;
  }
  if (value === undefined) return empty();
  if (isResponse(value)) return fromResponse(value);
  // Returned in place of thrown, it would be a 200.
  done(value);
  return isRaw(value) ? make(200, value, {}, undefined) : json(200, value);
}

/** Whether a body is sent as it is, bytes or a stream of them. */
export function isRaw(body: unknown): boolean {
  return isBytes(body) || isStream(body);
}

/** Bytes in any of their forms. */
export function isBytes(body: unknown): body is ArrayBuffer | ArrayBufferView {
  return ArrayBuffer.isView(body) || body instanceof ArrayBuffer;
}

/** Them as one form, over the same memory. */
export function bytesIn(body: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(body)
    ? new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
    : new Uint8Array(body);
}

/** A web stream. */
export function isStream(body: unknown): body is ReadableStream<Uint8Array> {
  return typeof (body as { getReader?: unknown } | null)?.getReader === 'function';
}

/** By its shape, since a layer may have spread it. Three members are needed: a domain object has a `status` too. */
function isHttpResult(value: unknown): value is HttpResult {
  const { status, headers, cookies } = Object(value) as Partial<HttpResult>;
  return typeof status === 'number' && typeof headers === 'object' && Array.isArray(cookies);
}

/** By its tag: naming the global would load Node's web API, which costs a cold start 25 ms. */
export function isResponse(value: unknown): value is Response {
  return Object.prototype.toString.call(value) === '[object Response]';
}

/** What the connection that an answer goes out by says for itself: a wrong one breaks it, or cuts the answer off. */
export const OF_CONNECTION: readonly string[] = [
  'content-length',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'trailer',
  'upgrade',
];

/** Node cancels the stream of a fetched response that nobody refers to any more. */
const OWNERS = /* @__PURE__ */ new WeakMap<ReadableStream, Response>();

function fromResponse(response: Response): HttpResult {
  const { status, headers, body, bodyUsed, url } = response;
  if (bodyUsed) throw new FunctionError('internal', 'The Response that was returned has been read: return a clone.');
  if (body) OWNERS.set(body, response);
  const { 'set-cookie': _, ...others } = Object.fromEntries(headers);
  // What was fetched has been decoded; what a handler made has no address.
  if (url) delete others['content-encoding'];
  return { status, headers: others, cookies: headers.getSetCookie(), body: body ?? undefined };
}
