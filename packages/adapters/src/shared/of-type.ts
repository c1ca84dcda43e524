import type { AnyFunction, CloudEvent, EventTrigger } from '@tradewind/core';
import type { Delivery } from '@tradewind/core/adapter';
import { foreignEvent } from './functions.js';

/**
 * The delivery of an event to a function that wants events of its type. A structured CloudEvent in the data is unwrapped.
 *
 * @param events - what the platform calls them.
 * @param event - what came as a CloudEvent; undefined where it is none.
 * @throws FunctionError `foreign_event` for any other event: which ones come is for the platform's own rule to say.
 */
export function ofType(
  fn: AnyFunction,
  platform: string,
  events: string,
  came: unknown,
  event: CloudEvent | undefined,
): Delivery {
  const { type, toDelivery } = fn.trigger as unknown as EventTrigger<unknown, unknown>;
  const delivery = event && toDelivery(event, undefined);
  if (delivery?.event.type === type) return delivery;
  const other = delivery && 'one of another type: its rule or subscription says which ones come';
  throw foreignEvent(fn, platform, `${events} of type '${type}'`, came, other);
}
