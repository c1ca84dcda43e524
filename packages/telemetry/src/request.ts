import type { HttpEvent } from '@tradewind/core';
import type { InvocationContext } from '@tradewind/core/adapter';

/** Others must not make a name of their own each time. */
const KNOWN = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY'];

/** A method as OpenTelemetry has it: `_OTHER` for what is none that is known. */
export function knownMethod(method: string): string {
  return KNOWN.includes(method) ? method : '_OTHER';
}

/** What the client speaks, by the proxy in front; the platforms let nobody in by anything but TLS. */
export function schemeOf({ headers }: HttpEvent): 'http' | 'https' {
  return headers.get('x-forwarded-proto') === 'http' ? 'http' : 'https';
}

/** The function's path, where the request's is one of it. */
export function routeOf(event: HttpEvent, { trigger }: InvocationContext): { readonly route?: string } {
  const { path } = trigger as { readonly path?: string };
  const { matches = true } = event as { readonly matches?: boolean };
  return path !== undefined && matches ? { route: path } : {};
}
