import type { InvocationContext } from '../context/context.js';
import { FunctionError } from '../errors.js';
import { recoverHttp } from './problem.js';
import {
  areShared,
  bytesIn,
  type HttpResult,
  isBytes,
  isRaw,
  isStream,
  lowerCased,
  OF_CONNECTION,
  type ResultHeaders,
} from './result.js';

/** A result that can go out as it is. */
export interface FinalResult {
  readonly status: number;
  readonly headers: ResultHeaders;
  readonly cookies: readonly string[];
  readonly body: string | Uint8Array | ReadableStream<Uint8Array> | undefined;
}

const NAME = /^[!#$%&'*+\-.^_`|~\w]+$/;
// Every control character but the tab would end the header or the line: response splitting.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNSAFE = /[\x00-\x08\x0a-\x1f\x7f]|[^\x00-\xff]/;

/**
 * For adapters: makes a result ready to send. Its value is written as JSON, its headers are checked, and what has no
 * body loses it. A result that cannot be sent becomes a logged 500.
 */
export function finalizeHttp(result: HttpResult, method: string, context: InvocationContext): FinalResult {
  try {
    return prepare(result, method);
  } catch (error) {
    context.keepUnsent(error);
    return prepare(recoverHttp(error, context), method);
  }
}

/** For tests: the result as it would be sent, its body as the value that it is; a logged 500 where it cannot be. */
export function sendable(result: HttpResult, method: string, context: InvocationContext): HttpResult {
  try {
    const { body, ...sent } = prepare(result, method);
    return { ...sent, body: body === undefined ? undefined : result.body };
  } catch (error) {
    context.keepUnsent(error);
    return recoverHttp(error, context);
  }
}

function prepare({ status, headers, cookies, body }: HttpResult, method: string): FinalResult {
  if (!Number.isInteger(status) || status < 200 || status > 599)
    throw unsendable(`status ${status}: a whole number from 200 to 599`);
  let sent = toBody(body);
  const checked = areShared(headers) ? headers : checkHeaders(headers, body);
  if (cookies.some(isUnsafe)) throw unsendable('cookies: Latin-1 text without line breaks');
  if (method === 'HEAD' || status === 204 || status === 205 || status === 304) {
    if (isStream(sent)) sent.cancel().catch(() => {});
    sent = undefined;
  }
  return { status, headers: checked, cookies, body: sent };
}

/** Says which part of a result is none that HTTP has, and quotes no value of it. */
function unsendable(part: string): FunctionError {
  return new FunctionError('internal', `A result cannot be sent with its ${part}.`);
}

function checkHeaders(headers: ResultHeaders, body: unknown): ResultHeaders {
  const checked: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(lowerCased(headers))) {
    if (value === undefined || OF_CONNECTION.includes(name)) continue;
    // Cookies have a place of their own: a platform that takes no list would join them into one.
    if (!NAME.test(name) || name === 'set-cookie' || [value].flat().some(isUnsafe)) {
      throw unsendable(
        `header ${JSON.stringify(name)}: Latin-1 text without line breaks; cookies have their own place`,
      );
    }
    checked[name] = value;
  }
  // Left out, each platform would write one of its own.
  if (body !== undefined && body !== null) checked['content-type'] ??= typeOf(body);
  return checked;
}

function isUnsafe(value: unknown): boolean {
  return typeof value !== 'string' || UNSAFE.test(value);
}

function toBody(body: unknown): FinalResult['body'] {
  if (typeof body === 'string') return body;
  if (isStream(body)) {
    if (body.locked) throw unsendable('body, a stream that somebody else is reading');
    return body;
  }
  if (body === undefined || body === null) return undefined;
  if (body instanceof Uint8Array) return body;
  if (isBytes(body)) return bytesIn(body);
  const text = JSON.stringify(body);
  if (text === undefined) throw unsendable(`body, a ${typeof body}`);
  return text;
}

function typeOf(body: unknown): string {
  if (typeof body === 'string') return 'text/plain; charset=utf-8';
  return isRaw(body) ? 'application/octet-stream' : 'application/json';
}
