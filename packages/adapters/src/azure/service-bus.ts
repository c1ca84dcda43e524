import type { AnyFunction, CloudEvent, QueueTrigger } from '@tradewind/core';
import { type Awaitable, andThen, type Delivery, type Settlement } from '@tradewind/core/adapter';
import { countOf } from '../shared/count.js';
import { foreignEvent } from '../shared/functions.js';
import { failureOf, type SingleBinding } from '../shared/single.js';
import type { AzureInvocation } from './invocation.js';
import { exactData, queueOf, timeOf } from './messages.js';
import type { AzureQueueWiring } from './wiring.js';

const NO_DELAY = 'Service Bus redelivers an abandoned message at once.';

/**
 * Service Bus queues, one message per invocation. If the invocation throws, the host abandons the message: it is
 * redelivered, and moves to the queue's dead-letter queue after `maxDeliveryCount` deliveries.
 */
export const serviceBusBinding: SingleBinding<AzureInvocation> = {
  decode: (message, fn, { native, trace }) => toDelivery(message, native.context.triggerMetadata ?? {}, fn, trace),
  noDelay: NO_DELAY,
};

type Metadata = Readonly<Record<string, unknown>>;

function toDelivery(message: unknown, metadata: Metadata, fn: AnyFunction, trace: AzureInvocation['trace']): Delivery {
  const { enqueuedTimeUtc, applicationProperties, sessionId, deliveryCount } = metadata;
  const id = idOf(metadata);
  if (id === undefined)
    throw foreignEvent(fn, 'Azure', 'the metadata of a Service Bus message with a messageId', metadata);
  const extensions: Record<string, unknown> = propertiesOf(applicationProperties);
  const session = exactText(sessionId);
  if (session !== undefined) extensions.sessionid = session;
  const traceparent = textOrNothing(extensions.traceparent ?? extensions.diagnosticid);
  const event: CloudEvent = {
    id,
    source: `urn:azure:service-bus:${queueOf(fn)}`,
    type: 'azure.servicebus.message',
    time: timeOf(enqueuedTimeUtc),
    ...(traceparent === undefined ? trace : { traceparent, tracestate: textOrNothing(extensions.tracestate) }),
    extensions,
    data: exactData(message, fn),
  };
  return (fn.trigger as unknown as QueueTrigger<unknown, unknown>).toDelivery(event, countOf(deliveryCount));
}

/**
 * The id of a message. The library parses metadata that is valid JSON, so an id of digits becomes a number, and one of
 * many digits a different number: in that case the id is made from the exact sequence number.
 */
function idOf({ messageId, sequenceNumber }: Metadata): string | undefined {
  const place = exactText(sequenceNumber);
  return exactText(messageId) ?? (place && `sequence-${place}`);
}

/** Text as it was sent, or from a number that was parsed exactly. In a batch, numbers are objects (`Long`). */
function exactText(value: unknown): string | undefined {
  if (typeof value === 'string') return value || undefined;
  // Parsed JSON has no methods, so this is a `Long`.
  const isLong = typeof (value as { readonly toNumber?: unknown } | undefined | null)?.toNumber === 'function';
  return isLong || Number.isSafeInteger(value) ? String(value) : undefined;
}

/** The application properties of a message. The library changes the first letter of each name to lower case. */
function propertiesOf(properties: unknown): Record<string, unknown> {
  const own = Object.entries(Object(properties) as Metadata).filter(([name]) => name !== '__proto__');
  return Object.fromEntries(own.map(([name, value]) => [name.toLowerCase().replaceAll(/[^a-z0-9]/g, ''), value]));
}

function textOrNothing(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Runs a function that takes a batch. Service Bus acks all of its messages or none. */
export function deliverMany(fn: AnyFunction, messages: unknown, invocation: AzureInvocation): Awaitable<void> {
  const metadata = invocation.native.context.triggerMetadata ?? {};
  if (!Array.isArray(messages)) throw foreignEvent(fn, 'Azure', 'a list of Service Bus messages', messages);
  const deliveries = messages.map((message, index) => toDelivery(message, metadataAt(metadata, index), fn, {}));
  const { isSessionsEnabled = false } = (fn.settings.wiring ?? {}) as AzureQueueWiring;
  const indexes = [...messages.keys()];
  const open: [Settlement, CloudEvent][] = [];
  const { deliverAll } = fn.trigger as unknown as QueueTrigger<unknown, unknown>;
  const all = deliverAll(
    fn,
    deliveries,
    // All messages of a batch belong to one session.
    isSessionsEnabled ? [indexes] : indexes.map((index) => [index]),
    invocation,
    (index, settlement) => {
      if (!settlement.done) open.push([settlement, (deliveries[index] as Delivery).event]);
    },
  );
  return andThen(all, async () => {
    if (invocation.open) await invocation.end();
    const [failure] = open.map(([settlement, event]) => failureOf(settlement, event, invocation, NO_DELAY));
    if (failure) throw failure;
  });
}

/**
 * The metadata of one message. For a batch, the metadata has a list for each property, for example `messageIdArray`.
 */
function metadataAt(metadata: Metadata, index: number): Metadata {
  return Object.fromEntries(
    Object.entries(metadata).flatMap(([name, values]) =>
      name.endsWith('Array') && Array.isArray(values) ? [[name.slice(0, -'Array'.length), values[index]]] : [],
    ),
  );
}
