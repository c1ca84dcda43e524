import type { Transport } from '@tradewind/core';
import { toStructured } from '@tradewind/core/adapter';
import { type ClientOption, clientOf } from '../../shared/client.js';

/** The part of a `ServiceBusSender` of `@azure/service-bus` (version 7) that sends. */
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

/** Service Bus itself has no longest delay; this is the last day that its dates have. */
const LAST_DAY = Date.UTC(9999, 11, 31);

/**
 * Sends to a queue or a topic of Azure Service Bus, as structured CloudEvents. A delay is a scheduled message, as long as
 * it may be. A group is a session: where the queue has sessions, every message must name one. An entity with duplicate
 * detection knows a message by its id.
 *
 * @param client - `new ServiceBusClient(...).createSender('orders')` of `@azure/service-bus`, or what gives it for a
 * context.
 * @see https://learn.microsoft.com/azure/service-bus-messaging/message-sequencing
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/amqp-protocol-binding.md
 */
export function serviceBus(client: ClientOption<ServiceBusSendClient>): Transport {
  return {
    async send(event, { delay = 0, group, deduplication = event.id }, context) {
      const { traceparent } = event;
      await clientOf(client, context).sendMessages({
        // An object, which the SDK writes as JSON in bytes, what every receiver reads. Text would be quoted once more.
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
