import type { ScheduleTrigger } from '@tradewind/core';
import { foreignEvent } from '../shared/functions.js';
import type { SingleBinding } from '../shared/single.js';
import { fromEventBridge } from './event-bridge.js';
import type { LambdaInvocation } from './invocation.js';
import { NO_DELAY } from './single.js';

/** Schedules: Amazon EventBridge rules, and EventBridge Scheduler with its default payload. */
export const scheduleBinding: SingleBinding<LambdaInvocation> = {
  decode(event, fn) {
    const due = fromEventBridge(event);
    if (due?.type !== 'Scheduled Event') {
      throw foreignEvent(fn, 'AWS Lambda', "a 'Scheduled Event' of EventBridge or EventBridge Scheduler", event);
    }
    return (fn.trigger as ScheduleTrigger).toDelivery({ ...due, data: undefined }, undefined);
  },
  noDelay: NO_DELAY,
};
