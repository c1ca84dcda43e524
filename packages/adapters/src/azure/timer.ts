import type { AnyFunction, ScheduleTrigger } from '@tradewind/core';
import { lastDue, timeId } from '../shared/cron.js';
import { foreignEvent } from '../shared/functions.js';
import type { SingleBinding } from '../shared/single.js';
import type { AzureInvocation } from './invocation.js';
import type { AzureTimer } from './types.js';

/** Timers. They do not say when they were due. */
export const timerBinding: SingleBinding<AzureInvocation> = {
  decode(timer, fn, invocation) {
    const { isPastDue } = Object(timer) as Partial<AzureTimer>;
    if (typeof isPastDue !== 'boolean') throw foreignEvent(fn, 'Azure', "a timer's run", timer);
    const { cron, toDelivery } = fn.trigger as unknown as ScheduleTrigger;
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
  noDelay: "A failed run is repeated by the function's retry policy, with its delays.",
};

/** The expression as Azure has it: with seconds. */
export function toNcrontab(fn: AnyFunction): string {
  return `0 ${(fn.trigger as unknown as ScheduleTrigger).cron}`;
}
