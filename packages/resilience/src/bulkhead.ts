import { checkOptions } from '@tradewind/core/adapter';
import type { Call } from './call.js';
import { mustBeNumber, mustBeWhole } from './checks.js';
import { told } from './observed.js';
import { begun, type Operation, type Policy, policyOf } from './policy.js';
import { RefusedError } from './refused.js';

/** What {@link bulkhead} is given. */
export interface BulkheadOptions {
  /** For errors and for who observes. Default: `'bulkhead'`. */
  readonly name?: string;
  /** How many calls there may be at once in this process. */
  readonly concurrency: number;
  /** How many more may wait for their turn; the others are refused. Default: 0. */
  readonly queue?: number;
}

/** In ms: how often a call on Workers looks whether it may begin. */
const LOOK = 10;

interface Waiting {
  readonly begin: () => void;
}

/**
 * Lets so many calls run at once, and so many wait, first come, first served; the others are refused. A wait ends with the
 * call's signal. On Workers, where one request may not wait for another one's end, those that wait look every 10 ms, in no
 * order.
 *
 * @returns the policy: a call that it refuses rejects at once with a RefusedError (`unavailable`), see `isRefused`.
 * @throws FunctionError `misconfigured` where an option is none.
 * @example
 * ```ts
 * import { bulkhead } from '@tradewind/resilience';
 *
 * export const reports = bulkhead({ name: 'reports', concurrency: 4, queue: 20 });
 * ```
 */
export function bulkhead(options: BulkheadOptions): Policy {
  checkOptions('bulkhead', options, ['name', 'concurrency', 'queue']);
  const { name = 'bulkhead', concurrency, queue = 0 } = options;
  mustBeWhole(concurrency, 'concurrency of bulkhead(...)');
  mustBeNumber(queue, 'queue of bulkhead(...)', 0);
  let running = 0;
  let looking = 0;
  const waiting = new Set<Waiting>();

  const leave = (): void => {
    const [next] = waiting;
    if (!next) {
      running--;
      return;
    }
    // Its place is the one that is left, so that nobody takes it in between.
    waiting.delete(next);
    next.begin();
  };
  const turn = (call: Call): Promise<void> =>
    new Promise((resolve, reject) => {
      const { signal } = call;
      const stop = (): void => {
        waiting.delete(entry);
        reject(signal.reason);
      };
      const entry: Waiting = {
        begin: () => {
          signal.removeEventListener('abort', stop);
          resolve();
        },
      };
      if (signal.aborted) return stop();
      signal.addEventListener('abort', stop, { once: true });
      waiting.add(entry);
    });
  const look = async (call: Call): Promise<void> => {
    looking++;
    try {
      while (running >= concurrency) await call.clock.sleep(LOOK, call.signal);
      running++;
    } finally {
      looking--;
    }
  };

  return policyOf([{ kind: 'bulkhead' }], <T>(operation: Operation<T>, call: Call): Promise<T> => {
    const run = (): Promise<T> => begun(operation, call).finally(leave);
    if (running < concurrency) {
      running++;
      return run();
    }
    if (waiting.size + looking >= queue) {
      told('policy.refused', name, call, { policy: 'bulkhead' });
      const message = `The bulkhead '${name}' is full: ${concurrency} calls run, and ${queue} wait.`;
      return Promise.reject(new RefusedError('bulkhead', name, message));
    }
    return (call.context.platform === 'cloudflare' ? look(call) : turn(call)).then(run);
  });
}
