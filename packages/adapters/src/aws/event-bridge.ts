import { FunctionError, type Transport } from '@tradewind/core';
import { toStructured } from '@tradewind/core/adapter';
import { type ClientOption, clientOf } from '../shared/client.js';

/** The method of the AWS SDK's `EventBridge` client (version 3) that sends events. */
export interface EventBridgePutClient {
  putEvents(input: {
    Entries: { EventBusName: string; Source: string; DetailType: string; Detail: string; Time?: Date }[];
  }): PromiseLike<{
    FailedEntryCount?: number | undefined;
    Entries?: readonly { ErrorCode?: string | undefined }[] | undefined;
  }>;
}

/**
 * Sends events to an EventBridge bus. The detail is the structured CloudEvent; source and detail type are the event's
 * own. EventBridge supports no delay. It also returns 200 for an entry that it did not accept: that is an error here.
 *
 * @param client - `new EventBridge()` of `@aws-sdk/client-eventbridge`, or a function that returns one for a context.
 * @param bus - the name or ARN of the bus. Default: `default`, the account's default bus.
 * @throws FunctionError `unavailable` on sending, if EventBridge does not accept the event.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export function eventBridge(client: ClientOption<EventBridgePutClient>, bus = 'default'): Transport {
  return {
    longestDelay: 0,
    async send(event, _options, context) {
      const { FailedEntryCount: failures, Entries: [entry] = [] } = await clientOf(client, context).putEvents({
        Entries: [
          {
            EventBusName: bus,
            Source: event.source,
            DetailType: event.type,
            Detail: JSON.stringify(toStructured(event)),
          },
        ],
      });
      // Anything but a clear success is a failure, because the message is acked once its dead letter is sent.
      if (failures !== 0 || entry?.ErrorCode) {
        throw new FunctionError('unavailable', `EventBridge did not accept the event: ${entry?.ErrorCode}.`);
      }
    },
  };
}
