import type { AnyEvent, Result } from '@tradewind/core';
import type { InvocationContext } from '@tradewind/core/adapter';
import { brokenEnd, type End, endOf, lateEnd, thrownEnd } from './end.js';
import { safely } from './safely.js';
import { streamed } from './streamed.js';

/**
 * Runs what is further in, and tells once how it ended: of a message as soon as it has, of a request when it is answered, or when
 * the stream of its answer has ended. What is not done when the invocation ends was too late: core has answered for it, or has
 * given the message back, and what it comes to later counts for nothing.
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
      // Where the platform's answer has the stream as a whole, what became of it is not known yet.
      if (isAnswered) telling(end as End);
    });
    isStreaming = stream !== undefined;
    return stream ?? result;
  } catch (error) {
    over(() => thrownEnd(event, error));
    throw error;
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
