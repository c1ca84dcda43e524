import type { AnyFunction, CloudEvent, EventTrigger } from '@tradewind/core';
import type { Delivery } from '@tradewind/core/adapter';
import { foreignEvent } from './functions.js';
import { refused } from './parsed.js';

/**
 * Makes the delivery of an event to a function for its type. A structured CloudEvent in the data is unwrapped.
 *
 * @param events - the platform's name for its events.
 * @param event - the event as a CloudEvent; undefined if it is not one.
 * @param got - what came, in words, if it is no event. Default: a description that quotes no value.
 * @throws FunctionError `foreign_event` for an event of another type: the platform's own rule selects the events.
 */
export function ofType(
  fn: AnyFunction,
  platform: string,
  events: string,
  came: unknown,
  event: CloudEvent | undefined,
  got?: string,
): Delivery {
  const { type, toDelivery } = fn.trigger as EventTrigger;
  const delivery = event && (refused(came, event) ?? toDelivery(event, undefined));
  if (delivery?.event.type === type) return delivery;
  const other = delivery ? 'one of another type: check the rule or subscription that selects them' : got;
  throw foreignEvent(fn, platform, `${events} of type '${type}'`, came, other);
}
