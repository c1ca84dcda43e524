import type { AnyFunction, EventTrigger, QueueTrigger, ScheduleTrigger } from '@tradewind/core';
import { memoryStore } from '@tradewind/idempotency';
import { nightlyReport, ordering, shipped } from '../../examples/orders/functions.ts';

const { charge } = ordering(memoryStore());

// A function's type has no more of its trigger than callers need.
const triggerOf = <Trigger>(fn: AnyFunction): Trigger => fn.trigger as unknown as Trigger;

/** The queue that `charge` states. */
export const QUEUE: string = triggerOf<QueueTrigger<unknown, unknown>>(charge).queue;
/** The expression that `nightlyReport` states. */
export const CRON: string = triggerOf<ScheduleTrigger>(nightlyReport).cron;
/** The type of event that `shipped` states. */
export const TYPE: string = triggerOf<EventTrigger<unknown, unknown>>(shipped).type;
