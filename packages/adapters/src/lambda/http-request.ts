import { type BodySource, type FinalResult, HttpRequestEvent } from '@tradewind/core/adapter';
import { bodyFromBase64 } from '../shared/base64.js';
import { headerIndex } from '../shared/header-index.js';
import { joined } from '../shared/http.js';
import type { AlbEvent, ApiGatewayV1Event, ApiGatewayV2Event } from './types.js';

type Multi = Readonly<Record<string, string | readonly string[] | undefined>> | null | undefined;
type Native = Partial<Omit<ApiGatewayV1Event & ApiGatewayV2Event, 'requestContext'>> & {
  readonly requestContext?: Partial<ApiGatewayV2Event['requestContext'] & AlbEvent['requestContext']>;
};

/**
 * A request on Lambda: API Gateway payload version 2.0 (also used by function URLs) or 1.0, or a load balancer's event.
 * Each one is answered in its own format, because each service knows only the members of its own.
 */
export class LambdaRequest extends HttpRequestEvent {
  readonly method: string;
  readonly path: string;
  readonly #native: Native;
  #index: Map<string, string> | undefined;

  constructor(event: ApiGatewayV1Event | ApiGatewayV2Event | AlbEvent) {
    super();
    const native = event as Native;
    const { rawPath, requestContext } = native;
    this.#native = native;
    this.method = requestContext?.http?.method ?? (native.httpMethod as string);
    this.path = rawPath === undefined ? (native.path as string) : withoutStage(rawPath, requestContext?.stage);
  }

  /** In version 2.0, names are in lower case and values are joined already, so most look-ups need no index. */
  header(name: string): string | undefined {
    const { rawPath, headers } = this.#native;
    const value = rawPath !== undefined && headers?.[name];
    // Inherited members are not strings, so they are not mistaken for headers.
    return typeof value === 'string' ? value : this.pairs().get(name);
  }
  pairs(): Map<string, string> {
    if (this.#index) return this.#index;
    const { multiValueHeaders, headers, cookies } = this.#native;
    this.#index = headerIndex([...pairs(multiValueHeaders ?? headers), ...pairs({ cookie: cookies })]);
    return this.#index;
  }
  /** In version 1.0 the query is decoded, so it is encoded again. */
  search(): string {
    const { rawPath, rawQueryString, multiValueQueryStringParameters, queryStringParameters } = this.#native;
    if (rawPath !== undefined) return typeof rawQueryString === 'string' ? rawQueryString : '';
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
    const { rawPath, multiValueHeaders } = this.#native;
    if (rawPath !== undefined) {
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

/** Removes a named stage, which is part of the caller's path but not of the function's. */
function withoutStage(path: string, stage: unknown): string {
  if (stage === '$default' || typeof stage !== 'string') return path;
  const prefix = `/${stage}`;
  return path === prefix || path.startsWith(`${prefix}/`) ? path.slice(prefix.length) || '/' : path;
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
