import { checkOptions, mustBe } from '@tradewind/core/adapter';
import { type CircuitBreakerOptions, circuitBreaker, type SharedBreakerOptions } from './circuit/breaker.js';
import { compose } from './compose.js';
import type { Policy } from './policy.js';
import { retry } from './retry.js';
import { timeout } from './timeout.js';

/** What {@link standard} is given. */
export interface StandardOptions {
  /** What is called. */
  readonly name: string;
  /** Where instances share the circuit. Default: each has its own. */
  readonly store?: SharedBreakerOptions['store'];
}

/**
 * What a call to another service usually wants: 30 seconds in all, three attempts with waits that double, a circuit that opens
 * for 15 seconds where half of at least ten calls in 30 seconds have failed, and ten seconds an attempt.
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
  mustBe('string', name, 'The name of standard(...)');
  const circuit: CircuitBreakerOptions = { name, window: { ms: 30_000 }, openFor: 15_000, ...(store && { store }) };
  return compose(timeout(30_000), retry({ name }), circuitBreaker(circuit), timeout(10_000));
}
