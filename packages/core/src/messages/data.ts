import type { Delivery } from '../delivery/deliver.js';
import { reject } from '../delivery/signal.js';
import { unwrapped } from '../delivery/structured.js';
import { isFunctionError } from '../errors.js';
import { parseSafely } from '../json.js';
import type { CloudEvent } from './event.js';

/**
 * The data in a message's text: JSON where it is an object, an array or a quoted string, otherwise the text itself.
 * A bare number or literal stays text, because an id such as `89e7073266` or one of 20 digits does not survive as a
 * number. Text that only looks like JSON stays text too: whether that will do is for the schema to say.
 */
export function dataFromText(text: string): unknown {
  const first = text.trimStart()[0];
  if (first !== '{' && first !== '[' && first !== '"') return text;
  try {
    return parseSafely(text);
  } catch (error) {
    // A polluted one is no text that anybody meant to send.
    if (isFunctionError(error)) throw error;
    return text;
  }
}

/**
 * For adapters: a message as its function sees it. Text is read as {@link dataFromText} says, a structured CloudEvent is
 * unwrapped. Never throws: what cannot be read is a rejected delivery of the message as it came.
 *
 * @param event - the adapter's own: its data is replaced in place.
 * @param attempt - as the platform counts it.
 */
export function toDelivery(
  event: { -readonly [Name in keyof CloudEvent]: CloudEvent[Name] },
  attempt: number | undefined,
): Delivery {
  try {
    if (typeof event.data === 'string') event.data = dataFromText(event.data);
    const read = unwrapped(event);
    return { event: read, attempt };
  } catch (error) {
    return { event, attempt, error: reject(error as Error) };
  }
}
