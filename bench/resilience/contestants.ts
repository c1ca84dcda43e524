// The same policies around the same operation, with each library.
import { circuitBreaker, compose, constant, retry, timeout } from '@tradewind/resilience';
import {
  ConsecutiveBreaker,
  ConstantBackoff,
  circuitBreaker as cockatielBreaker,
  retry as cockatielRetry,
  timeout as cockatielTimeout,
  handleAll,
  SamplingBreaker,
  TimeoutStrategy,
  wrap,
} from 'cockatiel';
import CircuitBreaker from 'opossum';
import pRetry from 'p-retry';

/** The protected operation; it gets a signal if the library provides one. */
export type Operation = (signal?: AbortSignal) => Promise<number>;
/** A protected call. */
export type Guarded = (operation: Operation, signal?: AbortSignal) => Promise<number>;

/** In ms. */
const TIME = 10_000;
const FAILURES = 5;
const OPEN_FOR = 30_000;

/**
 * A hand-written solution: three tries, and a circuit that opens after five consecutive failures. No jitter, deadline
 * or abort.
 */
const byHand = (): Guarded => {
  let failures = 0;
  let until = 0;
  const attempt = (operation: Operation, left: number): Promise<number> =>
    operation().then(
      (value) => {
        failures = 0;
        return value;
      },
      (error) => {
        if (++failures >= FAILURES) until = Date.now() + OPEN_FOR;
        if (left === 0) throw error;
        return attempt(operation, left - 1);
      },
    );
  return (operation) => {
    if (failures >= FAILURES && Date.now() < until) return Promise.reject(new Error('open'));
    return attempt(operation, 2);
  };
};

const tradewind =
  (policy: ReturnType<typeof retry>): Guarded =>
  (operation, signal) =>
    signal ? policy((call) => operation(call.signal), signal) : policy(operation as () => Promise<number>);

const opossum = (options: object): Guarded => {
  const breaker = new CircuitBreaker((operation: Operation) => operation(), options);
  return (operation) => breaker.fire(operation);
};

const cockatiel =
  (policy: { execute(run: () => Promise<number>, signal?: AbortSignal): Promise<number> }): Guarded =>
  (operation, signal) =>
    policy.execute(operation, signal);

const retrying = () => cockatielRetry(handleAll, { maxAttempts: 2, backoff: new ConstantBackoff(1_000) });
const breaking = () =>
  cockatielBreaker(handleAll, { halfOpenAfter: OPEN_FOR, breaker: new ConsecutiveBreaker(FAILURES) });

/** A contestant; each call makes a new one. */
export const CONTESTANTS: Readonly<Record<string, () => Guarded>> = {
  bare: () => (operation) => operation(),
  'by hand: retry, circuit': byHand,
  'tradewind: retry': () => tradewind(retry()),
  'tradewind: circuit': () => tradewind(circuitBreaker({ name: 'x' })),
  'tradewind: retry, circuit': () => tradewind(compose(retry(), circuitBreaker({ name: 'x' }))),
  'tradewind: retry, circuit over time': () =>
    tradewind(compose(retry(), circuitBreaker({ name: 'x', window: { ms: OPEN_FOR } }))),
  'tradewind: timeout': () => tradewind(timeout(TIME)),
  'tradewind: retry, circuit, timeout': () => tradewind(compose(retry(), circuitBreaker({ name: 'x' }), timeout(TIME))),
  'cockatiel: retry': () => cockatiel(retrying()),
  'cockatiel: circuit': () => cockatiel(breaking()),
  'cockatiel: retry, circuit': () => cockatiel(wrap(retrying(), breaking())),
  'cockatiel: retry, circuit over time': () => {
    const breaker = new SamplingBreaker({ threshold: 0.5, duration: OPEN_FOR });
    return cockatiel(wrap(retrying(), cockatielBreaker(handleAll, { halfOpenAfter: OPEN_FOR, breaker })));
  },
  'cockatiel: timeout': () => cockatiel(cockatielTimeout(TIME, TimeoutStrategy.Aggressive)),
  'cockatiel: retry, circuit, timeout': () =>
    cockatiel(wrap(retrying(), breaking(), cockatielTimeout(TIME, TimeoutStrategy.Aggressive))),
  'p-retry: retry': () => (operation) => pRetry(() => operation(), { retries: 2 }),
  'opossum: circuit': () => opossum({ timeout: false }),
  'opossum: circuit, timeout': () => opossum({ timeout: TIME }),
};

/** Three tries with a wait in between, for operations that fail. */
export const RETRIES: Readonly<Record<string, (wait: number) => Guarded>> = {
  tradewind: (wait) => tradewind(retry({ attempts: 3, backoff: constant(wait) })),
  cockatiel: (wait) => cockatiel(cockatielRetry(handleAll, { maxAttempts: 2, backoff: new ConstantBackoff(wait) })),
  'p-retry': (wait) => (operation, signal) =>
    pRetry(() => operation(signal), { retries: 2, minTimeout: wait, factor: 1, ...(signal && { signal }) }),
};
