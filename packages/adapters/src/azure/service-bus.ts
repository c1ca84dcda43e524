import type { AnyFunction, CloudEvent, QueueTrigger } from '@tradewind/core';
import { type Awaitable, andThen, type Delivery, type Settlement } from '@tradewind/core/adapter';
import { foreignEvent } from '../shared/functions.js';
import { type SingleBinding, settle } from '../shared/single.js';
import type { AzureInvocation } from './invocation.js';
import { countOf, exactData, queueOf, timeOf } from './messages.js';
import type { AzureQueueWiring } from './wiring.js';

const NO_DELAY = 'Service Bus delivers again at once what was abandoned.';

/**
 * Queues of Service Bus, one message an invocation. What throws is abandoned: it comes again, and is in the queue's
 * dead-letter queue after `maxDeliveryCount` times.
 */
export const serviceBusBinding: SingleBinding<AzureInvocation> = {
  decode: (message, fn, { native }) => toDelivery(message, native.context.triggerMetadata ?? {}, fn),
  noDelay: NO_DELAY,
};

type Metadata = Readonly<Record<string, unknown>>;

function toDelivery(message: unknown, metadata: Metadata, fn: AnyFunction): Delivery {
  const { enqueuedTimeUtc, applicationProperties, sessionId, deliveryCount } = metadata;
  const id = idOf(metadata);
  if (id === undefined) throw foreignEvent(fn, 'Azure', 'a Service Bus message with a messageId', message);
  const extensions: Record<string, unknown> = propertiesOf(applicationProperties);
  if (typeof sessionId === 'string') extensions.sessionid = sessionId;
  const { traceparent = extensions.diagnosticid, tracestate } = extensions;
  const event: CloudEvent = {
    id,
    source: `urn:azure:service-bus:${queueOf(fn)}`,
    type: 'azure.servicebus.message',
    time: timeOf(enqueuedTimeUtc),
    traceparent: textOrNothing(traceparent),
    tracestate: textOrNothing(tracestate),
    extensions,
    data: exactData(message, fn),
  };
  return (fn.trigger as unknown as QueueTrigger<unknown, unknown>).toDelivery(event, countOf(deliveryCount));
}

/**
 * The library reads metadata as JSON where it can, so that an id of digits is a number, and one of many digits another
 * number: then the place in the queue is the id, which is exact.
 */
function idOf({ messageId, sequenceNumber }: Metadata): string | undefined {
  if (typeof messageId === 'string' && messageId !== '') return messageId;
  if (Number.isSafeInteger(messageId)) return String(messageId);
  return Number.isSafeInteger(sequenceNumber) ? `sequence-${sequenceNumber}` : undefined;
}

/** A message's own properties. The library writes the first letter of each name small. */
function propertiesOf(properties: unknown): Record<string, unknown> {
  const own = Object.entries(Object(properties) as Metadata).filter(([name]) => name !== '__proto__');
  return Object.fromEntries(own.map(([name, value]) => [name.toLowerCase().replaceAll(/[^a-z0-9]/g, ''), value]));
}

function textOrNothing(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** For a function that takes a batch: all of its messages, or none of them. */
export function deliverMany(fn: AnyFunction, messages: unknown, invocation: AzureInvocation): Awaitable<void> {
  const metadata = invocation.native.context.triggerMetadata ?? {};
  if (!Array.isArray(messages)) throw foreignEvent(fn, 'Azure', 'a list of Service Bus messages', messages);
  const deliveries = messages.map((message, index) => toDelivery(message, metadataAt(metadata, index), fn));
  const { isSessionsEnabled = false } = (fn.settings.wiring ?? {}) as AzureQueueWiring;
  const indexes = [...messages.keys()];
  const open: [Settlement, CloudEvent][] = [];
  const { deliverAll } = fn.trigger as unknown as QueueTrigger<unknown, unknown>;
  const all = deliverAll(
    fn,
    deliveries,
    // The messages of a batch are of one session.
    isSessionsEnabled ? [indexes] : indexes.map((index) => [index]),
    invocation,
    (index, settlement) => {
      if (!settlement.done) open.push([settlement, (deliveries[index] as Delivery).event]);
    },
  );
  return andThen(all, async () => {
    if (invocation.open) await invocation.end();
    for (const [settlement, event] of open) settle(settlement, event, invocation, NO_DELAY);
  });
}

/** What is said of one message stands in lists beside the messages: `messageIdArray`. */
function metadataAt(metadata: Metadata, index: number): Metadata {
  return Object.fromEntries(
    Object.entries(metadata).flatMap(([name, values]) =>
      name.endsWith('Array') && Array.isArray(values) ? [[name.slice(0, -'Array'.length), values[index]]] : [],
    ),
  );
}
