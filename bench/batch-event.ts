import { eventText } from './event.ts';

/** The work that every contestant's handler does for a message. One message is poison. */
export function handled({ orderId }: { readonly orderId: string }): void {
  if (!orderId.startsWith('o-')) throw new Error('poison');
}

const BODY = (JSON.parse(eventText()) as { body: string }).body;

/** Complete SQS messages, as text, so that every call gets fresh ones. */
export function batchText(poison?: number, length = 10): string {
  const Records = Array.from({ length }, (_, index) => ({
    messageId: `059f36b4-87a3-44ab-83d2-66197572${1_000 + index}`,
    receiptHandle: 'AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a',
    body: index === poison ? '{"orderId":"poison"}' : BODY,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1545082649183',
      SenderId: 'AIDAIENQZJOLO23YVJ4VO',
      ApproximateFirstReceiveTimestamp: '1545082649185',
    },
    messageAttributes: {},
    md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-2:123456789012:orders',
    awsRegion: 'us-east-2',
  }));
  return JSON.stringify({ Records });
}
