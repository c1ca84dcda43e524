import { checkOptions, misconfigured, mustBe, tagOf } from '../errors.js';
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

const ATTRIBUTES = ['domain', 'path', 'expires', 'maxAge', 'httpOnly', 'secure', 'sameSite', 'partitioned'];
const NAME = /^[!#$%&'*+\-.^_`|~\w]+$/;
const PATH = /^[\x20-\x3a\x3c-\x7e]*$/;
/** In bytes: the name and the value together, with the `=` between them, as they are sent. */
const LONGEST = 4_097;
const DOMAIN = /^\.?[a-z\d-]+(\.[a-z\d-]+)*$/i;

/**
 * Makes a `Set-Cookie` value for the `cookies` of a result. The value is percent-encoded. Defaults: `HttpOnly`,
 * `Secure`, `SameSite=Lax` and `Path=/`.
 *
 * @throws FunctionError `misconfigured` for an invalid name, value or attribute, and for a cookie that browsers would
 * drop: more than 4,096 bytes of name and encoded value, `SameSite=None` or `Partitioned` without `Secure`, or a name
 * such as `__Host-...` without what it promises.
 * @see https://www.rfc-editor.org/rfc/rfc6265
 * @example
 * ```ts
 * import { cookie, json } from '@tradewind/core';
 *
 * json(200, { ok: true }, { cookies: [cookie('session', 'abc', { maxAge: 3600 })] });
 * ```
 */
export function cookie(name: string, value: string, attributes: CookieAttributes = {}): string {
  checkOptions('cookie', attributes, ATTRIBUTES);
  const {
    domain,
    path = '/',
    expires,
    maxAge,
    httpOnly = true,
    secure = true,
    sameSite = 'Lax',
    partitioned = false,
  } = attributes;
  if (!NAME.test(name)) throw misconfigured(`cookie(...): ${JSON.stringify(name)} is not a valid cookie name.`);
  mustBe('string', value, `cookie(...): the value of '${name}'`);
  check(value.isWellFormed(), 'the value', 'not have half of a surrogate pair', name);
  const pair = `${name}=${encodeURIComponent(value)}`;
  check(pair.length <= LONGEST, 'name and value', 'have 4,096 bytes at most: browsers would drop it', name);
  const isHost = typeof domain === 'string' && DOMAIN.test(domain);
  check(isHost || domain === undefined, '`domain`', 'be a host name, such as shop.example', name);
  check(typeof path === 'string' && path.startsWith('/'), '`path`', "begin with '/'", name);
  check(PATH.test(path), '`path`', 'not have a character that is not allowed', name);
  for (const [attribute, { length }] of Object.entries({ domain: domain ?? '', path })) {
    check(length <= 1_024, `\`${attribute}\``, 'have 1,024 bytes at most: browsers would ignore it', name);
  }
  check(expires === undefined || isReadable(expires), '`expires`', 'be a Date from the year 1601 to 9999', name);
  check(maxAge === undefined || Number.isSafeInteger(maxAge), '`maxAge`', 'be whole seconds', name);
  check(['Strict', 'Lax', 'None'].includes(sameSite), '`sameSite`', "be 'Strict', 'Lax' or 'None'", name);
  for (const [flag, given] of Object.entries({ httpOnly, secure, partitioned })) {
    check(typeof given === 'boolean', `\`${flag}\``, 'be true or false', name);
  }
  const prefix = /^__(?:secure|http|host-http|host)-/i.exec(name)?.[0].toLowerCase() ?? '';
  needs(secure || !(prefix || partitioned || sameSite === 'None'), '`secure`: browsers would drop it', name);
  needs(httpOnly || !prefix.includes('http'), '`httpOnly` because of its prefix', name);
  const isOfHost = path === '/' && domain === undefined;
  needs(isOfHost || !prefix.includes('host'), "the path '/' and no `domain` because of its prefix", name);
  return [
    pair,
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

/** Whether clients can read a date: they require a year of four digits, and none before 1601. */
function isReadable(expires: Date): boolean {
  const year = tagOf(expires) === '[object Date]' ? expires.getUTCFullYear() : Number.NaN;
  return year >= 1601 && year <= 9999;
}

function check(isValid: boolean, attribute: string, rule: string, name: string): void {
  if (!isValid) throw misconfigured(`cookie(...): ${attribute} of '${name}' must ${rule}.`);
}

function needs(isGiven: boolean, what: string, name: string): void {
  if (!isGiven) throw misconfigured(`cookie(...): '${name}' needs ${what}.`);
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
