import type { HttpEvent } from '@tradewind/core';
import type { InvocationContext } from '@tradewind/core/adapter';

/** Other methods must not each create a new attribute value. */
const KNOWN = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY'];

/** The method as OpenTelemetry specifies it: `_OTHER` for an unknown one. */
export function knownMethod(method: string): string {
  return KNOWN.includes(method) ? method : '_OTHER';
}

/** The client's scheme, as the proxy in front reports it. The platforms accept nothing but TLS. */
export function schemeOf({ headers }: HttpEvent): 'http' | 'https' {
  return headers.get('x-forwarded-proto') === 'http' ? 'http' : 'https';
}

/** The function's path, if the request's path matches it. */
export function routeOf(event: HttpEvent, { trigger }: InvocationContext): { readonly route?: string } {
  const { path } = trigger as { readonly path?: string };
  const { matches = true } = event as { readonly matches?: boolean };
  return path !== undefined && matches ? { route: path } : {};
}
