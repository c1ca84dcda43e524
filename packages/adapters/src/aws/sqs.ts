import type { Transport } from '@tradewind/core';
import { toStructured } from '@tradewind/core/adapter';
import { type ClientOption, clientOf } from '../shared/client.js';
import { toSeconds } from '../shared/seconds.js';

/** The method of the AWS SDK's `SQS` client (version 3) that sends. */
export interface SqsSendClient {
  sendMessage(input: {
    QueueUrl: string;
    MessageBody: string;
    DelaySeconds?: number;
    MessageGroupId?: string;
    MessageDeduplicationId?: string;
  }): PromiseLike<unknown>;
}

const LONGEST_DELAY = 900;

/**
 * Sends structured CloudEvents to an SQS queue. The longest delay is 15 minutes. A FIFO queue supports no delay, and
 * all its messages are in one group unless the sender sets `group`.
 *
 * @param client - `new SQS()` of `@aws-sdk/client-sqs`, or a function that returns one for a context.
 * @param queueUrl - the URL of the queue, or a function that returns it, for example from the environment.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function sqs(client: ClientOption<SqsSendClient>, queueUrl: string | (() => string)): Transport {
  const urlOf = typeof queueUrl === 'string' ? () => queueUrl : queueUrl;
  return {
    get longestDelay() {
      return isFifo(urlOf()) ? 0 : LONGEST_DELAY * 1_000;
    },
    async send(event, { delay = 0, group = 'tradewind', deduplication = event.id }, context) {
      const QueueUrl = urlOf();
      const message = { QueueUrl, MessageBody: JSON.stringify(toStructured(event)) };
      const more = isFifo(QueueUrl)
        ? { MessageGroupId: group, MessageDeduplicationId: deduplication }
        : { DelaySeconds: toSeconds(delay, LONGEST_DELAY) };
      await clientOf(client, context).sendMessage({ ...message, ...more });
    },
  };
}

/** A FIFO queue has no delay per message: it delays all its messages by the same time, or none. */
function isFifo(queueUrl: string): boolean {
  return queueUrl.endsWith('.fifo');
}
