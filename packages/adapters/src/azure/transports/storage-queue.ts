import { FunctionError, type Transport } from '@tradewind/core';
import { toStructured } from '@tradewind/core/adapter';
import { type ClientOption, clientOf } from '../../shared/client.js';
import { toSeconds } from '../../shared/seconds.js';

/** The method of a `QueueClient` of `@azure/storage-queue` (version 12) that sends. */
export interface StorageQueueSendClient {
  sendMessage(text: string, options: { visibilityTimeout: number; messageTimeToLive: number }): PromiseLike<unknown>;
}

const LONGEST_DELAY = 7 * 24 * 60 * 60;

/** In bytes of the message's text, which is in base64. */
const LARGEST = 65_536;

/**
 * Sends structured CloudEvents to a queue of Azure Storage, in base64, as the Functions host expects by default. The
 * longest delay is 7 days, and there are no groups. Messages are sent without expiry; by default, the queue would
 * delete them after 7 days.
 *
 * @param client - `new QueueClient(...)` of `@azure/storage-queue`, or a function that returns one for a context.
 * @throws FunctionError `content_too_large` on sending, if the event is larger than 48 KiB (64 KiB in base64). Nothing
 * is sent then.
 * @see https://learn.microsoft.com/rest/api/storageservices/put-message
 */
export function storageQueue(client: ClientOption<StorageQueueSendClient>): Transport {
  return {
    longestDelay: LONGEST_DELAY * 1_000,
    async send(event, { delay = 0 }, context) {
      const text = Buffer.from(JSON.stringify(toStructured(event))).toString('base64');
      if (text.length > LARGEST) {
        throw new FunctionError(
          'content_too_large',
          `storageQueue(...): a message must have at most ${LARGEST} bytes in base64; got ${text.length}. Store the data elsewhere and send a reference to it.`,
        );
      }
      await clientOf(client, context).sendMessage(text, {
        visibilityTimeout: toSeconds(delay, LONGEST_DELAY),
        messageTimeToLive: -1,
      });
    },
  };
}
