import type { Delivery } from '../delivery/deliver.js';
import { reject } from '../delivery/signal.js';
import { unwrapped } from '../delivery/structured.js';
import { isFunctionError } from '../errors.js';
import { parseSafely } from '../json.js';
import { withoutMark } from '../text.js';
import type { CloudEvent } from './event.js';

/**
 * The data of a message's text. Text that is a JSON object, array or quoted string is parsed. A bare number or literal
 * stays text, because an id such as `89e7073266`, or one of 20 digits, would not survive as a number. Text that only
 * looks like JSON stays text too: the schema decides whether it is accepted. A byte order mark is dropped.
 */
export function dataFromText(sent: string): unknown {
  const text = withoutMark(sent);
  const first = text.trimStart()[0];
  if (first !== '{' && first !== '[' && first !== '"') return text;
  try {
    return parseSafely(text);
  } catch (error) {
    // JSON with a `__proto__` key, or nested too deeply, is never accepted as text.
    if (isFunctionError(error)) throw error;
    return text;
  }
}

/**
 * For adapters: decodes a message for its function. Text is parsed by {@link dataFromText}, a structured CloudEvent is
 * unwrapped. Never throws: a message that cannot be decoded becomes a rejected delivery of the original.
 *
 * @param event - belongs to the adapter: its data is replaced in place.
 * @param attempt - the platform's count of deliveries.
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
