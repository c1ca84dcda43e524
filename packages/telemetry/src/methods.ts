/** Others must not make a name of their own each time. */
const KNOWN = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY'];

/** A method as OpenTelemetry has it: `_OTHER` for what is none that is known. */
export function knownMethod(method: string): string {
  return KNOWN.includes(method) ? method : '_OTHER';
}
