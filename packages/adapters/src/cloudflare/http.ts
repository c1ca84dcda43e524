import { type FinalResult, type HttpRequestEvent, isStream, sourceOf } from '@tradewind/core/adapter';
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
  /**
   * A clone while the body is unread, so that reading it leaves the body for parsing; afterwards one with the body
   * read.
   */
  protected override toRequest(): Request {
    if (this.native.bodyUsed) return super.toRequest();
    const copy = this.native.clone();
    // Cloning replaces the original's stream, and locks the one that `body` may have returned.
    this.raw = this.source();
    return copy;
  }
}

function encode({ status, headers, cookies, body }: FinalResult): Response {
  // The runtime refuses a stream that was already read, which the one that follows it would hide.
  if (isStream(body) && sourceOf(body) !== body) void new Response(sourceOf(body));
  return new Response((body ?? null) as BodyInit | null, { status, headers: toHeaders(headers, cookies) });
}
