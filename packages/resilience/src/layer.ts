import type { AnyEvent, Context, Layer, Next, Result } from '@tradewind/core';
import { compose } from './compose.js';
import type { Policy } from './policy.js';

/** What {@link resilience} adds to the context. */
export interface Attempted {
  /** Which attempt of this invocation it is, counted from 1; `deliveryAttempt` counts the platform's. */
  readonly attempt: number;
}

/**
 * Puts policies around everything further in, the outermost first. Each attempt has its number in `context.attempt`, and in a
 * timeout or a hedge `context.signal`, `deadline` and `remaining` are the attempt's own. `retryLater` and `reject` pass
 * through untouched; so does a result, whatever its status is: an error is what is thrown.
 *
 * In a batch function it runs the whole batch again; put policies around the calls in the handler instead.
 *
 * @throws FunctionError `misconfigured` for an order that makes no sense, see {@link compose}.
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
