import type { AnyEvent, Result } from '@tradewind/core';
import type { InvocationContext } from '@tradewind/core/adapter';
import { type End, endOf, lateEnd, thrownEnd } from './end.js';
import { safely } from './safely.js';

/**
 * Runs what is further in, and tells once how it ended. What is not done at the deadline has ended there: core has answered for
 * it, or has given the message back, and what it comes to later counts for nothing.
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

/** What cannot be read, a list that does not fit the batch or an error that is a proxy, has failed, as it has for core. */
function sureEnd(event: AnyEvent, end: () => End): End {
  try {
    return end();
  } catch (error) {
    return 'method' in event ? { status: 500, error: 'internal', thrown: error } : thrownEnd(event, error);
  }
}

function whenTooLate(event: AnyEvent, context: InvocationContext, tell: () => void): () => void {
  const { timeout } = context.trigger as { readonly timeout?: number };
  // A request without a timeout of its own is answered whenever it is done.
  const isAnsweredFor = 'method' in event ? timeout !== undefined : true;
  if (!isAnsweredFor || context.deadline === Number.POSITIVE_INFINITY) return () => {};
  const { signal } = context;
  if (signal.aborted) tell();
  else signal.addEventListener('abort', tell, { once: true });
  return () => signal.removeEventListener('abort', tell);
}
