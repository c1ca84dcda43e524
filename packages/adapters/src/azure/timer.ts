import type { AnyFunction, ScheduleTrigger } from '@tradewind/core';
import { lastDue, timeId } from '../shared/cron.js';
import { foreignEvent } from '../shared/functions.js';
import type { SingleBinding } from '../shared/single.js';
import type { AzureInvocation } from './invocation.js';
import type { AzureTimer } from './types.js';

/** Timers. Azure does not pass the time at which a timer was due, so it is computed from the expression. */
export const timerBinding: SingleBinding<AzureInvocation> = {
  decode(timer, fn, invocation) {
    const { isPastDue } = Object(timer) as Partial<AzureTimer>;
    if (typeof isPastDue !== 'boolean') throw foreignEvent(fn, 'Azure', 'a timer', timer);
    const { cron, toDelivery } = fn.trigger as ScheduleTrigger;
    const time = lastDue(cron, invocation.now());
    const event = {
      id: timeId(cron, time),
      source: `urn:azure:timer:${fn.name}`,
      type: 'azure.timer',
      time,
      ...invocation.trace,
      extensions: { cron, pastdue: isPastDue },
      data: undefined,
    };
    return toDelivery(event, invocation.tries);
  },
  noDelay: "The function's retry policy sets the delay before a failed run is retried.",
};

/** The expression in Azure's form, with a field for seconds. */
export function toNcrontab(fn: AnyFunction): string {
  return `0 ${(fn.trigger as ScheduleTrigger).cron}`;
}
