import { type FinalResult, type HttpRequestEvent, isStream, sourceOf } from '@tradewind/core/adapter';
import { copyOf } from '../shared/stream.js';
import { toHeaders } from '../shared/web-headers.js';
import { WebRequestEvent } from '../shared/web-request.js';

/** HTTP on Workers: web-standard requests and responses. */
export const httpBinding: { readonly decode: typeof decode; readonly encode: typeof encode } = { decode, encode };

function decode(request: Request): HttpRequestEvent {
  return new WorkersRequest(request);
}

class WorkersRequest extends WebRequestEvent<Request> {
  protected override left(): AbortSignal {
    return this.native.signal;
  }
  /** With everything that is Cloudflare's own, such as `cf`, unless the body was read before. */
  protected override toRequest(): Request {
    const { native, method } = this;
    if (!native.body) return native.clone();
    if (native.bodyUsed || method === 'GET' || method === 'HEAD') return super.toRequest();
    return new Request(native, { body: copyOf(this) as BodyInit, duplex: 'half' } as RequestInit);
  }
}

function encode({ status, headers, cookies, body }: FinalResult): Response {
  // The runtime refuses a stream that was already read, which the one that follows it would hide.
  if (isStream(body) && sourceOf(body) !== body) void new Response(sourceOf(body));
  return new Response((body ?? null) as BodyInit | null, { status, headers: toHeaders(headers, cookies) });
}
