import type { InvocationContext } from '../context/context.js';
import { FunctionError } from '../errors.js';
import { recoverHttp } from './problem.js';
import { areShared, type HttpResult, type ResultHeaders } from './result.js';

/** A result that can go out as it is. */
export interface FinalResult {
  readonly status: number;
  readonly headers: ResultHeaders;
  readonly cookies: readonly string[];
  readonly body: string | Uint8Array | ReadableStream<Uint8Array> | undefined;
}

const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
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
    return prepare(recoverHttp(error, context), method);
  }
}

function prepare(result: HttpResult, method: string): FinalResult {
  const { status, cookies } = result;
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new FunctionError(
      'internal',
      `A result has the status ${String(status)}; it is a whole number from 200 to 599.`,
    );
  }
  const body = toBody(result.body);
  const headers = areShared(result.headers) ? result.headers : checkHeaders(result.headers, result.body);
  if (cookies.length > 0) for (const value of cookies) checkValue('set-cookie', value);
  if (status < 204 ? method !== 'HEAD' : !(method === 'HEAD' || status === 204 || status === 205 || status === 304)) {
    return { status, headers, cookies, body };
  }
  if (isStream(body)) body.cancel().catch(() => {});
  return { status, headers, cookies, body: undefined };
}

function checkHeaders(headers: ResultHeaders, body: unknown): ResultHeaders {
  const checked: Record<string, string | readonly string[]> = {};
  for (const [anyCase, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    const name = anyCase.toLowerCase();
    if (!NAME.test(name))
      throw new FunctionError('internal', `${JSON.stringify(anyCase)} is no name for a response header.`);
    if (name === 'set-cookie') throw new FunctionError('internal', 'Set-Cookie goes into the cookies of a result.');
    if (typeof value === 'string') checkValue(name, value);
    else for (const one of value) checkValue(name, one);
    checked[name] = value;
  }
  // Left out, each platform would write one of its own.
  if (checked['content-type'] === undefined && body !== undefined && body !== null)
    checked['content-type'] = typeOf(body);
  return checked;
}

function checkValue(name: string, value: unknown): void {
  if (typeof value !== 'string' || UNSAFE.test(value)) {
    throw new FunctionError(
      'internal',
      `The response header '${name}' has a value that is no header text (a ${typeof value}${typeof value === 'string' ? ' with a line break, a control character or one beyond Latin-1' : ''}).`,
    );
  }
}

function toBody(body: unknown): FinalResult['body'] {
  if (typeof body === 'string' || body === undefined) return body;
  if (body === null) return undefined;
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  if (ArrayBuffer.isView(body)) {
    return body instanceof Uint8Array ? body : new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  }
  if (isStream(body)) return body;
  const text = JSON.stringify(body);
  if (text === undefined)
    throw new FunctionError('internal', `A result has a ${typeof body} for a body, which JSON cannot say.`);
  return text;
}

function typeOf(body: unknown): string {
  if (typeof body === 'string') return 'text/plain; charset=utf-8';
  return ArrayBuffer.isView(body) || body instanceof ArrayBuffer || isStream(body)
    ? 'application/octet-stream'
    : 'application/json';
}

function isStream(body: unknown): body is ReadableStream<Uint8Array> {
  return typeof (body as { getReader?: unknown } | undefined)?.getReader === 'function';
}
