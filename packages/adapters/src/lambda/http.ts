import type { AnyFunction } from '@tradewind/core';
import { concat, type FinalResult } from '@tradewind/core/adapter';
import { foreignEvent } from '../shared/functions.js';
import { joined } from '../shared/http.js';
import { type LambdaRequest, V1Request, V2Request } from './http-request.js';
import type { AlbEvent, ApiGatewayV1Event, ApiGatewayV2Event } from './types.js';

/** HTTP on Lambda: API Gateway's two payload versions, function URLs and the Application Load Balancer. */
export const httpBinding: { readonly decode: typeof decode; readonly encode: typeof encode } = { decode, encode };

function decode(event: unknown, fn: AnyFunction): LambdaRequest {
  if (isV2(event)) return new V2Request(event);
  if (isV1(event)) return new V1Request(event);
  throw foreignEvent(fn, 'AWS Lambda', 'an API Gateway, function URL or load balancer request', event);
}

function isV2(event: unknown): event is ApiGatewayV2Event {
  const { rawPath, rawQueryString, cookies, headers, body, requestContext } = (event ??
    {}) as Partial<ApiGatewayV2Event>;
  return (
    typeof rawPath === 'string' &&
    typeof rawQueryString === 'string' &&
    typeof requestContext?.http?.method === 'string' &&
    isRecord(headers) &&
    (cookies === undefined || cookies === null || isTexts(cookies)) &&
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

function isTexts(values: unknown): boolean {
  return Array.isArray(values) && values.every((value) => typeof value === 'string');
}

function isText(body: unknown): boolean {
  return body === undefined || body === null || typeof body === 'string';
}

function encode(result: FinalResult, request: LambdaRequest): unknown {
  const { body } = result;
  if (body === undefined || typeof body === 'string') return request.answer(result, body ?? '', false);
  if (body instanceof Uint8Array) return encodeBytes(result, request, body);
  return drain(body).then((bytes) => encodeBytes(result, request, bytes));
}

/**
 * Text is sent as text: a REST API hands base64 to the client as it is unless its media type is configured as binary.
 * A compressed text is not text.
 */
function encodeBytes(result: FinalResult, request: LambdaRequest, bytes: Uint8Array): unknown {
  const type = joined(result.headers['content-type'] ?? '');
  if (result.headers['content-encoding'] === undefined && /^text\/|[/+](json|xml|javascript)\b/i.test(type)) {
    const text = toText(bytes);
    if (text !== undefined) return request.answer(result, text, false);
  }
  return request.answer(result, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'), true);
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
