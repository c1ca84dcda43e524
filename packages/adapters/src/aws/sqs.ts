import type { Transport } from '@tradewind/core';
import { toStructured } from '@tradewind/core/adapter';
import { type ClientOption, clientOf } from '../shared/client.js';
import { toSeconds } from '../shared/seconds.js';

/** The part of the AWS SDK's `SQS` client (version 3) that sends. */
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
 * Sends to an SQS queue, as structured CloudEvents. A delay is 15 minutes at most, and none on a FIFO queue, whose
 * messages are of one group unless the sender names one.
 *
 * @param client - `new SQS()` of `@aws-sdk/client-sqs`, or what gives one for a context.
 * @param queueUrl - the queue's URL, or what gives it, for one that only the environment knows.
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

/** A FIFO queue delays all of its messages alike, or none. */
function isFifo(queueUrl: string): boolean {
  return queueUrl.endsWith('.fifo');
}
