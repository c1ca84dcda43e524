import type { HttpTrigger } from '@tradewind/core';
import {
  type HttpRequestEvent,
  type InvocationContext,
  limited,
  type RawBody,
  toBase64,
} from '@tradewind/core/adapter';
import { exactText } from '../shared/text.js';
import { lambdaOnly } from './lambda-only.js';
import type { MiddyEvent } from './types.js';

/** The properties of a request, and of its client, that only API Gateway provides. */
const GATEWAY_ONLY = ['accountId', 'apiId', 'authentication', 'authorizer'];
const CLIENT_ONLY = ['sourceIp'];

/** A request in the format that middlewares read. */
export interface Read {
  readonly event: MiddyEvent;
  /** Why the body could not be read. Middlewares handle it like any other error. */
  readonly unread?: unknown;
}

/** Converts a request, and reads its body. */
export async function toMiddyEvent(event: HttpRequestEvent, context: InvocationContext): Promise<Read> {
  const { maxBodySize, path: route } = context.trigger as HttpTrigger;
  const { method, path } = event;
  const { raw, unread } = await readAhead(event, maxBodySize);
  const search = event.search();
  const headers = joined(event.pairs());
  const { cookie } = headers;
  const read: MiddyEvent = {
    version: '2.0',
    routeKey: `${method} ${route.replace(/:(\w+)/g, '{$1}')}`,
    rawPath: path,
    rawQueryString: search,
    // HTTP APIs pass cookies separately from the headers, but some middlewares look for them in the headers.
    headers,
    ...(cookie !== undefined && { cookies: cookie.split('; ') }),
    ...(search !== '' && { queryStringParameters: joined(new URLSearchParams(search)) }),
    ...(Object.keys(event.params).length > 0 && { pathParameters: { ...event.params } }),
    requestContext: requestContextOf(event, headers, context),
    ...bodyOf(raw, context),
  };
  if (unread === undefined) return { event: read };
  // Otherwise a body parser would blame the client for a missing body.
  Object.defineProperty(read, 'body', {
    get() {
      throw unread;
    },
  });
  return { event: read, unread };
}

/** Joins the values of a name, as HTTP APIs do. The client chooses the names, which may include `__proto__`. */
function joined(pairs: Iterable<[string, string]>): Record<string, string> {
  const all = new Map<string, string>();
  for (const [name, value] of pairs) {
    const before = all.get(name);
    all.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(all);
}

/** Lambda's own request context on Lambda, and the parts of it that exist on other platforms. */
function requestContextOf(
  { method, path }: HttpRequestEvent,
  { host, 'user-agent': userAgent }: Readonly<Record<string, string>>,
  { platform, native, invocationId }: InvocationContext,
): MiddyEvent['requestContext'] {
  const http = { method, path, ...(userAgent !== undefined && { userAgent }) };
  if (platform === 'lambda') {
    const { requestContext = {} } = native.event as { requestContext?: Gateway };
    const { sourceIp } = requestContext.identity ?? {};
    return { ...requestContext, http: requestContext.http ?? { ...http, ...(sourceIp !== undefined && { sourceIp }) } };
  }
  const context = { http, requestId: invocationId, stage: '$default', ...(host !== undefined && { domainName: host }) };
  lambdaOnly(context, GATEWAY_ONLY, 'event.requestContext', platform);
  lambdaOnly(http, CLIENT_ONLY, 'event.requestContext.http', platform);
  return context;
}

interface Gateway {
  readonly http?: { readonly method: string; readonly path: string };
  readonly identity?: { readonly sourceIp?: string };
}

/** Reads the body before parsing, and makes parsing use what was read. */
async function readAhead(event: HttpRequestEvent, limit: number): Promise<{ raw?: RawBody; unread?: unknown }> {
  try {
    if (event.raw === undefined) return {};
    const raw = await event.read(limit);
    event.raw = raw;
    event.read = (most) => limited(raw, most);
    return { raw };
  } catch (unread) {
    return { unread };
  }
}

/** As it arrived on Lambda. Elsewhere it is base64 if it is not text, since no gateway has decided what it is. */
function bodyOf(raw: RawBody, { platform, native }: InvocationContext): Pick<MiddyEvent, 'body' | 'isBase64Encoded'> {
  if (raw === undefined) return { isBase64Encoded: false };
  if (typeof raw === 'string') return { body: raw, isBase64Encoded: false };
  const isEncoded = platform === 'lambda' && (native.event as { isBase64Encoded?: boolean }).isBase64Encoded;
  const text = isEncoded ? undefined : exactText(raw);
  return text === undefined ? { body: toBase64(raw), isBase64Encoded: true } : { body: text, isBase64Encoded: false };
}
