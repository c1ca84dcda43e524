import { isText } from '../shared/text.js';

/** An attribute as SQS and as SNS write it. Bytes are in base64. */
export interface Attribute {
  readonly stringValue?: string | undefined;
  readonly binaryValue?: string | undefined;
  readonly Value?: unknown;
}

/** What SNS puts into a queue's message, unless the subscription has raw message delivery. */
export interface Notification {
  readonly MessageId: string;
  readonly TopicArn: string;
  readonly Subject?: string | null;
  readonly Message: string;
  readonly Timestamp: string;
  readonly MessageAttributes?: Readonly<Record<string, Attribute | null>>;
}

const MEMBERS =
  /^(Type|Message(Id|Attributes)?|TopicArn|Subject|Timestamp|SequenceNumber|Sign(ature(Version)?|ingCertURL)|UnsubscribeURL)$/;

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
  const { Type, TopicArn, Message, MessageId, Timestamp, UnsubscribeURL } = read;
  const isOne =
    Type === 'Notification' &&
    typeof Message === 'string' &&
    [TopicArn, MessageId, Timestamp, UnsubscribeURL].every(isText) &&
    Object.keys(read).every((name) => MEMBERS.test(name));
  return isOne ? (read as unknown as Notification) : undefined;
}
