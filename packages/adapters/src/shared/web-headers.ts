import type { FinalResult } from '@tradewind/core/adapter';

/** The headers of a result as the web has them, each of several values; its cookies too, where they have no place of their own. */
export function toHeaders(headers: FinalResult['headers'], cookies: FinalResult['cookies'] = []): Headers {
  const sent = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') sent.set(name, value);
    else for (const one of value) sent.append(name, one);
  }
  for (const cookie of cookies) sent.append('set-cookie', cookie);
  return sent;
}
