import type { AnyFunction, CloudEvent } from '@tradewind/core';
import {
  type Awaitable,
  andThen,
  downgraded,
  type InvocationContext,
  type QueueTrigger,
  report,
  type Settlement,
  wired,
} from '@tradewind/core/adapter';
import { checkDelays } from '../shared/delays.js';
import { foreignEvent } from '../shared/functions.js';
import { toSeconds } from '../shared/seconds.js';
import { isText } from '../shared/text.js';
import { type Attributes, notificationIn } from './sns.js';
import type { SqsBatchResponse, SqsEvent, SqsRecord } from './types.js';
import type { LambdaQueueWiring } from './wiring.js';

/** Amazon SQS: a batch of messages, of which only the failed ones are redelivered. */
export const queueBinding: { readonly decode: typeof decode; readonly encode: typeof encode } = { decode, encode };

function decode(event: unknown, fn: AnyFunction): readonly SqsRecord[] {
  const { Records: records } = (event ?? {}) as Partial<SqsEvent>;
  // A record without an id cannot be reported as failed on its own, so a batch with one fails as a whole.
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

/** Refuses at start-up a function that requires delays, if it has no way to delay messages on Lambda. */
export function checkWiring(fn: AnyFunction): void {
  const { visibility } = (fn.settings.wiring ?? {}) as LambdaQueueWiring;
  checkDelays(fn, 'Lambda', 'on(fn, { visibility: new SQS() }) or on(fn, { redeliver: sqs(...) })', !!visibility);
}

/**
 * The function as wired for a batch. A message of a FIFO queue is never sent again, because the rest of its group would
 * overtake it.
 */
export function wiredFor(fn: AnyFunction, records: readonly SqsRecord[]): AnyFunction {
  const { redeliver, ...wiring } = (fn.settings.wiring ?? {}) as LambdaQueueWiring;
  return redeliver && isFifo(records) ? wired(fn, wiring) : fn;
}

/** Only a FIFO queue has an order: the group ids of a standard queue are for fairness. */
function isFifo([first]: readonly SqsRecord[]): boolean {
  return first?.eventSourceARN.endsWith('.fifo') === true;
}

/** Runs the function for every message, and returns which ones are to be redelivered. */
export function deliverRecords(
  fn: AnyFunction,
  records: readonly SqsRecord[],
  invocation: InvocationContext,
): Awaitable<SqsBatchResponse> {
  const done: boolean[] = records.map(() => false);
  const settled = (index: number, settlement: Settlement): Awaitable<void> => {
    if (settlement.done) done[index] = true;
    else if (settlement.outcome === 'retryLater') return delay(records[index] as SqsRecord, settlement, invocation);
  };
  const { deliverAll, toDelivery } = fn.trigger as QueueTrigger;
  const deliveries = records.map((record) => toDelivery(toEvent(record), attemptOf(record)));
  const all = deliverAll(fn, deliveries, groups(records), invocation, settled);
  return andThen(all, () => encode(records, done));
}

function groups(records: readonly SqsRecord[]): readonly (readonly number[])[] {
  if (!isFifo(records)) return records.map((_, index) => [index]);
  return [...Map.groupBy(records.keys(), (index) => records[index]?.attributes?.MessageGroupId).values()];
}

const LONGEST_VISIBILITY = 43_200;

/** Delays the redelivery of a message, if a client for it is configured. */
function delay(record: SqsRecord, { after = 0 }: Settlement, invocation: InvocationContext): Awaitable<void> {
  const { visibility } = (invocation.wiring ?? {}) as LambdaQueueWiring;
  const downgrade = (to: 'retry' | number, reason: string): void =>
    downgraded(invocation, record.messageId, to, reason);
  if (!visibility) {
    return downgrade(
      'retry',
      'Nothing can delay this message: there is no `visibility`, and no `redeliver` that accepted it.',
    );
  }
  const seconds = toSeconds(after, LONGEST_VISIBILITY);
  if (seconds * 1_000 < after) downgrade(seconds * 1_000, 'SQS delays by 12 hours at most.');
  // Inside the promise chain, so that a client which throws synchronously also becomes a rejection.
  const changed = Promise.resolve().then(() =>
    (typeof visibility === 'function' ? visibility(invocation) : visibility).changeMessageVisibility({
      QueueUrl: queueUrl(record.eventSourceARN),
      ReceiptHandle: record.receiptHandle,
      VisibilityTimeout: seconds,
    }),
  );
  return invocation.inTime(changed).then(
    () => {},
    (error) => {
      const { messageId } = record;
      report(
        invocation.log,
        'error',
        `Message '${messageId}' could not be delayed: it is redelivered as a plain retry.`,
        {
          error,
        },
      );
      downgrade('retry', 'The visibility timeout could not be changed.');
    },
  );
}

/** Where a partition's services are, if not at `amazonaws.com`. */
const PLACES: Readonly<Record<string, string | undefined>> = {
  'aws-cn': 'amazonaws.com.cn',
  'aws-eusc': 'amazonaws.eu',
  'aws-iso': 'c2s.ic.gov',
  'aws-iso-b': 'sc2s.sgov.gov',
  'aws-iso-e': 'cloud.adc-e.uk',
  'aws-iso-f': 'csp.hci.ic.gov',
};

/** The client sends to the host in the URL, so the SDK's variables for another endpoint apply here too. */
function queueUrl(arn: string): string {
  const [, partition = '', , region, account, name] = arn.split(':');
  const { AWS_ENDPOINT_URL_SQS, AWS_ENDPOINT_URL } = process.env;
  const own = `https://sqs.${region}.${PLACES[partition] ?? 'amazonaws.com'}`;
  return `${AWS_ENDPOINT_URL_SQS ?? AWS_ENDPOINT_URL ?? own}/${account}/${name}`;
}

function toEvent({ messageId, body, eventSourceARN, attributes, messageAttributes }: SqsRecord): CloudEvent {
  const { AWSTraceHeader, MessageGroupId, SentTimestamp } = attributes ?? {};
  const extensions: Record<string, string | undefined> = {};
  const sent = notificationIn(body);
  // A message of SNS has its attributes inside.
  const own: Attributes | undefined = sent ? sent.MessageAttributes : messageAttributes;
  for (const name in own) {
    const { stringValue, binaryValue, Value } = own[name] ?? {};
    const value = stringValue ?? binaryValue ?? Value;
    // These names are reserved for what SQS itself reports.
    if (isText(value) && name !== 'messagegroupid' && name !== 'awstraceheader') extensions[name] = value;
  }
  if (MessageGroupId) extensions.messagegroupid = MessageGroupId;
  if (AWSTraceHeader) extensions.awstraceheader = AWSTraceHeader;
  return {
    id: sent?.MessageId ?? messageId,
    source: sent?.TopicArn ?? eventSourceARN,
    type: sent ? 'aws.sns.notification' : 'aws.sqs.message',
    // Lazy, because few handlers read it, and formatting it costs as much as all the rest.
    get time() {
      return sent?.Timestamp ?? toTime(SentTimestamp);
    },
    subject: sent?.Subject ?? undefined,
    traceparent: extensions.traceparent,
    tracestate: extensions.tracestate,
    extensions,
    data: sent?.Message ?? body,
  };
}

function attemptOf({ attributes }: SqsRecord): number | undefined {
  return Number(attributes?.ApproximateReceiveCount) || undefined;
}

function toTime(sent: string | undefined): string | undefined {
  return sent && /^\d{1,15}$/.test(sent) ? new Date(Number(sent)).toISOString() : undefined;
}

function encode(records: readonly SqsRecord[], done: readonly boolean[]): SqsBatchResponse {
  const failed = records.filter((_, index) => !done[index]);
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}
