import type { AnyFunction, CloudEvent, QueueTrigger } from '@tradewind/core';
import { type Awaitable, andThen, type Delivery, type Settlement } from '@tradewind/core/adapter';
import { countOf } from '../shared/count.js';
import { foreignEvent } from '../shared/functions.js';
import { failureOf, type SingleBinding } from '../shared/single.js';
import type { AzureInvocation } from './invocation.js';
import { exactData, queueOf, timeOf } from './messages.js';
import type { AzureQueueWiring } from './wiring.js';

const NO_DELAY = 'Service Bus delivers again at once what was abandoned.';

/**
 * Queues of Service Bus, one message an invocation. What throws is abandoned: it comes again, and is in the queue's
 * dead-letter queue after `maxDeliveryCount` times.
 */
export const serviceBusBinding: SingleBinding<AzureInvocation> = {
  decode: (message, fn, { native, trace }) => toDelivery(message, native.context.triggerMetadata ?? {}, fn, trace),
  noDelay: NO_DELAY,
};

type Metadata = Readonly<Record<string, unknown>>;

function toDelivery(message: unknown, metadata: Metadata, fn: AnyFunction, trace: AzureInvocation['trace']): Delivery {
  const { enqueuedTimeUtc, applicationProperties, sessionId, deliveryCount } = metadata;
  const id = idOf(metadata);
  if (id === undefined) throw foreignEvent(fn, 'Azure', "a Service Bus message's metadata with a messageId", metadata);
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
 * The library reads metadata as JSON where it can, so that an id of digits is a number, and one of many digits another
 * number: then the place in the queue is the id, which is exact.
 */
function idOf({ messageId, sequenceNumber }: Metadata): string | undefined {
  const place = exactText(sequenceNumber);
  return exactText(messageId) ?? (place && `sequence-${place}`);
}

/** Text as it was sent, and digits that were read as a number; of several messages the numbers are objects (`Long`). */
function exactText(value: unknown): string | undefined {
  if (typeof value === 'string') return value || undefined;
  // What was read as JSON has no methods.
  const isLong = typeof (value as { readonly toNumber?: unknown } | undefined | null)?.toNumber === 'function';
  return isLong || Number.isSafeInteger(value) ? String(value) : undefined;
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
  const deliveries = messages.map((message, index) => toDelivery(message, metadataAt(metadata, index), fn, {}));
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
    const [failure] = open.map(([settlement, event]) => failureOf(settlement, event, invocation, NO_DELAY));
    if (failure) throw failure;
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
