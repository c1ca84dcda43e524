import { defineFunction, queue, reject, retryLater } from '@tradewind/core';
import { z } from 'zod';

/** What a message asks the function to do. */
export const Job = z.object({
  id: z.string(),
  does: z.enum(['good', 'throw', 'later', 'poison', 'slow', 'transient', 'die', 'never']),
});

/** Where the function records that a message was handled. */
export interface Ledger {
  done(id: string): void;
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** A function that does what its messages ask for. */
export function jobs(ledger: Ledger, more: { timeout?: number } = {}) {
  return defineFunction
    .logger(quiet)('jobs', queue({ queue: 'orders', data: Job, ...more }))
    .handle(async ({ data }, { deliveryAttempt = 1, signal }) => {
      const { id, does } = data;
      if (does === 'throw') throw new Error('it does not work');
      if (does === 'poison') throw reject('poison');
      if (does === 'later' && deliveryAttempt === 1) throw retryLater({ after: 1_000 });
      if (does === 'transient' && deliveryAttempt === 1) throw new Error('not this time');
      if (does === 'die' && deliveryAttempt === 1) process.kill(process.pid, 'SIGKILL');
      if (does === 'never') await new Promise(() => setTimeout(() => {}, 60_000));
      if (does === 'slow') {
        await new Promise((resolve) => setTimeout(resolve, 5_000));
        if (signal.aborted) return;
      }
      ledger.done(id);
    });
}
