import type { Kind, Wiring } from '@tradewind/core';
import type { InvocationContext } from '@tradewind/core/adapter';
import type { WiringOf } from '../shared/wiring.js';

/** The part of the AWS SDK's `SQS` client (version 3) that gives a message a later time to come again. */
export interface SqsVisibilityClient {
  changeMessageVisibility(input: {
    QueueUrl: string;
    ReceiptHandle: string;
    VisibilityTimeout: number;
  }): PromiseLike<unknown>;
}

/** What a queue function can be given on Lambda. */
export interface LambdaQueueWiring extends Wiring {
  /**
   * An `SQS` client of `@aws-sdk/client-sqs`, or what gives one: `retryLater` then changes the message's visibility
   * timeout, at most 12 hours. Wants the permission `sqs:ChangeMessageVisibility`.
   */
  readonly visibility?: SqsVisibilityClient | ((context: InvocationContext) => SqsVisibilityClient);
}

/** What a function of a kind can be given on Lambda. */
export type LambdaWiring<K extends Kind> = K extends 'queue' ? LambdaQueueWiring : WiringOf<K>;
