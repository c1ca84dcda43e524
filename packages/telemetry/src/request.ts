import type { Attributes } from '@opentelemetry/api';
import type { HttpEvent } from '@tradewind/core';
import type { InvocationContext } from '@tradewind/core/adapter';
import { ATTRIBUTES } from './attributes.js';

/** Others must not make a name of their own each time. */
const KNOWN = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY'];

/** A method as OpenTelemetry has it: `_OTHER` for what is none that is known. */
export function knownMethod(method: string): string {
  return KNOWN.includes(method) ? method : '_OTHER';
}

/**
 * What the client speaks: what the proxy in front says, or the request's own address. The clouds let nobody in by anything but TLS,
 * and a server of Node's has none of its own.
 */
export function schemeOf({ headers }: HttpEvent, { platform, native }: InvocationContext): 'http' | 'https' {
  const forwarded = headers.get('x-forwarded-proto');
  if (forwarded === 'http' || forwarded === 'https') return forwarded;
  if (platform === 'node') return 'http';
  // A fake invocation has no native one.
  const { url } = Object(native?.event) as { readonly url?: unknown };
  return typeof url === 'string' && url.startsWith('http:') ? 'http' : 'https';
}

/** The server that the client asked for, by the `Host` header. */
export function serverOf(host: string | null): Attributes {
  const [, address, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(host ?? '') ?? [];
  if (!address) return {};
  return { [ATTRIBUTES.host]: address, ...(port !== undefined && { [ATTRIBUTES.port]: Number(port) }) };
}

/** The function's path, where the request's is one of it. */
export function routeOf(event: HttpEvent, { trigger }: InvocationContext): { readonly route?: string } {
  const { path } = trigger as { readonly path?: string };
  const { matches = true } = event as { readonly matches?: boolean };
  return path !== undefined && matches ? { route: path } : {};
}
