import { type BodySource, type FinalResult, HttpRequestEvent } from '@tradewind/core/adapter';
import { bodyFromBase64 } from '../shared/base64.js';
import { headerIndex } from '../shared/header-index.js';
import { joined } from '../shared/http.js';
import { pathOf } from './http-path.js';
import type { NativeRequest } from './types.js';

type Multi = Readonly<Record<string, string | readonly string[] | undefined>> | null | undefined;

/**
 * A request on Lambda: API Gateway payload version 2.0 (also used by function URLs) or 1.0, or a load balancer's event.
 * Each one is answered in its own format, because each service knows only the members of its own.
 */
export class LambdaRequest extends HttpRequestEvent {
  readonly method: string;
  readonly path: string;
  readonly #native: NativeRequest;
  readonly #isV2: boolean;
  #index: Map<string, string> | undefined;

  constructor(native: NativeRequest, isV2: boolean, method: string, path: string) {
    super();
    this.#native = native;
    this.#isV2 = isV2;
    this.method = method;
    this.path = pathOf(path, native);
  }

  /** In version 2.0, names are in lower case and values are joined already, so most look-ups need no index. */
  header(name: string): string | undefined {
    const value = this.#isV2 && this.#native.headers?.[name];
    // Inherited members are not strings, so they are not mistaken for headers.
    return typeof value === 'string' ? byteText(value) : this.pairs().get(name);
  }
  pairs(): Map<string, string> {
    if (this.#index) return this.#index;
    const { multiValueHeaders, headers, cookies } = this.#native;
    // An HTTP API passes cookies only as `cookies`, a function URL also as a header.
    const given = this.#isV2 ? { cookie: cookies, ...headers } : (multiValueHeaders ?? headers);
    this.#index = headerIndex(pairs(given).map(([name, value]) => [name, byteText(value)]));
    return this.#index;
  }
  /** In version 1.0 the query is decoded, so it is encoded again. */
  search(): string {
    const { rawQueryString, multiValueQueryStringParameters, queryStringParameters } = this.#native;
    if (this.#isV2) return typeof rawQueryString === 'string' ? rawQueryString : '';
    const encode = this.#isAlb ? String : (text: string) => encodeURIComponent(text.toWellFormed());
    return pairs(multiValueQueryStringParameters ?? queryStringParameters)
      .map((pair) => pair.map(encode).join('='))
      .join('&');
  }
  protected source(): BodySource {
    const { body, isBase64Encoded } = this.#native;
    return body ? (isBase64Encoded ? bodyFromBase64(body) : body) : undefined;
  }

  get #isAlb(): boolean {
    return this.#native.requestContext?.elb !== undefined;
  }

  /** The response in the format of this request. */
  answer({ status, headers, cookies }: FinalResult, body: string, isBase64Encoded: boolean): object {
    const { multiValueHeaders } = this.#native;
    if (this.#isV2) {
      const answer = { statusCode: status, headers: singles(headers), body, isBase64Encoded };
      return cookies.length > 0 ? { ...answer, cookies } : answer;
    }
    const form =
      multiValueHeaders || !this.#isAlb
        ? { multiValueHeaders: multiples(headers, cookies) }
        : { headers: { ...singles(headers), ...spelt(cookies) } };
    const line = this.#isAlb ? { statusDescription: `${status} ${status < 400 ? 'OK' : 'Error'}` } : {};
    return { statusCode: status, ...line, ...form, body, isBase64Encoded };
  }
}

/**
 * A header's value with one character per byte, as a web `Request` and all other platforms have it. Lambda's events are
 * JSON, so its front ends have decoded the bytes as UTF-8.
 */
function byteText(value: string): string {
  return /[^\t -~]/.test(value) ? Buffer.from(value).toString('latin1') : value;
}

/** Every name with each of its values. Values that are not strings are omitted. */
function pairs(record: Multi): [string, string][] {
  return Object.entries(record ?? {}).flatMap(([name, values]) =>
    [values].flat().flatMap((value): [string, string][] => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

/** Headers with one value each. Most results have no other ones, so the record is returned unchanged. */
export function singles(headers: FinalResult['headers']): FinalResult['headers'] {
  for (const name in headers) if (typeof headers[name] !== 'string') return mapped(headers, joined);
  return headers;
}

function multiples(headers: FinalResult['headers'], cookies: readonly string[]): object {
  const all = cookies.length > 0 ? { ...headers, 'set-cookie': cookies } : headers;
  return mapped(all, (value) => [value].flat());
}

function mapped<T>(headers: FinalResult['headers'], to: (value: string | readonly string[]) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, to(value)]));
}

/**
 * A load balancer without multi-value headers allows one value per name. Names that differ in case are different to it
 * but the same to a browser, so each cookie gets a different spelling of `set-cookie`.
 */
function spelt(cookies: readonly string[]): Record<string, string> {
  return Object.fromEntries(cookies.map((value, index) => [spelling(index), value]));
}

/** Each letter of the name, from the end, stands for one bit of the index: upper case is 1. */
function spelling(index: number): string {
  return Array.from('set-cookie', (letter, at) => ((index >> (9 - at)) & 1 ? letter.toUpperCase() : letter)).join('');
}
