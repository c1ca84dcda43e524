import type { EnvProvider } from '../context/env-provider.js';
import { checkOptions, mustBe } from '../errors.js';
import type { AnyFunction } from '../function/define.js';
import type { Transport } from './transport.js';

/** What `on(fn, { ... })` configures where a function is deployed: transports, and providers of variables. */
export interface Wiring {
  /** Providers by variable name, for example for a secrets manager. A function without `.env(...)` fetches nothing. */
  readonly env?: Readonly<Record<string, EnvProvider>>;
  /**
   * The transports that the function's `sender`s use, by queue name, or by event type for an event.
   */
  readonly send?: Readonly<Record<string, Transport>>;
  /**
   * The sink for rejected messages. It receives the event, the errors, the attempt and the trace, see
   * `DeadLetter`. A message is done only after the sink has accepted it. Without a sink its delivery fails, until the
   * platform's redrive policy takes it.
   */
  readonly deadLetter?: Transport;
  /**
   * Implements `retryLater` on a platform that cannot delay: the message is sent again with a delay, and is then done.
   */
  readonly redeliver?: Transport;
}

/** For adapters: a copy of a function with its wiring. */
export function wired<Fn extends AnyFunction>(fn: Fn, wiring: Wiring): Fn {
  mustBe('function', fn?.run, 'on(...): the first argument must be a function made with .handle(...): its run');
  for (const name in wiring?.env) mustBe('function', wiring.env[name]?.read, `The provider of ${name}: its read`);
  return { ...fn, settings: { ...fn.settings, wiring } };
}

const NAMES = ['env', 'send', 'deadLetter', 'redeliver'];

/**
 * For adapters: what `on(fn, { ... })` does, which is `wired` with a check for JavaScript callers: a misspelt dead-letter sink
 * would be missed with the first rejection.
 *
 * @param more - the names that the platform's wiring has in addition.
 * @throws FunctionError `misconfigured`.
 */
export function deployed<Fn extends AnyFunction>(fn: Fn, wiring: Wiring, more: readonly string[] = []): Fn {
  checkOptions('on', wiring, [...NAMES, ...more]);
  const { send, deadLetter, redeliver } = wiring;
  for (const [name, transport] of Object.entries({ ...send, deadLetter, redeliver })) {
    if (transport !== undefined) mustBe('function', transport?.send, `on(...): the transport '${name}': its send`);
  }
  return wired(fn, wiring);
}
