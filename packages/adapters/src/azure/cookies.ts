import type { AzureCookie } from './types.js';

/**
 * Converts a `Set-Cookie` value to Azure's cookie object, because of two `Set-Cookie` headers only one would arrive.
 * Azure encodes the value itself, so it is decoded here. Azure does not support `Partitioned`.
 *
 * @see https://learn.microsoft.com/azure/azure-functions/functions-reference-node#http-response
 */
export function toAzureCookie(setCookie: string): AzureCookie {
  const [pair = '', ...attributes] = setCookie.split(';');
  const [name, value] = halves(pair);
  const cookie: AzureCookie = { name, value: decoded(value) };
  for (const attribute of attributes) {
    const [key, text] = halves(attribute);
    const read = key.toLowerCase();
    if (Object.hasOwn(READ, read)) READ[read]?.(cookie, text);
  }
  return cookie;
}

const READ: Readonly<Record<string, (cookie: AzureCookie, text: string) => void>> = {
  domain: (cookie, text) => {
    cookie.domain = text;
  },
  path: (cookie, text) => {
    cookie.path = text;
  },
  expires: (cookie, text) => {
    const time = new Date(text);
    if (!Number.isNaN(time.getTime())) cookie.expires = time;
  },
  'max-age': (cookie, text) => {
    if (/^-?\d+$/.test(text)) cookie.maxAge = Number(text);
  },
  secure: (cookie) => {
    cookie.secure = true;
  },
  httponly: (cookie) => {
    cookie.httpOnly = true;
  },
  samesite: (cookie, text) => {
    const found = (['Strict', 'Lax', 'None'] as const).find((one) => one.toLowerCase() === text.toLowerCase());
    if (found) cookie.sameSite = found;
  },
};

function halves(text: string): [string, string] {
  const mark = text.indexOf('=');
  return mark === -1 ? [text.trim(), ''] : [text.slice(0, mark).trim(), text.slice(mark + 1).trim()];
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
