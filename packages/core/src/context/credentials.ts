/** For packages: names of headers and query parameters that are not logged. Whoever reads one could act as the caller. */
export const CREDENTIAL: RegExp = /authoriz|cookie|passw|secret|token|jwt|oidc|\bsig|key$|^code$/i;

/** Headers, parameters or a query for logs: without credentials, and without the queries of URLs that are values. */
export function withoutCredentials(values: object): object {
  const shown: Record<string, unknown> = { ...values };
  for (const [name, value] of Object.entries(shown)) {
    if (CREDENTIAL.test(name)) shown[name] = '[redacted]';
    else if (typeof value === 'string') shown[name] = value.replace(/\?[^?]*=.*/s, '?[redacted]');
  }
  return shown;
}
