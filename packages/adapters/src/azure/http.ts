import type { FinalResult } from '@tradewind/core/adapter';
import { checkUnread } from '../shared/node-stream.js';
import { withoutPrefix } from '../shared/prefix.js';
import { copyOf } from '../shared/stream.js';
import { toHeaders } from '../shared/web-headers.js';
import { WebRequestEvent } from '../shared/web-request.js';
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
  protected override toRequest(): Request {
    return super.toRequest(copyOf(this));
  }
}

function encode(result: FinalResult): AzureHttpResponse {
  checkUnread(result);
  const { status, headers, cookies, body } = result;
  const response: AzureHttpResponse = { status, headers: toHeaders(headers), cookies: cookies.map(toAzureCookie) };
  if (body !== undefined) response.body = body as NonNullable<AzureHttpResponse['body']>;
  return response;
}
