import type { AnyEvent, Result } from '@tradewind/core';
import type { InvocationContext } from '@tradewind/core/adapter';
import { type End, endOf, lateEnd, thrownEnd } from './end.js';
import { safely } from './safely.js';

/**
 * Runs the rest of the chain and reports once how it ended. An invocation that is not done at the deadline ends there:
 * core has responded for it, or has returned the message, and its later result does not count.
 */
export async function watched<Adds>(
  event: AnyEvent,
  context: InvocationContext,
  run: () => Promise<Result<Adds>>,
  tell: (end: End) => void,
): Promise<Result<Adds>> {
  let isOver = false;
  const once = (end: () => End): void => {
    if (isOver) return;
    isOver = true;
    safely(context, () => tell(end()));
  };
  const stop = whenTooLate(event, context, () => once(() => lateEnd(event)));
  try {
    const result = await run();
    once(() => sureEnd(event, () => endOf(event, context.functionName, result)));
    return result;
  } catch (error) {
    once(() => sureEnd(event, () => thrownEnd(event, error)));
    throw error;
  } finally {
    stop();
  }
}

/**
 * A result that cannot be read (a list that does not fit the batch, an error that is a proxy) counts as failed, as in
 * core.
 */
function sureEnd(event: AnyEvent, end: () => End): End {
  try {
    return end();
  } catch (error) {
    return 'method' in event ? { status: 500, error: 'internal', thrown: error } : thrownEnd(event, error);
  }
}

function whenTooLate(event: AnyEvent, context: InvocationContext, tell: () => void): () => void {
  const { timeout } = context.trigger as { readonly timeout?: number };
  // A request without its own timeout is answered whenever it is done.
  const isAnsweredFor = 'method' in event ? timeout !== undefined : true;
  if (!isAnsweredFor || context.deadline === Number.POSITIVE_INFINITY) return () => {};
  const { signal } = context;
  if (signal.aborted) tell();
  else signal.addEventListener('abort', tell, { once: true });
  return () => signal.removeEventListener('abort', tell);
}
