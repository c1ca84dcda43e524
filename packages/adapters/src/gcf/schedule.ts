import type { ScheduleTrigger } from '@tradewind/core';
import { rejectedIf } from '../shared/cloud-event.js';
import { lastDue, timeId } from '../shared/cron.js';
import { foreignEvent } from '../shared/functions.js';
import { toCloudEvent } from '../shared/pub-sub.js';
import type { SingleBinding } from '../shared/single.js';
import { decodedEvent } from './binary.js';
import type { GcfInvocation } from './invocation.js';
import { pushIn } from './push.js';

/**
 * Cloud Scheduler jobs, through a Pub/Sub topic. They do not contain when they were due, so the message's time is used.
 */
export const scheduleBinding: SingleBinding<GcfInvocation> = {
  decode(came, fn, invocation) {
    const { event, error } = decodedEvent(came);
    const { push, source } = pushIn(event);
    const due = toCloudEvent(push, source);
    if (!due) throw foreignEvent(fn, 'Google Cloud', 'a Cloud Scheduler job through a Pub/Sub topic', came);
    const { cron, toDelivery } = fn.trigger as ScheduleTrigger;
    const said = Date.parse(due.time ?? '');
    const time = lastDue(cron, Number.isNaN(said) ? invocation.now() : said);
    const run = { ...due, id: timeId(cron, time), type: 'google.scheduler.job', time, data: undefined };
    return rejectedIf(error, toDelivery(run, undefined));
  },
  noDelay: "The Pub/Sub subscription's retry policy sets the delay.",
};
