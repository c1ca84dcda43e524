import type { AnyFunction, EventTrigger, QueueTrigger, ScheduleTrigger } from '@tradewind/core';
import { memoryStore } from '@tradewind/idempotency';
import { nightlyReport, ordering, shipped } from '../../examples/orders/functions.ts';

const { charge } = ordering(memoryStore());

// A function's type exposes only the parts of its trigger that callers need.
const triggerOf = <Trigger>(fn: AnyFunction): Trigger => fn.trigger as unknown as Trigger;

/** The queue of `charge`. */
export const QUEUE: string = triggerOf<QueueTrigger>(charge).queue;
/** The expression of `nightlyReport`. */
export const CRON: string = triggerOf<ScheduleTrigger>(nightlyReport).cron;
/** The event type of `shipped`. */
export const TYPE: string = triggerOf<EventTrigger>(shipped).type;
