import { checkOptions, FunctionError, isFunctionError, mustBe, mustBePositive } from '../errors.js';
import type { Awaitable } from '../thenable.js';
import type { InvocationContext } from './context.js';
import { hiding } from './hiding.js';
import { report } from './logger.js';
import { secretsOr } from './secrets.js';

/** Provides the value of a variable, see {@link envProvider}. Several functions can share one. */
export interface EnvProvider {
  /** For core: the value of the variable with this name. Not a promise while the value is cached. */
  read(name: string, context: InvocationContext): Awaitable<unknown>;
  /** For core: the value does not match the schema, so it is not cached for the full time. */
  doubt(context: InvocationContext): void;
}

/** Options of {@link envProvider}. */
export interface EnvProviderOptions {
  /** How long a value is cached, in ms. Default: 300,000 (five minutes). */
  readonly ttl?: number;
}

const FIVE_MINUTES = 300_000;
/** For how long no other invocation fetches while one does, and after a failure. In ms. */
const PAUSE = 10_000;

/**
 * Fetches a variable, for example from a secrets manager. The value is cached, and hidden from logs, error responses
 * and dead letters.
 *
 * When the `ttl` has passed, the next invocation fetches the value again, while others use the old one. If that fails,
 * the failure is logged, the old value is used, and the next attempt follows ten seconds later. If the very first fetch
 * fails, so does the invocation, with the code `unavailable`, and the next one tries again. A value that does not match
 * the function's schema is also fetched again after ten seconds.
 *
 * @param get - returns the value: a text, or whatever the function's schema accepts; undefined and null mean that there
 * is no value. It is awaited until the margin before the deadline; on a platform without a deadline it needs its own
 * time limit. If it throws a FunctionError, the message is reported; of any other error only the name.
 * @throws FunctionError `misconfigured` if `ttl` is not a number above 0, or for an unknown option.
 * @example
 * ```ts
 * import { lambda, on } from '@tradewind/adapters/lambda';
 * import { defineFunction, envProvider, queue } from '@tradewind/core';
 * import { z } from 'zod';
 *
 * const fn = defineFunction.env(z.object({ PAY_KEY: z.string() }));
 * const charge = fn('charge', queue({ queue: 'orders' })).handle((_event, { env }) => console.log(env.PAY_KEY.length));
 *
 * const payKey = envProvider(async ({ signal }) => (await fetch('http://localhost:8200/pay-key', { signal })).text());
 * export const handler = lambda(on(charge, { env: { PAY_KEY: payKey } }));
 * ```
 */
export function envProvider(
  get: (context: InvocationContext) => Awaitable<unknown>,
  options: EnvProviderOptions = {},
): EnvProvider {
  checkOptions('envProvider', options, ['ttl']);
  const { ttl = FIVE_MINUTES } = options;
  mustBe('function', get, 'envProvider(...): the first argument');
  mustBePositive(ttl, 'envProvider(...): `ttl`');
  let kept: { readonly value: unknown; readonly fetch: number } | undefined;
  let due = 0;
  let fetches = 0;

  // No promise is shared between invocations: on Workers a request cannot await I/O that another request started. A
  // value that arrives after the deadline is cached all the same: otherwise a slow store would never provide one.
  const fetched = async (context: InvocationContext): Promise<unknown> => {
    const fetch = ++fetches;
    const value = await get(context);
    secretsOr(hiding).hide(value);
    // A fetch that was started later has answered already: its value is the newer one.
    if (kept && kept.fetch > fetch) return kept.value;
    kept = { value, fetch };
    due = context.now() + ttl;
    return value;
  };
  const first = async (name: string, context: InvocationContext): Promise<unknown> => {
    try {
      return await context.inTime(fetched(context));
    } catch (error) {
      throw new FunctionError('unavailable', `The variable ${name} could not be fetched: ${reasonOf(error)}`);
    }
  };
  const again = async (old: unknown, name: string, context: InvocationContext): Promise<unknown> => {
    due = context.now() + PAUSE;
    try {
      return await context.inTime(fetched(context));
    } catch (error) {
      const message = `The variable ${name} could not be refreshed, so its old value is used: ${reasonOf(error)}`;
      report(context.log, 'warn', message, { variable: name });
      return old;
    }
  };
  return {
    read(name, context) {
      if (!kept) return first(name, context);
      return context.now() < due ? kept.value : again(kept.value, name, context);
    },
    doubt(context) {
      due = Math.min(due, context.now() + PAUSE);
    },
  };
}

/**
 * The message of a FunctionError, which quotes no value. Any other error may quote what was fetched, which is not known
 * as a secret yet. Of that error only the name is used, which distinguishes the errors of SDKs
 * (`AccessDeniedException`).
 */
function reasonOf(error: unknown): string {
  if (isFunctionError(error)) return error.message;
  try {
    const { name } = error as Error;
    return /^[A-Z]\w{2,59}$/.test(name) ? `${name}.` : 'Error.';
  } catch {
    return 'Error.';
  }
}
