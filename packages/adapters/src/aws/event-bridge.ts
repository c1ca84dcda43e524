import { FunctionError, type Transport } from '@tradewind/core';
import { toStructured } from '@tradewind/core/adapter';
import { type ClientOption, clientOf } from '../shared/client.js';

/** The part of the AWS SDK's `EventBridge` client (version 3) that puts events. */
export interface EventBridgePutClient {
  putEvents(input: {
    Entries: { EventBusName: string; Source: string; DetailType: string; Detail: string; Time?: Date }[];
  }): PromiseLike<{
    FailedEntryCount?: number | undefined;
    Entries?: readonly { ErrorCode?: string | undefined }[] | undefined;
  }>;
}

/**
 * Puts events on an EventBridge bus: the detail is the structured CloudEvent, source and detail type are its own.
 * EventBridge does not delay. It answers 200 to an entry that it did not take; that is an error here.
 *
 * @param client - `new EventBridge()` of `@aws-sdk/client-eventbridge`, or what gives one for a context.
 * @param bus - the bus's name or ARN. Default: the account's own.
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
      // Anything but a clear yes is a no: a dead letter is acked for it.
      if (failures !== 0 || entry?.ErrorCode) {
        throw new FunctionError('unavailable', `EventBridge did not take the event: ${entry?.ErrorCode}.`);
      }
    },
  };
}
