import type { AnyFunction } from '@tradewind/core';
import { concat, type FinalResult, type HttpSource } from '@tradewind/core/adapter';
import { foreignEvent } from '../shared/functions.js';
import { joined } from '../shared/http.js';
import { V1Source, V2Source } from './http-source.js';
import type { AlbEvent, ApiGatewayV1Event, ApiGatewayV2Event } from './types.js';

/** Any event that an HTTP function on Lambda takes. */
export type LambdaHttpEvent = ApiGatewayV1Event | ApiGatewayV2Event | AlbEvent;

/** HTTP on Lambda: API Gateway's two payload versions, function URLs and the Application Load Balancer. */
export const httpBinding: { readonly decode: typeof decode; readonly encode: typeof encode } = { decode, encode };

function decode(event: unknown, fn: AnyFunction): HttpSource {
  if (isV2(event)) return new V2Source(event);
  if (isV1(event)) return new V1Source(event);
  throw foreignEvent(fn, 'AWS Lambda', 'an API Gateway, function URL or load balancer request', event);
}

function isV2(event: unknown): event is ApiGatewayV2Event {
  const { rawPath, rawQueryString, headers, body, requestContext } = (event ?? {}) as Partial<ApiGatewayV2Event>;
  return (
    typeof rawPath === 'string' &&
    typeof rawQueryString === 'string' &&
    typeof requestContext?.http?.method === 'string' &&
    isRecord(headers) &&
    isText(body)
  );
}

function isV1(event: unknown): event is ApiGatewayV1Event | AlbEvent {
  const { httpMethod, path, headers, body, requestContext } = (event ?? {}) as Partial<ApiGatewayV1Event>;
  return (
    typeof httpMethod === 'string' &&
    typeof path === 'string' &&
    isRecord(requestContext) &&
    (headers === undefined || headers === null || isRecord(headers)) &&
    isText(body)
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isText(body: unknown): boolean {
  return body === undefined || body === null || typeof body === 'string';
}

/** Answers in the form of the request: each of them knows its own members only. */
function encode(result: FinalResult, native: LambdaHttpEvent): unknown {
  const { body } = result;
  if (body === undefined || typeof body === 'string') return shape(result, native, body ?? '', false);
  if (body instanceof Uint8Array) return encodeBytes(result, native, body);
  return drain(body).then((bytes) => encodeBytes(result, native, bytes));
}

/**
 * Text is sent as text: a REST API hands base64 to the client as it is unless its media type is configured as binary.
 * A compressed text is not text.
 */
function encodeBytes(result: FinalResult, native: LambdaHttpEvent, bytes: Uint8Array): unknown {
  const type = joined(result.headers['content-type'] ?? '');
  if (result.headers['content-encoding'] === undefined && /^text\/|[/+](json|xml|javascript)\b/i.test(type)) {
    const text = toText(bytes);
    if (text !== undefined) return shape(result, native, text, false);
  }
  return shape(result, native, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'), true);
}

function toText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

async function drain(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream as unknown as AsyncIterable<Uint8Array | string>) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    chunks.push(bytes);
    length += bytes.byteLength;
  }
  return concat(chunks, length);
}

function shape({ status, headers, cookies }: FinalResult, native: LambdaHttpEvent, body: string, isBase64Encoded: boolean): unknown {
  if ('rawPath' in native) {
    const answer = { statusCode: status, headers: singles(headers), body, isBase64Encoded };
    return cookies.length > 0 ? { ...answer, cookies } : answer;
  }
  if (!('elb' in native.requestContext)) {
    return { statusCode: status, multiValueHeaders: multiples(headers, cookies), body, isBase64Encoded };
  }
  const statusDescription = `${status} ${status < 400 ? 'OK' : 'Error'}`;
  return native.multiValueHeaders
    ? { statusCode: status, statusDescription, multiValueHeaders: multiples(headers, cookies), body, isBase64Encoded }
    : { statusCode: status, statusDescription, headers: { ...singles(headers), ...spelt(cookies) }, body, isBase64Encoded };
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
