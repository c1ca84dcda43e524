import type { AnyFunction, EventTrigger } from '@tradewind/core';
import type { Delivery } from '@tradewind/core/adapter';
import { foreignEvent } from '../shared/functions.js';
import { fromEventBridge } from './event-bridge.js';

/** Events of Amazon EventBridge, one an invocation. A structured CloudEvent in the detail is unwrapped. */
export const eventBinding: { readonly decode: typeof decode } = { decode };

function decode(event: unknown, fn: AnyFunction): Delivery {
  const { type, toDelivery } = fn.trigger as unknown as EventTrigger<unknown, unknown>;
  const delivery = toDelivery(fromEventBridge(event, fn, `EventBridge events of type '${type}'`), undefined);
  if (delivery.event.type !== type) {
    throw foreignEvent(fn, 'AWS Lambda', `EventBridge events of type '${type}'`, event);
  }
  return delivery;
}
