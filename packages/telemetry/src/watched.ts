import type { AnyEvent, Result } from '@tradewind/core';
import type { Fault, InvocationContext } from '@tradewind/core/adapter';
import { brokenEnd, type End, endOf, lateEnd, thrownEnd } from './end.js';
import { safely } from './safely.js';

/** Receives the course of an invocation. Both are called once. */
export interface Watcher {
  /** The rest of the chain has returned, or was too late. */
  left?(): void;
  ended(end: End): void;
}

/**
 * Runs the rest of the chain and reports once how it ended: a message as soon as it is done, a request when its response is
 * sent or its stream has ended. What is not done at the deadline was too late: core has responded for it, or has returned the
 * message, and its later result does not count.
 */
export async function watched<Adds>(
  event: AnyEvent,
  context: InvocationContext,
  run: () => Promise<Result<Adds>>,
  watcher: Watcher,
): Promise<Result<Adds>> {
  const isRequest = 'method' in event;
  let end: End | undefined;
  let isTold = false;
  const over = (how: () => End): void => {
    if (end) return;
    end = sureEnd(event, how);
    safely(context, () => watcher.left?.());
  };
  const tell = (fault?: Fault): void => {
    over(() => lateEnd(event));
    if (isTold) return;
    isTold = true;
    const told = end as End;
    safely(context, () => watcher.ended(isRequest && fault ? faultyEnd(event, told, fault) : told));
  };
  const returned = (how: () => End): void => {
    over(isTooLate(event, context) ? () => lateEnd(event) : how);
    if (!isRequest) tell();
  };
  context.atEnd(tell, tell);
  try {
    const result = await run();
    returned(() => endOf(event, context.functionName, result));
    return result;
  } catch (error) {
    returned(() => thrownEnd(event, error));
    throw error;
  }
}

/** Whether core has answered already, or has returned the message. A request without its own timeout is never too late. */
function isTooLate(event: AnyEvent, context: InvocationContext): boolean {
  const { timeout } = context.trigger as { readonly timeout?: number };
  if ('method' in event && timeout === undefined) return false;
  // The signal also aborts for a client that has left.
  return context.deadline < Number.POSITIVE_INFINITY && Object(context.signal.reason).code === 'timeout';
}

/** The end of a request whose response is not what the function returned. */
function faultyEnd(event: AnyEvent, end: End, { error, isSent }: Fault): End {
  return isSent ? brokenEnd(end, error) : thrownEnd(event, error);
}

/** A result that cannot be read has failed, as it has for core: a list of the wrong length, or a revoked proxy. */
function sureEnd(event: AnyEvent, end: () => End): End {
  try {
    return end();
  } catch (error) {
    return 'method' in event ? { status: 500, error: 'internal', thrown: error } : thrownEnd(event, error);
  }
}
