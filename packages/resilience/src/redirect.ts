/** As many as `fetch` follows. */
const MOST_REDIRECTS = 20;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** All that another origin gets: any other header may be a credential, whatever its name is. */
const HARMLESS = ['accept', 'accept-encoding', 'accept-language', 'cache-control', 'range', 'user-agent'];
/** Headers about a body, which are not sent without it. */
const OF_BODY = ['content-encoding', 'content-language', 'content-length', 'content-location', 'content-type'];

/** A request, apart from where it is sent. */
interface Sent {
  readonly method: string;
  readonly headers: Headers;
  readonly body: 'none' | 'again' | 'once';
}

/**
 * `fetch` whose redirects do not pass on what was meant for one origin: `fetch` itself removes only `Authorization` and
 * cookies, and sends API keys, an `Idempotency-Key` and the body to wherever the service points. Another origin gets a
 * GET or HEAD with harmless headers. Any other redirect to it is not followed, and is the response.
 *
 * @param isOnce - whether the body can be read only once.
 * @param told - called when a redirect is followed.
 */
export async function following(
  input: string | URL | Request,
  init: RequestInit,
  isOnce: boolean,
  told: () => void,
): Promise<Response> {
  const request = input instanceof Request ? input : undefined;
  const first = request ? request.clone() : input;
  if ((init.redirect ?? request?.redirect ?? 'follow') !== 'follow') return fetch(first, init);
  const isBare = (init.body ?? request?.body ?? null) === null;
  let sent: Sent = {
    method: (init.method ?? request?.method ?? 'GET').toUpperCase(),
    headers: new Headers(init.headers ?? request?.headers),
    body: isBare ? 'none' : isOnce ? 'once' : 'again',
  };
  let at = new URL(request?.url ?? String(input));
  let response = await fetch(first, { ...init, redirect: 'manual' });
  for (let count = 0; count < MOST_REDIRECTS; count++) {
    const to = targetOf(response, at);
    const next = to && redirected(sent, response.status, to.origin === at.origin);
    if (!next) break;
    told();
    response.body?.cancel().catch(() => {});
    const body = next.body === 'none' ? null : (init.body ?? request?.clone().body ?? null);
    // A stream, such as the body of a Request, needs `duplex`.
    const again = { ...init, method: next.method, headers: next.headers, body, redirect: 'manual', duplex: 'half' };
    response = await fetch(to, again as RequestInit);
    // A runtime may not allow it, which does no harm.
    Reflect.defineProperty(response, 'redirected', { value: true });
    [sent, at] = [next, to];
  }
  return response;
}

/** Where a response redirects to; undefined if it does not, or to something that no request can be sent to. */
function targetOf({ status, headers }: Response, from: URL): URL | undefined {
  const location = REDIRECTS.has(status) ? headers.get('location') : null;
  const to = location === null ? null : URL.parse(location, from);
  return to && /^https?:$/.test(to.protocol) && !to.username && !to.password ? to : undefined;
}

/** The request after a redirect (RFC 9110, 15.4); undefined if it must not be sent. */
function redirected({ method, headers, body }: Sent, status: number, isSameOrigin: boolean): Sent | undefined {
  const isRead = method === 'GET' || method === 'HEAD';
  const becomesGet = status === 303 ? !isRead : method === 'POST' && status < 303;
  const left = becomesGet ? 'none' : body;
  if (left === 'once' || !(isSameOrigin || ((isRead || becomesGet) && left === 'none'))) return undefined;
  const kept = [...headers].filter(([name]) =>
    isSameOrigin ? !(becomesGet && OF_BODY.includes(name)) : HARMLESS.includes(name),
  );
  return { method: becomesGet ? 'GET' : method, headers: new Headers(kept), body: left };
}
