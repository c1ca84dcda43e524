import type { Transport } from '@tradewind/core';
import { toStructured } from '@tradewind/core/adapter';
import { type ClientOption, clientOf } from '../shared/client.js';

/** The method of the AWS SDK's `SNS` client (version 3) that publishes. */
export interface SnsPublishClient {
  publish(input: {
    TopicArn: string;
    Message: string;
    MessageGroupId?: string;
    MessageDeduplicationId?: string;
  }): PromiseLike<unknown>;
}

/**
 * Publishes structured CloudEvents to an SNS topic. SNS supports no delay. A queue's function receives the event itself,
 * with or without raw message delivery. On a FIFO topic, all messages are in one group unless the sender sets `group`.
 *
 * @param client - `new SNS()` of `@aws-sdk/client-sns`, or a function that returns one for a context.
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export function sns(client: ClientOption<SnsPublishClient>, topicArn: string): Transport {
  return {
    longestDelay: 0,
    async send(event, { group = 'tradewind', deduplication = event.id }, context) {
      const more = topicArn.endsWith('.fifo') ? { MessageGroupId: group, MessageDeduplicationId: deduplication } : {};
      await clientOf(client, context).publish({
        TopicArn: topicArn,
        Message: JSON.stringify(toStructured(event)),
        ...more,
      });
    },
  };
}
