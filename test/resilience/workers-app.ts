import { cloudflare } from '@tradewind/adapters/cloudflare';
import { defineFunction, http, json } from '@tradewind/core';
import {
  bulkhead,
  circuitBreaker,
  compose,
  hedge,
  isRefused,
  memoryBreakerStore,
  retry,
  standard,
  timeout,
} from '@tradewind/resilience';

// All made at import, where workerd has no clock, timers or random numbers.
const policies = {
  standard: standard({ name: 'all', store: memoryBreakerStore() }),
  retry: retry({ attempts: 3, backoff: () => 5 }),
  timeout: compose(retry({ attempts: 2, backoff: () => 1 }), timeout(20)),
  hedge: hedge({ after: 10, idempotent: true }),
  bulkhead: bulkhead({ name: 'one', concurrency: 1, queue: 50 }),
  circuit: circuitBreaker({ name: 'own', window: { ms: 10_000, minimum: 2 }, openFor: 50 }),
};
const running = new Map<string, number>();
/** Counts the operations that run in a policy: a request that has been answered must leave none. */
const count = (policy: string, by: number): number => {
  running.set(policy, (running.get(policy) ?? 0) + by);
  return running.get(policy) ?? 0;
};

const call = defineFunction('call', http({ method: 'GET', path: '/:policy/:how' })).handle(
  async ({ params: { policy, how } }, context) => {
    const guard = policies[policy as keyof typeof policies];
    try {
      const value = await guard(async ({ attempt, signal }) => {
        const now = count(policy, 1);
        try {
          const ms = how === 'slow' && attempt === 1 ? 60 : 1;
          await new Promise((resolve) => setTimeout(resolve, ms));
          signal.throwIfAborted();
          if (how === 'down' || (how === 'first' && attempt === 1)) throw new Error('down');
          return { attempt, running: now };
        } finally {
          count(policy, -1);
        }
      }, context);
      return json(200, value);
    } catch (error) {
      return json(isRefused(error) ? 503 : 500, String(error));
    }
  },
);

export default cloudflare(call);
