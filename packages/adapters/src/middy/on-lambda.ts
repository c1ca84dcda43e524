import { spelled } from './header-names.js';
import { headersOf } from './response.js';
import type { MiddyResponse } from './types.js';

/**
 * A response in a service's own format as a handler of middy would have returned it: each header that has one value is in
 * `headers`, a copy of its own, since responses share theirs.
 */
export function shown(answer: unknown): unknown {
  const { headers, multiValueHeaders, ...rest } = Object(answer) as MiddyResponse;
  if (!headers && !multiValueHeaders) return answer;
  const several = Object.entries(multiValueHeaders ?? {}).filter(([, values]) => values?.length !== 1);
  const single = Object.entries(multiValueHeaders ?? {}).flatMap(([name, values]) =>
    values?.length === 1 ? [[name, values[0]] as const] : [],
  );
  const all = [...Object.entries(headers ?? {}), ...single];
  return {
    ...rest,
    headers: Object.fromEntries(all.map(([name, value]) => [isCookie(name) ? name : spelled(name), value])),
    ...(several.length > 0 && { multiValueHeaders: Object.fromEntries(several) }),
  };
}

/** The response as the service takes it: with several values for each name if its event has them, and no name twice. */
export function unshown(response: unknown, event: unknown): unknown {
  const { headers, multiValueHeaders, ...rest } = Object(response) as MiddyResponse;
  if (!headers && !multiValueHeaders) return response;
  if ((Object(event) as { multiValueHeaders?: unknown }).multiValueHeaders) {
    const all = headersOf({ headers: headers ?? {}, multiValueHeaders: multiValueHeaders ?? {} });
    return { ...rest, multiValueHeaders: Object.fromEntries(all) };
  }
  const last = new Map(Object.keys(headers ?? {}).map((name) => [isCookie(name) ? name : name.toLowerCase(), name]));
  const kept = Object.entries(headers ?? {}).filter(([name]) => [...last.values()].includes(name));
  return { ...(response as object), headers: Object.fromEntries(kept) };
}

/** A load balancer gets several cookies as several spellings of one name. */
function isCookie(name: string): boolean {
  return name.toLowerCase() === 'set-cookie';
}
