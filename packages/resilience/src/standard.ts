import { checkOptions, mustBe } from '@tradewind/core/adapter';
import { type CircuitBreakerOptions, circuitBreaker, type SharedBreakerOptions } from './circuit/breaker.js';
import { compose } from './compose.js';
import type { Policy } from './policy.js';
import { retry } from './retry.js';
import { timeout } from './timeout.js';

/** Options of {@link standard}. */
export interface StandardOptions {
  /** The name of the called service. */
  readonly name: string;
  /** The store that instances share the circuit in. Default: each instance has its own circuit. */
  readonly store?: SharedBreakerOptions['store'];
}

/**
 * The usual policy for calls to another service: 30 seconds in total, three attempts with waits that double, a circuit
 * that opens for 15 seconds if half of at least ten calls within 30 seconds have failed, and ten seconds per attempt.
 *
 * @throws FunctionError `misconfigured` if an option is invalid.
 *
 * @example
 * ```ts
 * import { resilientFetch, standard } from '@tradewind/resilience';
 *
 * export const stock = resilientFetch(standard({ name: 'stock' }));
 * ```
 */
export function standard(options: StandardOptions): Policy {
  checkOptions('standard', options, ['name', 'store']);
  const { name, store } = options;
  mustBe('string', name, 'standard(...): `name`');
  const circuit: CircuitBreakerOptions = { name, window: { ms: 30_000 }, openFor: 15_000, ...(store && { store }) };
  return compose(timeout(30_000), retry({ name }), circuitBreaker(circuit), timeout(10_000));
}
