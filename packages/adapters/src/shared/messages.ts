import type { AnyFunction, CloudEvent } from '@tradewind/core';
import { type Awaitable, emit, type Invocation, InvocationContext, isThenable } from '@tradewind/core/adapter';

/** One message, decoded. */
export interface Delivery {
  readonly event: CloudEvent;
  /** Counted from 1, where the platform says it. */
  readonly attempt: number | undefined;
}

/** How one delivery ended: `undefined` is done, otherwise the message must come again. */
export type Failure = { readonly error: unknown } | undefined;

/** Runs a function for one message. Never throws: a failure is told, logged and observed. */
export function deliver(fn: AnyFunction, { event, attempt }: Delivery, invocation: Invocation): Awaitable<Failure> {
  const context = new InvocationContext(invocation, attempt);
  const settled = (failure: Failure): Failure => {
    if (failure) {
      context.log.error(`Message '${event.id}' failed; it will come again.`, {
        messageId: event.id,
        attempt,
        error: failure.error,
      });
    }
    emit(() => ({
      type: 'delivery.settled',
      functionName: fn.name,
      invocationId: context.invocationId,
      messageId: event.id,
      outcome: failure ? 'retry' : 'ack',
      ...failure,
    }));
    return failure;
  };
  try {
    const value = fn.run(event, context);
    if (!isThenable(value)) return settled(undefined);
    return value.then(
      () => settled(undefined),
      (error: unknown) => settled({ error }),
    );
  } catch (error) {
    return settled({ error });
  }
}
