import type { AnyEvent, Result } from '@tradewind/core';
import type { InvocationContext } from '@tradewind/core/adapter';
import { brokenEnd, type End, endOf, lateEnd, thrownEnd } from './end.js';
import { safely } from './safely.js';
import { streamed } from './streamed.js';

/**
 * Runs the rest of the chain and reports once how it ended: a message as soon as it is done, a request when its response is
 * sent or its stream has ended. What is not done when the invocation ends was too late: core has responded for it, or has
 * returned the message, and its later result does not count.
 */
export async function watched<Adds>(
  event: AnyEvent,
  context: InvocationContext,
  run: () => Promise<Result<Adds>>,
  tell: (end: End) => void,
): Promise<Result<Adds>> {
  const isRequest = 'method' in event;
  let isTold = false;
  let isAnswered = false;
  let isStreaming = false;
  let end: End | undefined;
  const telling = (last: End): void => {
    if (isTold) return;
    isTold = true;
    safely(context, () => tell(last));
  };
  const over = (how: () => End): void => {
    end = sureEnd(event, how);
    if (!isRequest) telling(end);
  };
  context.atEnd(telling, () => {
    isAnswered = true;
    if (isStreaming) return;
    const { unsent } = context;
    telling(isRequest && unsent ? thrownEnd(event, unsent.error) : (end ?? lateEnd(event)));
  });
  try {
    const result = await run();
    over(() => endOf(event, context.functionName, result));
    if (!isRequest || isTold) return result;
    const stream = streamed(result, (broken) => {
      if (broken) end = brokenEnd(end as End, broken.error);
      isStreaming = false;
      // If the platform needs the whole body first, the response is not decided yet.
      if (isAnswered) telling(end as End);
    });
    isStreaming = stream !== undefined;
    return stream ?? result;
  } catch (error) {
    over(() => thrownEnd(event, error));
    throw error;
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
