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
 * A request on Lambda: API Gateway's payload version 2.0, which function URLs have too, its version 1.0, or the load
 * balancer's. Each is answered in its own form: it knows its own members only.
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

  /** Version 2.0 has its names in lower case and its values joined already, so most look-ups need no index. */
  header(name: string): string | undefined {
    const { rawPath, headers } = this.#native;
    const value = rawPath !== undefined && headers?.[name];
    // What an object inherits is no string, so it is not taken for a header.
    return typeof value === 'string' ? value : this.pairs().get(name);
  }
  pairs(): Map<string, string> {
    if (this.#index) return this.#index;
    const { multiValueHeaders, headers, cookies } = this.#native;
    this.#index = headerIndex([...pairs(multiValueHeaders ?? headers), ...pairs({ cookie: cookies })]);
    return this.#index;
  }
  /** Version 1.0 has its query decoded. */
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

  /** The answer that this form of request wants. */
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

/** A named stage is a part of the path that the caller sees and the function does not know. */
function withoutStage(path: string, stage: unknown): string {
  if (stage === '$default' || typeof stage !== 'string') return path;
  const prefix = `/${stage}`;
  return path === prefix || path.startsWith(`${prefix}/`) ? path.slice(prefix.length) || '/' : path;
}

/** Every name with each of its values; what is no text is left out. */
function pairs(record: Multi): [string, string][] {
  return Object.entries(record ?? {}).flatMap(([name, values]) =>
    [values].flat().flatMap((value): [string, string][] => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

/** Most headers have one value each, and then the record goes out as it is. */
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
 * A load balancer without multi-value headers takes one value a name. Names that differ in case are different names to
 * it and the same to a browser, so each cookie gets a spelling of its own.
 */
function spelt(cookies: readonly string[]): Record<string, string> {
  return Object.fromEntries(cookies.map((value, index) => [spelling(index), value]));
}

/** The letters of the name from its end are the bits of the number. */
function spelling(index: number): string {
  return Array.from('set-cookie', (letter, at) => ((index >> (9 - at)) & 1 ? letter.toUpperCase() : letter)).join('');
}
