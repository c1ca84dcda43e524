import type { AnyEvent, Context, Layer, Next, Result } from '@tradewind/core';
import { compose } from './compose.js';
import type { Policy } from './policy.js';

/** What {@link resilience} adds to the context. */
export interface Attempted {
  /** The number of the attempt within this invocation, counted from 1. `deliveryAttempt` is the platform's count. */
  readonly attempt: number;
}

/**
 * Wraps everything further in with policies, the outermost first. `context.attempt` is the number of the attempt.
 * Inside a timeout or a hedge, `context.signal`, `deadline` and `remaining` belong to the attempt. `retryLater` and
 * `reject` pass through unchanged, and so does every result, whatever its status: only thrown errors count as failures.
 *
 * In a batch function it runs the whole batch again. Put policies around the calls in the handler instead.
 *
 * @throws FunctionError `misconfigured` if the order makes no sense, see {@link compose}.
 * @example
 * ```ts
 * import { defineFunction, queue } from '@tradewind/core';
 * import { resilience, retry, timeout } from '@tradewind/resilience';
 *
 * export const index = defineFunction('index', queue({ queue: 'pages' }))
 *   .use(resilience(retry({ attempts: 3 }), timeout(5_000)))
 *   .handle(async ({ data }, { attempt, log, signal }) => {
 *     log.info('Indexing.', { attempt });
 *     await fetch('https://search.example', { method: 'PUT', body: String(data), signal });
 *   });
 * ```
 */
export function resilience(...policies: readonly Policy[]): Layer<AnyEvent, Context, Attempted> {
  const policy = compose(...policies);
  return (_event, context, next: Next): Promise<Result<Attempted>> =>
    policy((call) => {
      const { attempt } = call;
      if (!call.isNarrowed) return next({ attempt });
      const { signal, deadline, remaining } = call;
      return next({ attempt, signal, deadline, abortAt: deadline, remaining });
    }, context);
}
