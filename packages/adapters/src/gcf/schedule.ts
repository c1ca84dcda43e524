import type { ScheduleTrigger } from '@tradewind/core';
import { lastDue, timeId } from '../shared/cron.js';
import { foreignEvent } from '../shared/functions.js';
import { toCloudEvent } from '../shared/pub-sub.js';
import type { SingleBinding } from '../shared/single.js';
import type { GcfInvocation } from './invocation.js';
import { pushIn } from './push.js';

/** Jobs of Cloud Scheduler, through a topic of Pub/Sub. They do not say when they were due: the message's time does. */
export const scheduleBinding: SingleBinding<GcfInvocation> = {
  decode(event, fn, invocation) {
    const { push, source } = pushIn(event);
    const due = toCloudEvent(push, source);
    if (!due) throw foreignEvent(fn, 'Google Cloud', "a job of Cloud Scheduler's, through a topic of Pub/Sub", event);
    const { cron, toDelivery } = fn.trigger as unknown as ScheduleTrigger;
    const said = Date.parse(due.time ?? '');
    const time = lastDue(cron, Number.isNaN(said) ? invocation.now() : said);
    return toDelivery(
      { ...due, id: timeId(cron, time), type: 'google.scheduler.job', time, data: undefined },
      undefined,
    );
  },
  noDelay: "Pub/Sub delays by the subscription's retry policy.",
};
