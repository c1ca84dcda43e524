import { FunctionError } from '@tradewind/core';
import type { BodySource, HttpSource } from '@tradewind/core/adapter';
import type { AlbEvent, ApiGatewayV1Event, ApiGatewayV2Event } from './types.js';

type OneOf<T> = Readonly<Record<string, T | undefined>> | null | undefined;

/** What API Gateway's and the load balancer's requests share. */
abstract class LambdaSource implements HttpSource {
  abstract readonly method: string;
  abstract readonly path: string;
  abstract search(): string;
  abstract cookies(): string | undefined;
  protected abstract readonly raw: { readonly body?: string | null; readonly isBase64Encoded: boolean };
  /** Every header, names as they came. */
  protected abstract pairs(): Iterable<[string, string]>;
  #headers: Map<string, string> | undefined;

  header(name: string): string | undefined {
    return this.index().get(name);
  }
  headers(): Iterable<[string, string]> {
    return this.index();
  }
  protected index(): Map<string, string> {
    if (!this.#headers) {
      this.#headers = new Map();
      for (const [anyCase, value] of this.pairs()) {
        const name = anyCase.toLowerCase();
        const before = this.#headers.get(name);
        this.#headers.set(name, before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`);
      }
    }
    return this.#headers;
  }
  body(): BodySource {
    const { body, isBase64Encoded } = this.raw;
    if (typeof body !== 'string' || body === '') return undefined;
    return isBase64Encoded ? fromBase64(body) : body;
  }
  request(body: BodySource): Request {
    const { method } = this;
    const host = this.header('host') ?? 'localhost';
    const search = this.search();
    return new Request(`https://${host}${this.path}${search && `?${search}`}`, {
      method,
      headers: [...this.headers()],
      body: method === 'GET' || method === 'HEAD' ? null : ((body ?? null) as BodyInit | null),
    });
  }
}

/** `Buffer.from` takes any text and leaves out what is no base64; a body that is not what it says must not get through. */
function fromBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw new FunctionError('bad_request', 'The body is marked as base64 and is not.');
  }
  return Buffer.from(text, 'base64');
}

/** API Gateway's payload version 2.0, function URLs included. */
export class V2Source extends LambdaSource {
  readonly method: string;
  readonly path: string;
  protected readonly raw: ApiGatewayV2Event;
  constructor(event: ApiGatewayV2Event) {
    super();
    const { http, stage } = event.requestContext;
    this.raw = event;
    this.method = http.method;
    // A named stage is a part of the path that the caller sees and the function does not know.
    const prefix = `/${stage}`;
    const { rawPath } = event;
    const staged = stage !== '$default' && rawPath.startsWith(prefix) && (rawPath[prefix.length] ?? '/') === '/';
    this.path = staged ? rawPath.slice(prefix.length) || '/' : rawPath;
  }
  /** The names are in lower case already, so most look-ups need no index. */
  override header(name: string): string | undefined {
    const { headers } = this.raw;
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
    return typeof value === 'string' ? value : super.header(name);
  }
  search(): string {
    return this.raw.rawQueryString;
  }
  cookies(): string | undefined {
    return this.raw.cookies?.join('; ') ?? this.header('cookie');
  }
  protected *pairs(): Iterable<[string, string]> {
    yield* single(this.raw.headers);
    if (this.raw.cookies) yield ['cookie', this.raw.cookies.join('; ')];
  }
}

/** API Gateway's payload version 1.0, whose query comes decoded, and the load balancer's, whose query does not. */
export class V1Source extends LambdaSource {
  readonly method: string;
  readonly path: string;
  protected readonly raw: ApiGatewayV1Event | AlbEvent;
  constructor(event: ApiGatewayV1Event | AlbEvent) {
    super();
    this.raw = event;
    this.method = event.httpMethod;
    this.path = event.path;
  }
  search(): string {
    const encode = 'elb' in this.raw.requestContext ? (text: string) => text : encodeURIComponent;
    const { multiValueQueryStringParameters: multi, queryStringParameters: one } = this.raw;
    return [...(multi ? several(multi) : single(one))].map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  }
  cookies(): string | undefined {
    return this.header('cookie');
  }
  protected pairs(): Iterable<[string, string]> {
    const { multiValueHeaders: multi, headers: one } = this.raw;
    return multi ? several(multi) : single(one);
  }
}

function* single(record: OneOf<string>): Iterable<[string, string]> {
  for (const [name, value] of Object.entries(record ?? {})) if (typeof value === 'string') yield [name, value];
}

function* several(record: OneOf<readonly string[]>): Iterable<[string, string]> {
  for (const [name, values] of Object.entries(record ?? {})) {
    if (!Array.isArray(values)) continue;
    for (const value of values) if (typeof value === 'string') yield [name, value];
  }
}
