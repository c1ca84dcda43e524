import { isText } from '../shared/text.js';

/** Attributes as SQS and as SNS write them. Bytes are in base64. */
export type Attributes = Readonly<
  Record<
    string,
    {
      readonly stringValue?: string | undefined;
      readonly binaryValue?: string | undefined;
      readonly Value?: unknown;
    } | null
  >
>;

/** What SNS puts into a queue's message, unless the subscription has raw message delivery. */
export interface Notification {
  readonly MessageId: string;
  readonly TopicArn: string;
  readonly Subject?: string | null;
  readonly Message: string;
  readonly Timestamp: string;
  readonly MessageAttributes?: Attributes;
}

const ALWAYS = ['Type', 'MessageId', 'TopicArn', 'Message', 'Timestamp', 'UnsubscribeURL'];
const SOMETIMES = /^(Subject|MessageAttributes|SequenceNumber|Signature|SignatureVersion|SigningCertURL)$/;

/**
 * Reads a notification of SNS: JSON with all members that SNS always sends, and none that it does not. Undefined for any
 * other data, such as a notification that somebody has put into an object of their own.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
export function notificationIn(body: string): Notification | undefined {
  if (!body.includes('"TopicArn"')) return undefined;
  let read: Readonly<Record<string, unknown>>;
  try {
    read = JSON.parse(body);
  } catch {
    return undefined;
  }
  const isOne =
    read.Type === 'Notification' &&
    ALWAYS.every((name) => isText(read[name])) &&
    Object.keys(read).every((name) => ALWAYS.includes(name) || SOMETIMES.test(name));
  return isOne ? (read as unknown as Notification) : undefined;
}
