import { misconfigured } from '../errors.js';
import { decodePercent } from './percent.js';

/** The attributes of a cookie (RFC 6265bis). */
export interface CookieAttributes {
  readonly domain?: string;
  /** Default: `/`. */
  readonly path?: string;
  readonly expires?: Date;
  /** In seconds, as in the header. */
  readonly maxAge?: number;
  /** Default: true. */
  readonly httpOnly?: boolean;
  /** Default: true. */
  readonly secure?: boolean;
  /** Default: `Lax`. */
  readonly sameSite?: 'Strict' | 'Lax' | 'None';
  readonly partitioned?: boolean;
}

const NAME = /^[!#$%&'*+\-.^_`|~\w]+$/;
const ATTRIBUTE = /^[\x20-\x3a\x3c-\x7e]*$/;

/**
 * Makes a `Set-Cookie` value for the `cookies` of a result. The value is percent-encoded. Defaults: `HttpOnly`,
 * `Secure`, `SameSite=Lax` and `Path=/`.
 *
 * @throws FunctionError `misconfigured` for an invalid name or attribute.
 * @see https://www.rfc-editor.org/rfc/rfc6265
 * @example
 * ```ts
 * import { cookie, json } from '@tradewind/core';
 *
 * json(200, { ok: true }, { cookies: [cookie('session', 'abc', { maxAge: 3600 })] });
 * ```
 */
export function cookie(name: string, value: string, attributes: CookieAttributes = {}): string {
  const {
    domain,
    path = '/',
    expires,
    maxAge,
    httpOnly = true,
    secure = true,
    sameSite = 'Lax',
    partitioned,
  } = attributes;
  if (!NAME.test(name)) throw misconfigured(`cookie(...): ${JSON.stringify(name)} is not a valid cookie name.`);
  for (const text of [domain ?? '', path, sameSite]) {
    if (!ATTRIBUTE.test(text)) {
      throw misconfigured(`cookie(...): an attribute of '${name}' contains a character that is not allowed.`);
    }
  }
  if (maxAge !== undefined && !Number.isInteger(maxAge)) {
    throw misconfigured(`cookie(...): \`maxAge\` of '${name}' must be whole seconds; got ${maxAge}.`);
  }
  return [
    `${name}=${encodeURIComponent(value)}`,
    domain && `Domain=${domain}`,
    `Path=${path}`,
    expires && `Expires=${expires.toUTCString()}`,
    maxAge !== undefined && `Max-Age=${maxAge}`,
    httpOnly && 'HttpOnly',
    secure && 'Secure',
    `SameSite=${sameSite}`,
    partitioned && 'Partitioned',
  ]
    .filter(Boolean)
    .join('; ');
}

/** The cookies of a request. If a name occurs twice, the first one wins: browsers send the most specific one first. */
export function parseCookies(header: string): Readonly<Record<string, string>> {
  const cookies: Record<string, string> = Object.create(null);
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=');
    if (equals === -1) continue;
    const name = pair.slice(0, equals).trim();
    if (name === '' || name in cookies) continue;
    const value = pair.slice(equals + 1).trim();
    cookies[name] = decodePercent(value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value);
  }
  return cookies;
}
