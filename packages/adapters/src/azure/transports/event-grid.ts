import type { Transport } from '@tradewind/core';
import { describe, misconfigured } from '@tradewind/core/adapter';
import { type ClientOption, clientOf } from '../../shared/client.js';

/** The part of an `EventGridPublisherClient<'CloudEvent'>` of `@azure/eventgrid` (version 5) that sends. */
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
 * Publishes to an Event Grid topic whose schema is CloudEvents. Event Grid does not delay and has no groups. Its client
 * takes data that is an object, and extensions whose names are lower-case letters and digits.
 *
 * Data that is a list, text or a number is a FunctionError `misconfigured`, and nothing is sent.
 *
 * @param client - `new EventGridPublisherClient(endpoint, 'CloudEvent', credential)` of `@azure/eventgrid`, or what gives
 * one for a context.
 * @see https://learn.microsoft.com/azure/event-grid/cloud-event-schema
 */
export function eventGrid(client: ClientOption<EventGridSendClient>): Transport {
  return {
    longestDelay: 0,
    async send({ time, traceparent, tracestate, extensions, ...event }, _options, context) {
      const { data } = event;
      // The client would send a list as an object, silently.
      if (data !== undefined && (typeof data !== 'object' || Array.isArray(data))) {
        throw misconfigured(
          `The client of Event Grid takes data that is an object, but got ${Array.isArray(data) ? 'a list' : describe(data)}: put it into one, such as { items }.`,
        );
      }
      const input = {
        ...event,
        time: time === undefined ? undefined : new Date(time),
        extensionAttributes: { ...extensions, traceparent, tracestate },
      };
      // What is undefined the client leaves out.
      await clientOf(client, context).send([input as EventGridInput]);
    },
  };
}
