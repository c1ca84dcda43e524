import type { InvocationContext } from '../context/context.js';
import { emit } from '../observe.js';

/**
 * For adapters: informs the observers that a delay could not be kept.
 *
 * @param to - what happens instead: a plain retry, or a shorter delay in ms.
 */
export function downgraded(
  { functionName, invocationId }: InvocationContext,
  messageId: string,
  to: 'retry' | number,
  reason: string,
  from: 'retryLater' | 'send' = 'retryLater',
): void {
  emit(() => ({ type: 'delivery.downgraded', functionName, invocationId, messageId, from, to, reason }));
}
