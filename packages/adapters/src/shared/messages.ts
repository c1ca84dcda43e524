import type { AnyFunction, CloudEvent } from '@tradewind/core';
import { type Awaitable, emit, type InvocationContext, isThenable } from '@tradewind/core/adapter';

/** One message, decoded. */
export interface Delivery {
  readonly event: CloudEvent;
  /** Counted from 1, where the platform says it. */
  readonly attempt: number | undefined;
}

/** How one delivery ended: `undefined` is done, otherwise the message must come again. */
export type Failure = { readonly error: unknown } | undefined;

/**
 * Runs a function for one message of an invocation. Never throws: a failure is told, logged and observed, also that of a
 * message which cannot be decoded.
 */
export function deliver(
  fn: AnyFunction,
  messageId: string,
  decode: () => Delivery,
  invocation: InvocationContext,
): Awaitable<Failure> {
  let attempt: number | undefined;
  const settled = (failure: Failure): Failure => {
    if (failure)
      invocation.log.error(`Message '${messageId}' failed; it will come again.`, { messageId, attempt, ...failure });
    emit(() => ({
      type: 'delivery.settled',
      functionName: fn.name,
      invocationId: invocation.invocationId,
      messageId,
      outcome: failure ? 'retry' : 'ack',
      ...failure,
    }));
    return failure;
  };
  try {
    const delivery = decode();
    attempt = delivery.attempt;
    const value = fn.run(delivery.event, invocation.fork(attempt));
    if (!isThenable(value)) return settled(undefined);
    return value.then(
      () => settled(undefined),
      (error: unknown) => settled({ error }),
    );
  } catch (error) {
    return settled({ error });
  }
}
