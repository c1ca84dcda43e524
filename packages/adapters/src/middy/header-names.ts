/** Names that are not written with one capital per part. */
const IRREGULAR: Readonly<Record<string, string>> = {
  etag: 'ETag',
  'content-md5': 'Content-MD5',
  'www-authenticate': 'WWW-Authenticate',
  'x-dns-prefetch-control': 'X-DNS-Prefetch-Control',
  'x-ua-compatible': 'X-UA-Compatible',
  'x-xss-protection': 'X-XSS-Protection',
};

/**
 * A header's name as handlers of middy write it, `Access-Control-Allow-Origin`: middlewares look for this spelling, and
 * would otherwise replace a header that is there, or leave one that they remove.
 */
export function spelled(name: string): string {
  const lower = name.toLowerCase();
  return IRREGULAR[lower] ?? lower.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}
