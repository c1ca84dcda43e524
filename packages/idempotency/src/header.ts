import { FunctionError, type HttpEvent } from '@tradewind/core';
import { checkOptions } from '@tradewind/core/adapter';

/** Options of `idempotencyKeyHeader(...)`. */
export interface IdempotencyKeyHeaderOptions {
  /** Whether a request without the header gets a 400. Default: true. */
  readonly required?: boolean;
  /** Whether the key must be a quoted string, as in the IETF draft. Default: false, so that a bare one is valid too. */
  readonly strict?: boolean;
}

const LONGEST = 255;
/** Enough for a key whose every character is escaped. */
const LONGEST_HEADER = 1_024;
/** A string of structured fields (RFC 8941, 3.3.3). */
const QUOTED = /^ *"((?:[ !#-[\]-~]|\\["\\])*)" *$/;
/** A bare key, as most clients send it: without commas, which join two headers, and without quotes. */
const BARE = /^ *([!#-+\--[\]-~]+) *$/;

/**
 * Reads a request's key from its `Idempotency-Key` header: 1 to 255 characters, bare, as most clients and APIs send it,
 * or as a quoted string (RFC 8941), as in the IETF draft. `abc` and `"abc"` are the same key.
 *
 * @returns a `key` for `idempotency(...)`. It throws a `bad_request` if the header is missing or invalid.
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 * @example
 * ```ts
 * import { defineFunction, http, json } from '@tradewind/core';
 * import { idempotency, idempotencyKeyHeader, memoryStore } from '@tradewind/idempotency';
 *
 * export const pay = defineFunction('pay', http({ method: 'POST', path: '/payments' }))
 *   .use(idempotency({ store: memoryStore(), key: idempotencyKeyHeader(), scope: 'global' }))
 *   .handle(() => json(201, { paid: true }));
 * ```
 */
export function idempotencyKeyHeader(
  options: IdempotencyKeyHeaderOptions = {},
): (event: HttpEvent) => string | undefined {
  checkOptions('idempotencyKeyHeader', options, ['required', 'strict']);
  const { required = true, strict = false } = options;
  const bare = strict ? '' : ', or one without a space, a comma or a quote,';
  const wanted = `a string in double quotes${bare} of 1 to ${LONGEST} ASCII characters, once`;
  const key = ({ headers }: HttpEvent): string | undefined => {
    const header = headers.get('idempotency-key');
    if (header === null) {
      if (!required) return undefined;
      throw new FunctionError('bad_request', `The header Idempotency-Key is missing. It must be ${wanted}.`);
    }
    // A long header must not reach the pattern, which recurses.
    const short = header.length <= LONGEST_HEADER ? header : '';
    const found = QUOTED.exec(short)?.[1]?.replace(/\\(.)/g, '$1') ?? (strict ? undefined : BARE.exec(short)?.[1]);
    if (found !== undefined && found.length > 0 && found.length <= LONGEST) return found;
    throw new FunctionError('bad_request', `The header Idempotency-Key is invalid. It must be ${wanted}.`);
  };
  ofRequests.add(key);
  return key;
}

const ofRequests = new WeakSet<object>();

/** Whether a `key` reads the header, so that it is for HTTP functions only. */
export function readsHeader(key: object | undefined): boolean {
  return key !== undefined && ofRequests.has(key);
}
