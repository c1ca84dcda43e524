import { type CloudEvent, FunctionError } from '@tradewind/core';
import { downgraded, type InvocationContext, type Settlement } from '@tradewind/core/adapter';

/**
 * Says what became of the one event of an invocation, on a platform that knows success and failure only: what is not done
 * is thrown.
 *
 * @param noDelay - why the platform cannot keep a delay.
 */
export function settle(
  { done, outcome, error }: Settlement,
  event: CloudEvent,
  invocation: InvocationContext,
  noDelay: string,
): void {
  if (done) return;
  if (outcome === 'retryLater') downgraded(invocation, event.id, 'retry', noDelay);
  throw error instanceof Error
    ? error
    : new FunctionError('internal', 'What was thrown is no error.', { cause: error });
}
