import type { AnyFunction, CloudEvent } from '@tradewind/core';
import { type Awaitable, andThen, dataFromText, type InvocationContext, isThenable } from '@tradewind/core/adapter';
import { foreignEvent } from '../shared/functions.js';
import { type Delivery, deliver, type Failure } from '../shared/messages.js';
import type { SqsBatchResponse, SqsEvent, SqsRecord } from './types.js';

/** Amazon SQS: a batch of messages, of which those that failed come again. */
export const queueBinding: { readonly decode: typeof decode; readonly encode: typeof encode } = { decode, encode };

function decode(event: unknown, fn: AnyFunction): readonly SqsRecord[] {
  const { Records: records } = (event ?? {}) as Partial<SqsEvent>;
  // A record that cannot be named in the answer cannot be failed on its own, so such a batch fails as a whole.
  if (Array.isArray(records) && records.every(isRecord)) return records;
  throw foreignEvent(fn, 'AWS Lambda', 'SQS messages, each with a messageId, a body and an eventSourceARN', event);
}

function isRecord(record: Partial<SqsRecord> | null): record is SqsRecord {
  return (
    record?.eventSource === 'aws:sqs' &&
    typeof record.eventSourceARN === 'string' &&
    typeof record.messageId === 'string' &&
    record.messageId !== '' &&
    typeof record.body === 'string'
  );
}

/** Runs the function for every message; those of one FIFO group one after the other, and none after a failed one. */
export function deliverAll(
  fn: AnyFunction,
  records: readonly SqsRecord[],
  invocation: InvocationContext,
): Awaitable<readonly Failure[]> {
  const failures = isFifo(records[0])
    ? byGroup(fn, records, invocation)
    : records.map((record) => one(fn, record, invocation));
  return failures.some(isThenable) ? Promise.all(failures) : (failures as Failure[]);
}

/** Only a FIFO queue has an order: a standard queue's group ids are for fairness. */
function isFifo(record: SqsRecord | undefined): boolean {
  return record?.eventSourceARN.endsWith('.fifo') === true;
}

function byGroup(fn: AnyFunction, records: readonly SqsRecord[], invocation: InvocationContext): Awaitable<Failure>[] {
  const last = new Map<string | undefined, Awaitable<Failure>>();
  return records.map((record) => {
    const group = record.attributes?.MessageGroupId;
    const before = last.get(group);
    // The group's order would break if a later message were done and an earlier one came again.
    const next = andThen<Failure, Failure>(
      before as Awaitable<Failure>,
      (failed) => failed ?? one(fn, record, invocation),
    );
    last.set(group, next);
    return next;
  });
}

function one(fn: AnyFunction, record: SqsRecord, invocation: InvocationContext): Awaitable<Failure> {
  return deliver(fn, record.messageId, () => toDelivery(record), invocation);
}

function toDelivery({ messageId, body, eventSourceARN, attributes, messageAttributes }: SqsRecord): Delivery {
  const { SentTimestamp, ApproximateReceiveCount, AWSTraceHeader, MessageGroupId } = attributes ?? {};
  const extensions: Record<string, string | undefined> = {};
  for (const [name, attribute] of Object.entries(messageAttributes ?? {})) extensions[name] = attribute?.stringValue;
  if (MessageGroupId) extensions.messagegroupid = MessageGroupId;
  if (AWSTraceHeader) extensions.awstraceheader = AWSTraceHeader;
  const event: CloudEvent = {
    id: messageId,
    source: eventSourceARN,
    type: 'aws.sqs.message',
    time: SentTimestamp && new Date(Number(SentTimestamp)).toISOString(),
    traceparent: extensions.traceparent,
    tracestate: extensions.tracestate,
    extensions,
    data: dataFromText(body),
  };
  return { event, attempt: Number(ApproximateReceiveCount) || undefined };
}

function encode(records: readonly SqsRecord[], failures: readonly Failure[]): SqsBatchResponse {
  return {
    batchItemFailures: records.flatMap(({ messageId }, index) =>
      failures[index] ? [{ itemIdentifier: messageId }] : [],
    ),
  };
}
