import type { AnyFunction, CloudEvent, QueueTrigger } from '@tradewind/core';
import type { Delivery } from '@tradewind/core/adapter';
import { fromBase64 } from './base64.js';
import { countOf } from './count.js';
import { isText, textOf } from './text.js';

/** The type of the CloudEvents that contain Pub/Sub messages. */
export const PUB_SUB_TYPE = 'google.cloud.pubsub.topic.v1.messagePublished';

/** A Pub/Sub push. Pub/Sub also sends some names in their older form, with underscores. */
interface PubSubPush {
  readonly message: {
    readonly messageId?: string;
    readonly publishTime?: string;
    readonly orderingKey?: string;
    /** In base64. Missing in a message that has only attributes. */
    readonly data?: string;
    readonly attributes?: Readonly<Record<string, string>>;
  };
  readonly subscription?: string;
  /** Only if the subscription has a dead-letter topic. */
  readonly deliveryAttempt?: number;
}

/**
 * Makes the delivery of a Pub/Sub message to a queue function; undefined for anything else.
 *
 * @see https://cloud.google.com/pubsub/docs/push#receive_push
 */
export function fromPubSub(push: unknown, fn: AnyFunction, source?: string): Delivery | undefined {
  const event = toCloudEvent(push, source);
  if (!event) return undefined;
  const { deliveryAttempt } = push as PubSubPush;
  const { toDelivery } = fn.trigger as QueueTrigger;
  return toDelivery(event, countOf(deliveryAttempt));
}

/** A Pub/Sub message as a CloudEvent, with the published data: text, or bytes that are not text. */
export function toCloudEvent(push: unknown, source?: string): CloudEvent | undefined {
  const { message, subscription } = Object(push) as Partial<PubSubPush>;
  const { messageId, publishTime, orderingKey, data = '', attributes } = Object(message) as PubSubPush['message'];
  const bytes = typeof data === 'string' ? fromBase64(data) : undefined;
  const from = source ?? (isText(subscription) ? `//pubsub.googleapis.com/${subscription}` : undefined);
  if (!isText(messageId) || !bytes || !from) return undefined;
  // Pub/Sub's attributes are strings, but another sender could post other values.
  const extensions = Object.fromEntries(Object.entries({ ...attributes }).filter(([, value]) => isText(value)));
  if (isText(orderingKey)) extensions.orderingkey = orderingKey;
  return {
    id: messageId,
    source: from,
    type: PUB_SUB_TYPE,
    time: isText(publishTime) ? publishTime : undefined,
    traceparent: extensions.googclient_traceparent ?? extensions.traceparent,
    tracestate: extensions.tracestate,
    extensions,
    data: textOf(bytes),
  };
}
