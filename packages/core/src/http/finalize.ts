import type { InvocationContext } from '../context/context.js';
import { FunctionError } from '../errors.js';
import { toJson } from '../json.js';
import { recoverHttp } from './problem.js';
import {
  areShared,
  bytesIn,
  type HTTP_RESULT,
  type HttpResult,
  isBytes,
  isRaw,
  isStream,
  lowerCased,
  OF_CONNECTION,
  type ResultHeaders,
} from './result.js';

/** A result that is ready to send. */
export interface FinalResult {
  readonly status: number;
  readonly headers: ResultHeaders;
  readonly cookies: readonly string[];
  readonly body: string | Uint8Array | ReadableStream<Uint8Array> | undefined;
}

const NAME = /^[!#$%&'*+\-.^_`|~\w]+$/;
// Control characters, except the tab, would allow response splitting.
// biome-ignore lint/suspicious/noControlCharactersInRegex: matching control characters is the purpose
const UNSAFE = /[\x00-\x08\x0a-\x1f\x7f]|[^\x00-\xff]/;

/**
 * For adapters: makes a result ready to send. Writes its value as JSON, checks its headers, and removes the body of a
 * response that must not have one. A result that cannot be sent becomes a 500, which is logged.
 */
export function finalizeHttp(result: HttpResult, method: string, context: InvocationContext): FinalResult {
  try {
    return prepare(result, method);
  } catch (error) {
    return prepare(unsent(result, error, context), method);
  }
}

/** The response in place of one that cannot be sent, whose stream is not needed any more. */
function unsent({ body }: HttpResult, error: unknown, context: InvocationContext): HttpResult {
  context.keepFault(error);
  if (isStream(body)) {
    if (!body.locked) body.cancel(error).catch(() => {});
  } else if (isNodeStream(body)) body.destroy?.();
  return recoverHttp(error, context);
}

/** A result as a client gets it: four members and nothing else. */
export type SentResult = Omit<HttpResult, typeof HTTP_RESULT>;

/**
 * For tests: the result as it would be sent, but with the original body value. One that cannot be sent becomes a 500.
 */
export function sendable(result: HttpResult, method: string, context: InvocationContext): SentResult {
  try {
    const { body, ...sent } = prepare(result, method);
    return { ...sent, body: body === undefined ? undefined : result.body };
  } catch (error) {
    const { status, headers, cookies, body } = unsent(result, error, context);
    return { status, headers, cookies, body };
  }
}

function prepare({ status, headers, cookies, body }: HttpResult, method: string): FinalResult {
  if (!Number.isInteger(status) || status < 200 || status > 599)
    throw unsendable(`status must be a whole number from 200 to 599; got ${status}`);
  let sent = toBody(body);
  if (!headers || !Array.isArray(cookies) || cookies.some(isUnsafe))
    throw unsendable('headers and cookies must be Latin-1 text without line breaks');
  const checked = areShared(headers) ? headers : checkHeaders(headers, body);

  if (method === 'HEAD' || status === 204 || status === 205 || status === 304) {
    if (isStream(sent)) sent.cancel().catch(() => {});
    sent = undefined;
  }
  return { status, headers: checked, cookies, body: sent };
}

/** Names the invalid part of a result, without quoting its value. */
function unsendable(part: string): FunctionError {
  return new FunctionError('internal', `The result cannot be sent: its ${part}.`);
}

function checkHeaders(headers: ResultHeaders, body: unknown): ResultHeaders {
  const checked: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(lowerCased(headers))) {
    if (value === undefined || OF_CONNECTION.includes(name)) continue;
    // Cookies have their own member: a platform without header lists would join them into one.
    if (!NAME.test(name) || name === 'set-cookie' || [value].flat().some(isUnsafe)) {
      throw unsendable(
        `header ${JSON.stringify(name)} must have a valid name and Latin-1 text without line breaks; cookies go into \`cookies\``,
      );
    }
    checked[name] = value;
  }
  // Without it, each platform would add a different one.
  if (body !== undefined && body !== null) checked['content-type'] ??= typeOf(body);
  return checked;
}

function isUnsafe(value: unknown): boolean {
  return typeof value !== 'string' || UNSAFE.test(value);
}

function toBody(body: unknown): FinalResult['body'] {
  if (typeof body === 'string') return body;
  if (isStream(body)) {
    if (body.locked) throw unsendable('body is a stream with another reader');
    return body;
  }
  if (body === undefined || body === null) return undefined;
  if (body instanceof Uint8Array) return body;
  if (isBytes(body)) return bytesIn(body);
  // As JSON it would be its own state, with the path of a file.
  if (isNodeStream(body)) throw unsendable('body is a Node stream: convert it with Readable.toWeb(...)');
  return toJson(body);
}

function isNodeStream(body: unknown): body is { destroy?(): void } {
  return typeof (body as { readonly pipe?: unknown } | null | undefined)?.pipe === 'function';
}

function typeOf(body: unknown): string {
  if (typeof body === 'string') return 'text/plain; charset=utf-8';
  return isRaw(body) ? 'application/octet-stream' : 'application/json';
}
