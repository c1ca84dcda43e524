import type { AnyFunction, CloudEvent, QueueTrigger } from '@tradewind/core';
import type { Delivery } from '@tradewind/core/adapter';
import { fromBase64 } from './base64.js';
import { countOf } from './count.js';
import { isText, textOf } from './text.js';

/** The type of the CloudEvents that carry messages of Pub/Sub. */
export const PUB_SUB_TYPE = 'google.cloud.pubsub.topic.v1.messagePublished';

/** What Pub/Sub pushes. Older clients of its API spell names with underscores, and it sends some of them both ways. */
interface PubSubPush {
  readonly message: {
    readonly messageId?: string;
    readonly publishTime?: string;
    readonly orderingKey?: string;
    /** In base64. A message may have attributes only. */
    readonly data?: string;
    readonly attributes?: Readonly<Record<string, string>>;
  };
  readonly subscription?: string;
  /** Only where the subscription has a dead-letter topic. */
  readonly deliveryAttempt?: number;
}

/**
 * The delivery of a message of Pub/Sub to a queue function; undefined for what is none.
 *
 * @see https://cloud.google.com/pubsub/docs/push#receive_push
 */
export function fromPubSub(push: unknown, fn: AnyFunction, source?: string): Delivery | undefined {
  const event = toCloudEvent(push, source);
  if (!event) return undefined;
  const { deliveryAttempt } = push as PubSubPush;
  const { toDelivery } = fn.trigger as unknown as QueueTrigger<unknown, unknown>;
  return toDelivery(event, countOf(deliveryAttempt));
}

/** A message of Pub/Sub as a CloudEvent, its data as it was published: text, or bytes where they are none. */
export function toCloudEvent(push: unknown, source?: string): CloudEvent | undefined {
  const { message, subscription } = Object(push) as Partial<PubSubPush>;
  const { messageId, publishTime, orderingKey, data = '', attributes } = Object(message) as PubSubPush['message'];
  const bytes = typeof data === 'string' ? fromBase64(data) : undefined;
  const from = source ?? (isText(subscription) ? `//pubsub.googleapis.com/${subscription}` : undefined);
  if (!isText(messageId) || !bytes || !from) return undefined;
  // Attributes are texts; whoever can post here can post others.
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
