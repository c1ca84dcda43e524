import type { CloudEvent } from '@tradewind/core';
import { fromCloudEvent } from '../shared/cloud-event.js';
import { ofType } from '../shared/of-type.js';
import type { SingleBinding } from '../shared/single.js';
import { isText } from '../shared/text.js';
import type { AzureInvocation } from './invocation.js';
import type { EventGridEvent } from './types.js';

/** Event Grid events, in Event Grid's own schema or as CloudEvents, one per invocation. */
export const eventGridBinding: SingleBinding<AzureInvocation> = {
  decode(came, fn, { trace }) {
    const event = isEventGrid(came) ? fromEventGrid(came) : fromCloudEvent(came);
    return ofType(fn, 'Azure', 'Event Grid events', came, event && { ...trace, ...event });
  },
  noDelay: 'Event Grid decides when it redelivers a failed event.',
};

function isEventGrid(event: unknown): event is EventGridEvent {
  const { id, topic, eventType } = Object(event) as Partial<EventGridEvent>;
  return [id, topic, eventType].every(isText);
}

function fromEventGrid({ id, topic, subject, eventType, eventTime, dataVersion, data }: EventGridEvent): CloudEvent {
  const extensions = { dataversion: dataVersion };
  const time = isText(eventTime) ? eventTime : undefined;
  return { id, source: topic, type: eventType, subject: isText(subject) ? subject : undefined, time, extensions, data };
}
