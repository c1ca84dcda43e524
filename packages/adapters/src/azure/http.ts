import type { BodySource, FinalResult } from '@tradewind/core/adapter';
import { checkUnread } from '../shared/node-stream.js';
import { withoutPrefix } from '../shared/prefix.js';
import { copyOf, counted } from '../shared/stream.js';
import { toHeaders } from '../shared/web-headers.js';
import { WebRequestEvent } from '../shared/web-request.js';
import { WholeBody } from './body.js';
import { toAzureCookie } from './cookies.js';
import type { AzureHttpRequest, AzureHttpResponse } from './types.js';

/** HTTP on Azure: its own request and response types, which are close to the web-standard ones. */
export const httpBinding: { readonly decode: typeof decode; readonly encode: typeof encode } = { decode, encode };

/**
 * The host puts a prefix before every route: `/api`, unless host.json sets another one, and the function is not told
 * which.
 */
function decode(request: AzureHttpRequest, pattern: string): AzureRequest {
  return new AzureRequest(request, (path) => withoutPrefix(path, pattern));
}

class AzureRequest extends WebRequestEvent<AzureHttpRequest> {
  /** The body, if it is a stream that somebody may have begun to read. */
  whole: WholeBody | undefined;
  protected override source(): BodySource {
    const { body } = this.native;
    if (!body) return undefined;
    this.whole = new WholeBody(body as ReadableStream<Uint8Array>);
    return counted(this.whole.stream, this);
  }
  /** Not the host's own stream: what is too large must be drained too. */
  protected override unread(): BodySource {
    return this.raw;
  }
  protected override toRequest(): Request {
    return super.toRequest(copyOf(this));
  }
}

function encode(result: FinalResult, { whole }: AzureRequest): AzureHttpResponse {
  checkUnread(result);
  const { status, headers, cookies } = result;
  const body = whole?.isHalfRead ? afterwards(whole, result.body) : result.body;
  const response: AzureHttpResponse = { status, headers: toHeaders(headers), cookies: cookies.map(toAzureCookie) };
  if (body !== undefined) response.body = body as NonNullable<AzureHttpResponse['body']>;
  return response;
}

/** Has what is left of a request's body read, after the answer if that is a stream: it may be made from the body. */
function afterwards(whole: WholeBody, answer: FinalResult['body']): FinalResult['body'] {
  if (answer instanceof ReadableStream) return whole.before(answer);
  void whole.drain();
  return answer;
}
