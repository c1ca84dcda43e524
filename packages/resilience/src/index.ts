/**
 * Policies for calls that may fail: retries, circuit breakers, timeouts, bulkheads, hedges and fallbacks, for plain
 * calls and as a layer of a function.
 *
 * @module
 */
export { type Backoff, constant, type ExponentialOptions, exponential } from './backoff.js';
export { type RetryBudget, type RetryBudgetOptions, retryBudget } from './budget.js';
export { type BulkheadOptions, bulkhead } from './bulkhead.js';
export type { Call, CallContext } from './call.js';
export {
  type CircuitBreaker,
  type CircuitBreakerOptions,
  type ConsecutiveBreakerOptions,
  type CountBreakerOptions,
  circuitBreaker,
  type SharedBreakerOptions,
  type TimeBreakerOptions,
} from './circuit/breaker.js';
export { type MemoryBreakerStoreOptions, memoryBreakerStore } from './circuit/memory.js';
export type { BreakerReport, BreakerRules, BreakerStore, SharedState } from './circuit/store.js';
export type { CountWindow, TimeWindow } from './circuit/window.js';
export { compose } from './compose.js';
export { type DeadLetterOptions, deadLetter } from './dead-letter.js';
export { type FallbackOptions, fallback } from './fallback.js';
export { type ResilientFetch, ResponseError, resilientFetch } from './fetch.js';
export { type HedgeOptions, hedge } from './hedge.js';
export { type Attempted, resilience } from './layer.js';
export type { CircuitState, PolicyEvents, PolicyPlace } from './observed.js';
export type { Operation, Part, Policy } from './policy.js';
export { isRefused, RefusedError } from './refused.js';
export { type RetryOptions, retry } from './retry.js';
export { type StandardOptions, standard } from './standard.js';
export { timeout } from './timeout.js';
