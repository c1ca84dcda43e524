import type { FinalResult } from '@tradewind/core/adapter';

/**
 * The headers of a result as web-standard `Headers`, including cookies on platforms that have no other place for them.
 */
export function toHeaders(headers: FinalResult['headers'], cookies: FinalResult['cookies'] = []): Headers {
  const sent = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') sent.set(name, value);
    else for (const one of value) sent.append(name, one);
  }
  for (const cookie of cookies) sent.append('set-cookie', cookie);
  return sent;
}
