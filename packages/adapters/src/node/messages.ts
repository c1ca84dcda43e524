import type { CloudEvent, HttpEvent, QueueTrigger, ScheduleTrigger } from '@tradewind/core';
import { describe } from '@tradewind/core/adapter';
import { rejectedIf } from '../shared/cloud-event.js';
import { lastDue, timeId } from '../shared/cron.js';
import { foreignEvent } from '../shared/functions.js';
import { ofType } from '../shared/of-type.js';
import { fromPubSub, PUB_SUB_TYPE } from '../shared/pub-sub.js';
import { postedEvent } from './cloud-event.js';
import type { Decode } from './endpoint.js';

/** Messages from a Pub/Sub push subscription, or as CloudEvents, including those of Eventarc. */
export const queueMessages: Decode = (event, fn) => {
  const { event: posted, error } = postedEvent(event) ?? {};
  if (posted && posted.type !== PUB_SUB_TYPE) {
    return rejectedIf(error, (fn.trigger as QueueTrigger).toDelivery(posted, undefined));
  }
  const pushed = posted ? fromPubSub(dataOf(posted), fn, posted.source) : fromPubSub(event.body, fn);
  if (!pushed) throw foreignEvent(fn, 'Node', 'a Pub/Sub push or a CloudEvent', event.body, typed(event));
  return rejectedIf(error, pushed);
};

/** The data of an event that is not unwrapped yet. */
function dataOf({ data }: CloudEvent): unknown {
  return (data as { readonly data?: unknown }).data;
}

/** CloudEvents. */
export const events: Decode = (event, fn) => {
  const posted = postedEvent(event);
  return rejectedIf(posted?.error, ofType(fn, 'Node', 'CloudEvents', event.body, posted?.event, typed(event)));
};

/** What was posted, if its content type is why it was not read as an event; undefined for what was read. */
function typed({ headers, body }: HttpEvent): string | undefined {
  if (typeof body === 'object' && !ArrayBuffer.isView(body)) return undefined;
  const type = /^[\w.+-]+\/[\w.+-]+/.exec(headers.get('content-type') ?? '')?.[0].slice(0, 100);
  return `${body === undefined ? 'nothing' : describe(body)} with ${type ? `the content type ${type}` : 'no content type'}`;
}

/** Requests that Cloud Scheduler, or any other scheduler, posts when a schedule is due. */
export const times: Decode = ({ headers }, fn, invocation) => {
  const { cron, toDelivery } = fn.trigger as ScheduleTrigger;
  const said = Date.parse(headers.get('x-cloudscheduler-scheduletime') ?? '');
  const time = Number.isNaN(said) ? lastDue(cron, invocation.now()) : new Date(said).toISOString();
  const due = { id: timeId(cron, time), source: `urn:http:schedule:${fn.name}`, type: 'http.schedule', time };
  return toDelivery({ ...due, extensions: { cron }, data: undefined }, undefined);
};
