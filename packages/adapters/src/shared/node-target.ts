import type { IncomingMessage } from 'node:http';
import { FunctionError } from '@tradewind/core';

/** What a request asks for. */
export interface Target {
  readonly path: string;
  /** The query, encoded, without the `?`. */
  readonly search: string;
  /** Undefined if the request names none. */
  readonly host: string | undefined;
}

/** A host name or address, and a port. Anything else could move the path of a URL that is made with it. */
const HOST = /^(?:[\w.~!$&'()*+,;=%-]*|\[[\da-f:.]+\])(?::\d*)?$/i;
/** A target with a host, which every server must accept, and which proxies send. */
const ABSOLUTE = /^https?:\/\/([^/?#]+)(\/[^?#]*)?(?:\?([^#]*))?$/i;

/**
 * Reads the target of a request, in either form (RFC 9112, 3.2).
 *
 * @throws FunctionError `bad_request` for an invalid target, or for a host that is invalid or sent twice.
 */
export function targetOf({ method, url = '/', headers, rawHeaders }: IncomingMessage): Target {
  let host = headers.host || undefined;
  if (isTwice(rawHeaders) || !isHost(host ?? ''))
    throw new FunctionError(
      'bad_request',
      'The request must have one Host header: a host, and a port if there is one.',
    );
  if ((url.startsWith('/') && !url.includes('#')) || (url === '*' && method === 'OPTIONS')) {
    const mark = url.indexOf('?');
    return mark === -1
      ? { path: url, search: '', host }
      : { path: url.slice(0, mark), search: url.slice(mark + 1), host };
  }
  const [found, authority = '', path = '/', search = ''] = ABSOLUTE.exec(url) ?? [];
  host = authority;
  if (found === undefined || !isHost(host)) {
    throw new FunctionError('bad_request', "The target of the request must be a path, such as '/orders', or a URL.");
  }
  return { path, search, host };
}

/** An empty one is valid. What no URL can have, such as the port 99999, is not. */
function isHost(host: string): boolean {
  return HOST.test(host) && (host === '' || URL.canParse(`http://${host}`));
}

/** Whether there are two Host headers, of which Node shows only the first. */
function isTwice(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count > 1;
}

/** The path of a request; undefined if its target or host is invalid. */
export function pathOf(message: IncomingMessage): string | undefined {
  try {
    return targetOf(message).path;
  } catch {
    return undefined;
  }
}
