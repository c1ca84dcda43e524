import { type CloudEvent, FunctionError, type Result, reject, reply, retryLater } from '@tradewind/core';
import { type Awaitable, rawData } from '@tradewind/core/adapter';
import { canonical, digest } from './digest.js';
import { type Ended, LOST } from './once.js';
import { read, UNKEPT, written } from './outcome.js';
import type { Outcome } from './store.js';

/** A digest of what a message carries, as it came. */
export function ofData(event: CloudEvent): Awaitable<string> {
  const data = rawData(event);
  return digest(data instanceof Uint8Array ? data : canonical(data));
}

/** What a handler gave is kept, whatever it is: the message is done, which is what its duplicates are told. */
export function keepValue(value: unknown, max: number): Outcome {
  return { state: 'completed', value: written(value, max) };
}

/**
 * The value of a message, however it ended.
 *
 * @throws DeliverySignal where it is not done.
 */
export function delivered(ended: Ended<Result>): Result {
  switch (ended.state) {
    case 'ran':
      return ended.value;
    case 'completed':
      return reply(ended.value === UNKEPT ? undefined : read(ended.value));
    case 'failed':
      throw new FunctionError('internal', 'The store has an outcome for a message that none is stored for.');
    case 'unknown':
      throw reject('An earlier try broke off, and how far it came is not known.');
    case 'in_progress':
      // Not done before its owner says so: it may die.
      throw retryLater({ after: ended.remaining, cause: new Error('Another try is at work on it.') });
    case 'mismatch':
      throw reject('Its idempotency key came with other data before.');
    case 'lost':
      throw retryLater({ after: 0, cause: new Error(LOST) });
  }
}
