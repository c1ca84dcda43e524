import type { Transport } from '@tradewind/core';
import { toStructured } from '@tradewind/core/adapter';
import { type ClientOption, clientOf } from '../../shared/client.js';

/** The method of a `ServiceBusSender` of `@azure/service-bus` (version 7) that sends. */
export interface ServiceBusSendClient {
  sendMessages(message: {
    body: unknown;
    contentType: string;
    messageId: string;
    sessionId?: string;
    scheduledEnqueueTimeUtc?: Date;
    applicationProperties?: { [name: string]: string };
  }): PromiseLike<unknown>;
}

/** Service Bus has no longest delay; this is the last day that its dates can express. */
const LAST_DAY = Date.UTC(9999, 11, 31);

/**
 * Sends structured CloudEvents to a queue or topic of Azure Service Bus. A delay of any length is a scheduled message.
 * `group` is the session: a queue with sessions requires one on every message. Duplicate detection compares the event's
 * id, or `deduplication` if the sender sets it.
 *
 * @param client - `new ServiceBusClient(...).createSender('orders')` of `@azure/service-bus`, or a function that
 * returns it for a context.
 * @see https://learn.microsoft.com/azure/service-bus-messaging/message-sequencing
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/amqp-protocol-binding.md
 */
export function serviceBus(client: ClientOption<ServiceBusSendClient>): Transport {
  return {
    async send(event, { delay = 0, group, deduplication = event.id }, context) {
      const { traceparent } = event;
      await clientOf(client, context).sendMessages({
        // An object, which the SDK serialises to JSON bytes that every receiver can read. Text would be quoted twice.
        body: toStructured(event),
        contentType: 'application/cloudevents+json',
        messageId: deduplication,
        ...(group !== undefined && { sessionId: group }),
        ...(delay > 0 && { scheduledEnqueueTimeUtc: new Date(Math.min(context.now() + delay, LAST_DAY)) }),
        ...(traceparent !== undefined && { applicationProperties: { traceparent } }),
      });
    },
  };
}
