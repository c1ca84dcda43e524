import { type CloudEvent, FunctionError } from '@tradewind/core';
import { emit, type InvocationContext, type Settlement } from '@tradewind/core/adapter';

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
  if (outcome === 'retryLater') {
    emit(() => ({
      type: 'delivery.downgraded',
      functionName: invocation.functionName,
      invocationId: invocation.invocationId,
      messageId: event.id,
      from: 'retryLater',
      to: 'retry',
      reason: noDelay,
    }));
  }
  throw error instanceof Error
    ? error
    : new FunctionError('internal', 'What was thrown is no error.', { cause: error });
}
