import type { Kind, Wiring } from '@tradewind/core';
import type { InvocationContext } from '@tradewind/core/adapter';
import type { WiringOf } from '../shared/wiring.js';

/** The method of the AWS SDK's `SQS` client (version 3) that delays the redelivery of a message. */
export interface SqsVisibilityClient {
  changeMessageVisibility(input: {
    QueueUrl: string;
    ReceiptHandle: string;
    VisibilityTimeout: number;
  }): PromiseLike<unknown>;
}

/** The options of a queue function on Lambda. */
export interface LambdaQueueWiring extends Wiring {
  /**
   * An `SQS` client of `@aws-sdk/client-sqs`, or a function that returns one. `retryLater` then changes the message's
   * visibility timeout, to at most 12 hours. Requires the permission `sqs:ChangeMessageVisibility`.
   */
  readonly visibility?: SqsVisibilityClient | ((context: InvocationContext) => SqsVisibilityClient);
}

/** The options of a function on Lambda, by the function's kind. */
export type LambdaWiring<K extends Kind> = K extends 'queue' ? LambdaQueueWiring : WiringOf<K>;
