import type { CloudEvent } from '@tradewind/core';

/** An SQS message as Lambda passes it. */
export function toSqsRecord(message: CloudEvent, queue: string, attempt: number): object {
  const sent = String(Date.parse(message.time ?? '') || 0);
  return {
    messageId: message.id,
    receiptHandle: `receipt-${message.id}`,
    body: typeof message.data === 'string' ? message.data : JSON.stringify(message.data ?? null),
    attributes: {
      ApproximateReceiveCount: String(attempt),
      SentTimestamp: sent,
      SenderId: 'AIDAEXAMPLE',
      ApproximateFirstReceiveTimestamp: sent,
    },
    messageAttributes: toAttributes(message),
    md5OfBody: '00000000000000000000000000000000',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:us-east-1:123456789012:${queue}`,
    awsRegion: 'us-east-1',
  };
}

/** An event, or a scheduled time, as EventBridge passes it. */
export function toEventBridge({ id, source, time, data }: CloudEvent, type: string, isSchedule: boolean): object {
  return {
    version: '0',
    id,
    'detail-type': isSchedule ? 'Scheduled Event' : type,
    source: isSchedule ? 'aws.events' : source,
    account: '123456789012',
    time,
    region: 'us-east-1',
    resources: isSchedule ? ['arn:aws:events:us-east-1:123456789012:rule/fake'] : [],
    detail: isSchedule ? {} : data,
  };
}

/** The sender's message attributes. What SQS itself reports is in `attributes`. */
function toAttributes({ extensions, traceparent, tracestate }: CloudEvent): object {
  const own = { traceparent, tracestate, ...extensions, messagegroupid: undefined, awstraceheader: undefined };
  return Object.fromEntries(
    Object.entries(own).flatMap(([name, value]) =>
      value === undefined
        ? []
        : [[name, { stringValue: String(value), stringListValues: [], binaryListValues: [], dataType: 'String' }]],
    ),
  );
}
