import { FunctionError, type Result, reject, reply, retryLater } from '@tradewind/core';
import { type Ended, LOST } from './once.js';
import { read, UNKEPT, written } from './outcome.js';
import type { Outcome } from './store.js';

/** The outcome for a handler's value. The message is done even if the value cannot be stored. */
export function keepValue(value: unknown, max: number): Outcome {
  return { state: 'completed', value: written(value, max) };
}

/**
 * The value of a message, however it ended.
 *
 * @throws DeliverySignal if the message is not done.
 */
export function delivered(ended: Ended<Result>): Result {
  switch (ended.state) {
    case 'ran':
      return ended.value;
    case 'completed':
      return reply(ended.value === UNKEPT ? undefined : read(ended.value));
    case 'failed':
      throw new FunctionError('internal', 'The store has a failed outcome for a message, but those are never stored.');
    case 'unknown':
      throw reject('An earlier try was interrupted, and it is unknown how far it got.');
    case 'in_progress':
      // Not acked until its owner is done, since the owner may crash.
      throw retryLater({ after: ended.remaining, cause: new Error('Another try is processing the message.') });
    case 'mismatch':
      throw reject('The idempotency key of this message was used with other data before.');
    case 'lost':
      throw retryLater({ after: 0, cause: new Error(LOST) });
  }
}
