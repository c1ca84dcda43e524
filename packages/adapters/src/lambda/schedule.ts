import type { AnyFunction, ScheduleTrigger } from '@tradewind/core';
import type { Delivery } from '@tradewind/core/adapter';
import { foreignEvent } from '../shared/functions.js';
import { fromEventBridge } from './event-bridge.js';

const WANTED = "a 'Scheduled Event' of EventBridge or its Scheduler";

/** Schedules: rules of Amazon EventBridge, and EventBridge Scheduler with its own payload. */
export const scheduleBinding: { readonly decode: typeof decode } = { decode };

function decode(event: unknown, fn: AnyFunction): Delivery {
  const { toDelivery } = fn.trigger as unknown as ScheduleTrigger;
  const due = fromEventBridge(event, fn, WANTED);
  if (due.type !== 'Scheduled Event') throw foreignEvent(fn, 'AWS Lambda', WANTED, event);
  return toDelivery({ ...due, data: undefined }, undefined);
}
