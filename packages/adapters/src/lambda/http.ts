import { type AnyFunction, FunctionError, isFunctionError } from '@tradewind/core';
import type { FinalResult, InvocationContext } from '@tradewind/core/adapter';
import { toBase64 } from '../shared/base64.js';
import { foreignEvent } from '../shared/functions.js';
import { type Gather, joined } from '../shared/http.js';
import { checkUnread } from '../shared/node-stream.js';
import { readStream } from '../shared/stream.js';
import { exactText } from '../shared/text.js';
import { LambdaRequest } from './http-request.js';
import type { NativeRequest } from './types.js';

/** HTTP on Lambda: both API Gateway payload versions, function URLs and the Application Load Balancer. */
export const httpBinding: {
  readonly decode: typeof decode;
  readonly encode: typeof encode;
  readonly gather: Gather;
} = { decode, encode, gather };

/** Which version an event has, only its `version` says: an event of one may have the members of the other. */
function decode(event: unknown, fn: AnyFunction): LambdaRequest {
  const native = Object(event) as NativeRequest & { readonly methodArn?: unknown; readonly routeArn?: unknown };
  const { version, requestContext, body, methodArn, routeArn } = native;
  const isV2 = version === '2.0';
  const method = isV2 ? requestContext?.http?.method : native.httpMethod;
  const path = isV2 ? native.rawPath : native.path;
  if (
    typeof method === 'string' &&
    typeof path === 'string' &&
    typeof (body ?? '') === 'string' &&
    // The event of an authorizer also has a request's members, but must not be handled as a request.
    (methodArn ?? routeArn) === undefined
  ) {
    return new LambdaRequest(native, isV2, method, path);
  }
  throw foreignEvent(fn, 'AWS Lambda', 'an API Gateway, function URL or load balancer request', event);
}

function encode(result: FinalResult, request: LambdaRequest): unknown {
  const { body } = result;
  if (body === undefined || typeof body === 'string') return request.answer(result, body ?? '', false);
  return encodeBytes(result, request, body as Uint8Array);
}

/** In bytes: the largest response that Lambda accepts. */
const LARGEST = 6 * 1_048_576;

/** Reads a stream up to the deadline, so that one which does not end in time does not time out the invocation. */
async function gather(body: ReadableStream<Uint8Array>, context: InvocationContext): Promise<Uint8Array> {
  checkUnread({ body });
  try {
    return await readStream(body, LARGEST, (read) => context.inTime(read));
  } catch (error) {
    if (!isFunctionError(error) || error.code !== 'content_too_large') throw error;
    throw new FunctionError('internal', 'A response stream of more than 6 MiB requires lambdaStream(...).');
  }
}

/**
 * Sends text as text, because a REST API passes base64 on undecoded unless its media type is configured as binary.
 * Compressed text is sent as bytes.
 */
function encodeBytes(result: FinalResult, request: LambdaRequest, bytes: Uint8Array): unknown {
  const type = joined(result.headers['content-type'] ?? '');
  if (result.headers['content-encoding'] === undefined && /^text\/|[/+](json|xml|javascript)\b/i.test(type)) {
    const text = exactText(bytes);
    if (text !== undefined) return request.answer(result, text, false);
  }
  return request.answer(result, toBase64(bytes), true);
}
