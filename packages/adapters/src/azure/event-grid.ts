import type { CloudEvent } from '@tradewind/core';
import { fromCloudEvent } from '../shared/cloud-event.js';
import { ofType } from '../shared/of-type.js';
import type { SingleBinding } from '../shared/single.js';
import { isText } from '../shared/text.js';
import type { AzureInvocation } from './invocation.js';
import type { EventGridEvent } from './types.js';

/** Events of Event Grid, in its own schema or in that of CloudEvents, one an invocation. */
export const eventGridBinding: SingleBinding<AzureInvocation> = {
  decode(came, fn, { trace }) {
    const event = isEventGrid(came) ? fromEventGrid(came) : fromCloudEvent(came);
    return ofType(fn, 'Azure', 'Event Grid events', came, event && { ...trace, ...event });
  },
  noDelay: 'Event Grid chooses itself when it delivers again what failed.',
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
