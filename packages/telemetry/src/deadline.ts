import type { AnyEvent } from '@tradewind/core';
import type { InvocationContext } from '@tradewind/core/adapter';

/**
 * Tells of an invocation that has taken too long: core has answered for it, or has given the message back, and what its handler
 * comes to later counts for nothing.
 *
 * @returns stops it.
 */
export function whenTooLate(event: AnyEvent, context: InvocationContext, tell: () => void): () => void {
  const { timeout } = context.trigger as { readonly timeout?: number };
  // A request without a timeout of its own is answered whenever it is done.
  const isAnsweredFor = 'method' in event ? timeout !== undefined : true;
  if (!isAnsweredFor || context.deadline === Number.POSITIVE_INFINITY) return () => {};
  const { signal } = context;
  if (signal.aborted) tell();
  else signal.addEventListener('abort', tell, { once: true });
  return () => signal.removeEventListener('abort', tell);
}
