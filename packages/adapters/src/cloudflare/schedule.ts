import { type AnyFunction, type CloudEvent, isDeliverySignal, type ScheduleTrigger } from '@tradewind/core';
import { type Awaitable, andThen, type InvocationContext } from '@tradewind/core/adapter';
import { timeId } from '../shared/cron.js';
import { deliverSingle, settle } from '../shared/single.js';
import type { WorkersController } from './types.js';

/** Cron triggers. */
export const scheduleBinding: { readonly decode: typeof decode } = { decode };

function decode({ cron, scheduledTime }: WorkersController): CloudEvent {
  const time = new Date(scheduledTime).toISOString();
  return {
    id: timeId(cron, time),
    source: 'urn:cloudflare:cron',
    type: 'cloudflare.scheduled',
    time,
    extensions: { cron },
    data: undefined,
  };
}

/** Runs a function for one time of its schedule. If it throws, the run fails, and the platform may retry it. */
export function run(fn: AnyFunction, controller: WorkersController, invocation: InvocationContext): Awaitable<void> {
  const { toDelivery } = fn.trigger as ScheduleTrigger;
  const event = scheduleBinding.decode(controller);
  return andThen(deliverSingle(fn, toDelivery(event, undefined), invocation), (settlement) => {
    // Not if the sink failed: it may work the next time.
    const { done, outcome, error } = settlement;
    if (!done && outcome === 'reject' && isDeliverySignal(error)) controller.noRetry();
    settle(settlement, event, invocation, 'Workers decide when a failed run is retried.');
  });
}
