import type { AnyFunction, CloudEvent, QueueTrigger } from '@tradewind/core';
import { type Awaitable, andThen, type Delivery, type Settlement } from '@tradewind/core/adapter';
import { countOf } from '../shared/count.js';
import { foreignEvent } from '../shared/functions.js';
import { refused } from '../shared/parsed.js';
import { failureOf, type SingleBinding } from '../shared/single.js';
import { isText } from '../shared/text.js';
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
  const session = isText(sessionId) ? sessionId : exactNumber(sessionId);
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
  const { toDelivery } = fn.trigger as QueueTrigger;
  const attempt = countOf(deliveryCount);
  // Bytes are requested, but an older host may parse them.
  return refused(message, event, attempt) ?? toDelivery(event, attempt);
}

/**
 * An id that no other message has. The library parses metadata that is valid JSON: the ids `1e3` and `1000` arrive as the
 * same number, and ids of 20 digits as any of their neighbours. So only text that is no JSON is what was sent. The next
 * best is the place in the queue. Sequence numbers above 2^53, as partitioned queues have them, are exact in a batch only:
 * that leaves the lock token, which is exact too, but another one for each delivery.
 *
 * @see https://learn.microsoft.com/azure/service-bus-messaging/message-sequencing
 */
function idOf({ messageId, sequenceNumber, lockToken }: Metadata): string | undefined {
  if (isText(messageId) && !isJson(messageId)) return messageId;
  const place = exactNumber(sequenceNumber);
  if (place !== undefined) return `sequence-${place}`;
  return isText(lockToken) && lockToken !== NO_LOCK ? `lock-${lockToken}` : undefined;
}

/** The token of a message that is not locked. */
const NO_LOCK = '00000000-0000-0000-0000-000000000000';

/** Whether a text can only have come from a quoted one. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The digits of a number that has not been rounded. The library reduces a `Long`, as lists have them, to its halves. */
function exactNumber(value: unknown): string | undefined {
  if (Number.isSafeInteger(value)) return String(value);
  const { low, high } = Object(value) as { readonly low?: unknown; readonly high?: unknown };
  if (!Number.isInteger(low) || !Number.isInteger(high)) return undefined;
  return String((BigInt(high as number) << 32n) | BigInt.asUintN(32, BigInt(low as number)));
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
  const each = metadataOf(metadata, messages.length);
  const deliveries = messages.map((message, index) => toDelivery(message, each[index] as Metadata, fn, {}));
  const { isSessionsEnabled = false } = (fn.settings.wiring ?? {}) as AzureQueueWiring;
  const indexes = [...messages.keys()];
  const open: [Settlement, CloudEvent][] = [];
  const { deliverAll } = fn.trigger as QueueTrigger;
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
 * The metadata of each message of a batch, which has a list for each property, for example `messageIdArray`. The host
 * leaves empty texts out, so that a shorter list does not say whose its values are.
 *
 * @see https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script.Grpc/MessageExtensions/GrpcMessageConversionExtensions.cs
 */
function metadataOf(metadata: Metadata, count: number): readonly Metadata[] {
  const lists = Object.entries(metadata).flatMap(([name, values]): [string, unknown[]][] =>
    name.endsWith('Array') && Array.isArray(values) && values.length === count
      ? [[name.slice(0, -'Array'.length), values]]
      : [],
  );
  return Array.from({ length: count }, (_, index) =>
    Object.fromEntries(lists.map(([name, values]) => [name, values[index]])),
  );
}
