import { done, mustBeAwaited } from '../done.js';
import { codeOf, FunctionError, tagOf, titleOf } from '../errors.js';

/**
 * Response headers, with names in lower case. A header that is sent several times has an array. `Set-Cookie` goes into
 * `cookies`.
 */
export type ResultHeaders = Readonly<Record<string, string | readonly string[]>>;

/** Marks a result: JSON has no symbols, so data cannot be one; a spread keeps it; two copies of core share it. */
export const HTTP_RESULT: unique symbol = /* @__PURE__ */ Symbol.for('tradewind.httpResult') as never;

/**
 * An HTTP response, made by a helper such as `json`, or copied from one with a spread. A string `body`, a `Uint8Array`
 * and a `ReadableStream` are sent as they are. With null or undefined there is no body. Any other value is sent as JSON.
 */
export interface HttpResult<Body = unknown> {
  readonly [HTTP_RESULT]: true;
  readonly status: number;
  readonly headers: ResultHeaders;
  /** `Set-Cookie` values, see `cookie`. */
  readonly cookies: readonly string[];
  readonly body: Body;
}

/** Headers and cookies that a helper such as `json` adds to a result. */
export interface ResultInit {
  readonly headers?: ResultHeaders;
  /** `Set-Cookie` values, see `cookie`. */
  readonly cookies?: readonly string[];
}

// Shared and frozen, so that a typical result costs one object and its headers need no check.
const NO_COOKIES: readonly string[] = /* @__PURE__ */ Object.freeze([]);
const JSON_HEADERS: ResultHeaders = /* @__PURE__ */ Object.freeze({ 'content-type': 'application/json' });
const PROBLEM_HEADERS: ResultHeaders = /* @__PURE__ */ Object.freeze({ 'content-type': 'application/problem+json' });

/** Whether headers are the shared ones of this module, which need no check. */
export function areShared(headers: ResultHeaders): boolean {
  return headers === JSON_HEADERS || headers === PROBLEM_HEADERS;
}

function make<Body>(status: number, body: Body, base: ResultHeaders, init: ResultInit | undefined): HttpResult<Body> {
  return {
    [HTTP_RESULT]: true,
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
 * Makes a JSON response.
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
  // The string body of a result is sent as it is, so a JSON string must be quoted here.
  const value = typeof body === 'string' || body === null ? JSON.stringify(body) : body;
  return make(status, value as never, JSON_HEADERS, init);
}

/** Makes a plain text response in UTF-8. */
export function text(status: number, body: string, init?: ResultInit): HttpResult<string> {
  return make(status, body, { 'content-type': 'text/plain; charset=utf-8' }, init);
}

/** Makes an HTML response in UTF-8. The caller must escape values. */
export function html(status: number, body: string, init?: ResultInit): HttpResult<string> {
  return make(status, body, { 'content-type': 'text/html; charset=utf-8' }, init);
}

/**
 * Makes a response with bytes, a stream of bytes, or what an async generator yields: bytes, and text as UTF-8. Default
 * content type: `application/octet-stream`.
 */
export function bytes<Body extends Uint8Array | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>>(
  status: number,
  body: Body,
  init?: ResultInit,
): HttpResult<Body> {
  return make(status, body, { 'content-type': 'application/octet-stream' }, init);
}

/** Makes a response without a body. Default status: 204. */
export function empty(status = 204, init?: ResultInit): HttpResult<undefined> {
  return make(status, undefined, {}, init);
}

/** Makes a redirect. Default status: 302. */
export function redirect(
  location: string,
  status: 301 | 302 | 303 | 307 | 308 = 302,
  init?: ResultInit,
): HttpResult<undefined> {
  return make(status, undefined, { location }, init);
}

/** The body of a problem+json response (RFC 9457). */
export interface Problem {
  readonly status: number;
  /** The reason phrase of the status. */
  readonly title?: string | undefined;
  /** Identifies the problem for programs. Default: the `ErrorCode` of the status. */
  readonly code?: string | undefined;
  readonly detail?: string | undefined;
  readonly [extension: string]: unknown;
}

/**
 * Makes a problem+json response.
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
 * Converts what a handler returned to a result. An `HttpResult` stays as it is, a web `Response` is converted (its
 * stream passes through), undefined becomes a 204, bytes, streams and what an async generator yields a 200, and any
 * other value a 200 with JSON.
 *
 * @throws the value if it is an Error; FunctionError `internal` for an array of promises, and for a response in another
 * format.
 */
export function toHttpResult(value: unknown): HttpResult {
  if (isHttpResult(value)) return streamed(value);
  if (value === undefined) return empty();
  if (isResponse(value)) return fromResponse(value);
  // An error that is returned instead of thrown would become a 200.
  done(value);
  if (isRaw(value)) return streamed(make(200, value, {}, undefined));
  const { statusCode, status = statusCode } = Object(value);
  // Its author took it for a response, but as data it would be a 200.
  if (status > 99 && status < 600 && Object.keys(value as object).every((name) => OF_RESPONSES.includes(name)))
    throw new FunctionError('internal', 'Return json(...) or another helper; json(200, value) sends any value.');
  return json(200, value);
}

/** The result with a stream of what its generator yields. */
function streamed(result: HttpResult): HttpResult {
  const { body } = result;
  mustBeAwaited(body);
  return isYielding(body)
    ? { ...result, body: (ReadableStream as unknown as FromIterable).from(encoded(body)) }
    : result;
}

/** The members of a response in the formats of platforms and frameworks. */
const OF_RESPONSES = ['statusCode', 'status', 'headers', 'multiValueHeaders', 'body', 'cookies', 'isBase64Encoded'];

/** Whether a body is an async generator or alike. Web streams and Node's have iterators too. */
function isYielding(body: unknown): body is AsyncIterable<Uint8Array | string> {
  const given = body as { readonly [Symbol.asyncIterator]?: unknown; readonly pipe?: unknown } | null | undefined;
  return !!given?.[Symbol.asyncIterator] && !given.pipe && !isStream(body);
}

/** Not in TypeScript's types of the web yet. */
interface FromIterable {
  from(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array>;
}

/** Runs a generator as far as it is read. It is ended, with its `finally` blocks, when the client leaves. */
async function* encoded(body: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) yield typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
}

/** Whether a body is sent as it is: bytes, a stream of bytes, or what becomes one. */
export function isRaw(body: unknown): boolean {
  return isBytes(body) || isStream(body) || isYielding(body);
}

/** Whether a body is bytes, in any form. */
export function isBytes(body: unknown): body is ArrayBuffer | ArrayBufferView {
  return ArrayBuffer.isView(body) || body instanceof ArrayBuffer;
}

/** Bytes as a `Uint8Array` over the same memory. */
export function bytesIn(body: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(body)
    ? new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
    : new Uint8Array(body);
}

/** Whether a body is a web stream. */
export function isStream(body: unknown): body is ReadableStream<Uint8Array> {
  return typeof (body as { getReader?: unknown } | null)?.getReader === 'function';
}

function isHttpResult(value: unknown): value is HttpResult {
  return (value as Partial<HttpResult> | null | undefined)?.[HTTP_RESULT] === true;
}

/** Checks the tag: a reference to the global would load Node's web API, which adds 25 ms to a cold start. */
export function isResponse(value: unknown): value is Response {
  return tagOf(value) === '[object Response]';
}

/** Headers that belong to the connection: a wrong value would break it or truncate the response. */
export const OF_CONNECTION: readonly string[] = [
  'content-length',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'trailer',
  'upgrade',
];

/** Keeps fetched responses referenced: Node cancels the stream of one that is garbage-collected. */
const OWNERS = /* @__PURE__ */ new WeakMap<ReadableStream, Response>();

function fromResponse(response: Response): HttpResult {
  const { status, headers, body, bodyUsed, url } = response;
  if (bodyUsed) throw new FunctionError('internal', 'The returned Response was read before. Return a clone.');
  if (body) OWNERS.set(body, response);
  const { 'set-cookie': _, ...others } = Object.fromEntries(headers);
  // Only a fetched response has a URL, and its body has been decompressed.
  if (url) delete others['content-encoding'];
  return { ...empty(status), headers: others, cookies: headers.getSetCookie(), body: body ?? undefined };
}
