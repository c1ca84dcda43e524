import type { Attributes } from '@opentelemetry/api';
import type { HttpEvent } from '@tradewind/core';
import type { InvocationContext } from '@tradewind/core/adapter';
import { ATTRIBUTES } from './attributes.js';

/** Other methods must not each create a new attribute value. */
const KNOWN = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY'];

/** The method as OpenTelemetry specifies it: `_OTHER` for an unknown one. */
export function knownMethod(method: string): string {
  return KNOWN.includes(method) ? method : '_OTHER';
}

/**
 * The client's scheme, as the proxy in front reports it, or that of the request's URL. The clouds accept nothing but TLS; a Node
 * server has no TLS of its own.
 */
export function schemeOf({ headers }: HttpEvent, { platform, native }: InvocationContext): 'http' | 'https' {
  const forwarded = headers.get('x-forwarded-proto');
  if (forwarded === 'http' || forwarded === 'https') return forwarded;
  if (platform === 'node') return 'http';
  // A fake invocation has no native event.
  const { url } = Object(native?.event) as { readonly url?: unknown };
  return typeof url === 'string' && url.startsWith('http:') ? 'http' : 'https';
}

/** The server's address and port, from the `Host` header. */
export function serverOf(host: string | null): Attributes {
  const [, address, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(host ?? '') ?? [];
  if (!address) return {};
  return { [ATTRIBUTES.host]: address, ...(port !== undefined && { [ATTRIBUTES.port]: Number(port) }) };
}

/** The function's path, if the request's path matches it. */
export function routeOf(event: HttpEvent, { trigger }: InvocationContext): { readonly route?: string } {
  const { path } = trigger as { readonly path?: string };
  const { matches = true } = event as { readonly matches?: boolean };
  return path !== undefined && matches ? { route: path } : {};
}
