import { FunctionError, isFunctionError, mustBe, mustBePositive } from '../errors.js';
import type { Awaitable } from '../thenable.js';
import type { InvocationContext } from './context.js';
import { hiding } from './hiding.js';
import { report } from './logger.js';
import { secretsOr } from './secrets.js';

/** Where the value of a variable comes from: what {@link envProvider} makes. One may be given to several functions. */
export interface EnvProvider {
  /** For core: the value of the variable with this name; at once while it is kept. */
  read(name: string, context: InvocationContext): Awaitable<unknown>;
  /** For core: what was read does not fit, so it is not kept for its whole time. */
  doubt(context: InvocationContext): void;
}

/** How long a value is kept. */
export interface EnvProviderOptions {
  /** In ms; then it is fetched again. Default: 300,000, five minutes. */
  readonly ttl?: number;
}

const FIVE_MINUTES = 300_000;
/** How long nobody else tries while one does, and after one that failed. */
const PAUSE = 10_000;

/**
 * A variable that is fetched: from a store of secrets, or from anywhere. Its value is kept, and hidden from logs, error
 * answers and dead letters from then on.
 *
 * When it has been kept for its time, the first invocation fetches it again, while others go on with the old one. So they
 * do when that fails, which is logged and tried again ten seconds later. Without a value from before the invocation
 * fails, as `unavailable`, and the next one tries again. A value that does not fit the function's schema is fetched again
 * after ten seconds, too.
 *
 * @param get - gives the value: a text, or what the function's schema takes; undefined and null are no value. It is
 * waited for until the margin before the deadline; on a platform without one, a limit of its own is wanted. A
 * FunctionError that it throws is told with its message, of any other error only the name.
 * @throws FunctionError `misconfigured` for a `ttl` that is no number above 0.
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
  { ttl = FIVE_MINUTES }: EnvProviderOptions = {},
): EnvProvider {
  mustBe('function', get, 'What gives the value of a variable');
  mustBePositive(ttl, 'ttl of a variable');
  let kept: { readonly value: unknown } | undefined;
  let due = 0;

  // No promise outlives its invocation: on Workers one request cannot wait for what another one began. What comes after
  // the deadline is kept all the same, so that a slow store does not stay without a value for ever.
  const fetched = async (context: InvocationContext): Promise<unknown> => {
    const value = await get(context);
    secretsOr(hiding).hide(value);
    kept = { value };
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
      const message = `The variable ${name} could not be fetched again, and its old value stays: ${reasonOf(error)}`;
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
 * What a FunctionError says, which quotes no value. Another error may quote what was fetched, and nobody knows yet what is
 * to be hidden: of that one only the name of its class, as vendors tell theirs apart (`AccessDeniedException`).
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
