import type { Transport } from '@tradewind/core';
import { describe, misconfigured } from '@tradewind/core/adapter';
import { type ClientOption, clientOf } from '../../shared/client.js';

/** The method of an `EventGridPublisherClient<'CloudEvent'>` of `@azure/eventgrid` (version 5) that sends. */
export interface EventGridSendClient {
  send(events: EventGridInput[]): PromiseLike<unknown>;
}

interface EventGridInput {
  id: string;
  source: string;
  type: string;
  time?: Date;
  subject?: string;
  datacontenttype?: string;
  dataschema?: string;
  data: unknown;
  extensionAttributes: Record<string, unknown>;
}

/**
 * Publishes to an Event Grid topic with the CloudEvents schema. Event Grid supports neither delays nor groups. Its
 * client requires data that is an object, and extension names of lower-case letters and digits.
 *
 * @param client - `new EventGridPublisherClient(endpoint, 'CloudEvent', credential)` of `@azure/eventgrid`, or a
 * function that returns one for a context.
 * @throws FunctionError `misconfigured` on sending, if the data is a list, text or a number. Nothing is sent then.
 * @see https://learn.microsoft.com/azure/event-grid/cloud-event-schema
 */
export function eventGrid(client: ClientOption<EventGridSendClient>): Transport {
  return {
    longestDelay: 0,
    async send({ time, traceparent, tracestate, extensions, ...event }, _options, context) {
      const { data } = event;
      // The client would silently send a list as an object.
      if (data !== undefined && (typeof data !== 'object' || Array.isArray(data))) {
        throw misconfigured(
          `eventGrid(...): the data of an event must be an object; got ${Array.isArray(data) ? 'a list' : describe(data)}. Put it into an object, such as { items }.`,
        );
      }
      const input = {
        ...event,
        time: time === undefined ? undefined : new Date(time),
        extensionAttributes: { ...extensions, traceparent, tracestate },
      };
      // The client omits what is undefined.
      await clientOf(client, context).send([input as EventGridInput]);
    },
  };
}
