import { FunctionError } from '@tradewind/core';
import { type BodySource, buildRequest, type FinalResult, HttpRequestEvent } from '@tradewind/core/adapter';
import { joined } from '../shared/http.js';
import type { AlbEvent, ApiGatewayV1Event, ApiGatewayV2Event } from './types.js';

type OneOf<T> = Readonly<Record<string, T | undefined>> | null | undefined;

/** A request on Lambda. Each form answers in its own: it knows its own members only. */
export abstract class LambdaRequest extends HttpRequestEvent {
  #index: Map<string, string> | undefined;
  protected abstract readonly native: { readonly body?: string | null; readonly isBase64Encoded: boolean };
  /** Every header, names as they came. */
  protected abstract nativePairs(): Iterable<[string, string]>;
  /** The answer that this form of request wants. */
  abstract answer(result: FinalResult, body: string, isBase64Encoded: boolean): object;

  header(name: string): string | undefined {
    return this.pairs().get(name);
  }
  pairs(): Map<string, string> {
    if (this.#index) return this.#index;
    const index = new Map<string, string>();
    for (const [anyCase, value] of this.nativePairs()) {
      const name = anyCase.toLowerCase();
      const before = index.get(name);
      index.set(name, before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`);
    }
    this.#index = index;
    return index;
  }
  protected source(): BodySource {
    const { body, isBase64Encoded } = this.native;
    if (typeof body !== 'string' || body === '') return undefined;
    return isBase64Encoded ? fromBase64(body) : body;
  }
  protected toRequest(body: BodySource): Request {
    const search = this.search();
    return buildRequest(
      `https://${this.header('host') ?? 'localhost'}${this.path}${search && `?${search}`}`,
      this,
      body,
    );
  }
}

/** `Buffer.from` takes any text and leaves out what is no base64; a body that is not what it says must not get through. */
function fromBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw new FunctionError('bad_request', 'The body is marked as base64 and is not.');
  }
  // A copy: a Buffer is another thing than what other platforms give, and shares its memory with other ones.
  return new Uint8Array(Buffer.from(text, 'base64'));
}

/** API Gateway's payload version 2.0, function URLs included. */
export class V2Request extends LambdaRequest {
  readonly method: string;
  readonly path: string;
  protected readonly native: ApiGatewayV2Event;
  constructor(event: ApiGatewayV2Event) {
    super();
    const { http, stage } = event.requestContext;
    this.native = event;
    this.method = http.method;
    // A named stage is a part of the path that the caller sees and the function does not know.
    this.path = stage === '$default' ? event.rawPath : withoutStage(event.rawPath, `/${stage}`);
  }
  /** The names are in lower case already, so most look-ups need no index. */
  override header(name: string): string | undefined {
    // What an object inherits is no string, so it is not taken for a header.
    const value = this.native.headers[name];
    return typeof value === 'string' ? value : super.header(name);
  }
  search(): string {
    return this.native.rawQueryString;
  }
  override cookieHeader(): string | undefined {
    return this.native.cookies?.join('; ') ?? this.header('cookie');
  }
  protected *nativePairs(): Iterable<[string, string]> {
    yield* single(this.native.headers);
    if (this.native.cookies) yield ['cookie', this.native.cookies.join('; ')];
  }
  answer({ status, headers, cookies }: FinalResult, body: string, isBase64Encoded: boolean): object {
    const answer = { statusCode: status, headers: singles(headers), body, isBase64Encoded };
    return cookies.length > 0 ? { ...answer, cookies } : answer;
  }
}

function withoutStage(path: string, stage: string): string {
  return path.startsWith(stage) && (path[stage.length] ?? '/') === '/' ? path.slice(stage.length) || '/' : path;
}

/** API Gateway's payload version 1.0, whose query comes decoded, and the load balancer's, whose query does not. */
export class V1Request extends LambdaRequest {
  readonly method: string;
  readonly path: string;
  protected readonly native: ApiGatewayV1Event | AlbEvent;
  constructor(event: ApiGatewayV1Event | AlbEvent) {
    super();
    this.native = event;
    this.method = event.httpMethod;
    this.path = event.path;
  }
  get #fromAlb(): boolean {
    return 'elb' in this.native.requestContext;
  }
  search(): string {
    const encode = this.#fromAlb ? (text: string) => text : (text: string) => encodeURIComponent(text.toWellFormed());
    const { multiValueQueryStringParameters: multi, queryStringParameters: one } = this.native;
    return [...(multi ? several(multi) : single(one))]
      .map(([name, value]) => `${encode(name)}=${encode(value)}`)
      .join('&');
  }
  protected nativePairs(): Iterable<[string, string]> {
    const { multiValueHeaders: multi, headers: one } = this.native;
    return multi ? several(multi) : single(one);
  }
  answer({ status, headers, cookies }: FinalResult, body: string, isBase64Encoded: boolean): object {
    const answer = { statusCode: status, body, isBase64Encoded };
    if (!this.#fromAlb) return { ...answer, multiValueHeaders: multiples(headers, cookies) };
    const statusDescription = `${status} ${status < 400 ? 'OK' : 'Error'}`;
    return this.native.multiValueHeaders
      ? { ...answer, statusDescription, multiValueHeaders: multiples(headers, cookies) }
      : { ...answer, statusDescription, headers: { ...singles(headers), ...spelt(cookies) } };
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

/** Most headers have one value each, and then the record goes out as it is. */
export function singles(headers: FinalResult['headers']): Readonly<Record<string, string>> {
  for (const name in headers) {
    if (typeof headers[name] !== 'string') {
      return Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, joined(value)]));
    }
  }
  return headers as Readonly<Record<string, string>>;
}

function multiples(headers: FinalResult['headers'], cookies: readonly string[]): Record<string, readonly string[]> {
  const multi: Record<string, readonly string[]> = {};
  for (const [name, value] of Object.entries(headers)) multi[name] = typeof value === 'string' ? [value] : value;
  if (cookies.length > 0) multi['set-cookie'] = cookies;
  return multi;
}

/**
 * A load balancer without multi-value headers takes one value a name. Names that differ in case are different names to
 * it and the same to a browser, so each cookie gets a spelling of its own.
 */
function spelt(cookies: readonly string[]): Record<string, string> {
  return Object.fromEntries(cookies.map((value, index) => [spelling(index), value]));
}

function spelling(index: number): string {
  let bit = 1;
  return 'set-cookie'.replace(/[a-z]/g, (letter) => {
    const upper = (index & bit) !== 0;
    bit <<= 1;
    return upper ? letter.toUpperCase() : letter;
  });
}
