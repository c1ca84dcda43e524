import { checkOptions } from '@tradewind/core/adapter';
import { raced } from './bounded.js';
import type { Call } from './call.js';
import { mustBeNumber, mustBeWhole } from './checks.js';
import { told } from './observed.js';
import { begun, type Operation, type Policy, policyOf } from './policy.js';
import { RefusedError } from './refused.js';

/** Options of {@link bulkhead}. */
export interface BulkheadOptions {
  /** The name in errors and observed events. Default: `'bulkhead'`. */
  readonly name?: string;
  /** How many calls may run at once in this process. */
  readonly concurrency: number;
  /** How many more calls may wait; the rest are refused. Default: 0. */
  readonly queue?: number;
}

/** In ms: how often a waiting call on Workers checks whether it may start. */
const LOOK = 10;

interface Waiting {
  readonly begin: () => void;
}

/**
 * Limits how many calls run at once and how many wait, first come, first served. The rest are refused. A wait ends when
 * the call's signal aborts, and so does a call, which then leaves its place. On Workers, where a request must not wait for another request to end, waiting calls check
 * every 10 ms, in no particular order.
 *
 * @returns the policy. A refused call rejects at once with a RefusedError (`unavailable`), see `isRefused`.
 * @throws FunctionError `misconfigured` if an option is invalid.
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
  mustBeWhole(concurrency, 'bulkhead(...): `concurrency`');
  mustBeNumber(queue, 'bulkhead(...): `queue`', 0);
  let running = 0;
  let looking = 0;
  const waiting = new Set<Waiting>();

  const leave = (): void => {
    const [next] = waiting;
    if (!next) {
      running--;
      return;
    }
    // The next call takes over this place, so that no other call can take it in between.
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
    // A call that has ended leaves its place, even if its operation ignores the signal and goes on.
    const run = (): Promise<T> => {
      const begin = (): Promise<T> => begun(operation, call);
      const { abortable } = call;
      return (abortable ? raced(begin, abortable) : begin()).finally(leave);
    };
    if (running < concurrency) {
      running++;
      return run();
    }
    if (waiting.size + looking >= queue) {
      told('policy.refused', name, call, { policy: 'bulkhead' });
      const message = `The bulkhead '${name}' is full: ${concurrency} calls are running and ${queue} are waiting.`;
      return Promise.reject(new RefusedError('bulkhead', name, message));
    }
    return (call.context.platform === 'cloudflare' ? look(call) : turn(call)).then(run);
  });
}
