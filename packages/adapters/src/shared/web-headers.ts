import type { FinalResult } from '@tradewind/core/adapter';

/** The headers of a result as the web has them, each of several values. */
export function toHeaders(headers: FinalResult['headers']): Headers {
  const sent = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') sent.set(name, value);
    else for (const one of value) sent.append(name, one);
  }
  return sent;
}
