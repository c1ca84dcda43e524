import { FunctionError, type Transport } from '@tradewind/core';
import { toStructured } from '@tradewind/core/adapter';
import { type ClientOption, clientOf } from '../../shared/client.js';
import { toSeconds } from '../../shared/seconds.js';

/** The part of a `QueueClient` of `@azure/storage-queue` (version 12) that sends. */
export interface StorageQueueSendClient {
  sendMessage(text: string, options: { visibilityTimeout: number; messageTimeToLive: number }): PromiseLike<unknown>;
}

const LONGEST_DELAY = 7 * 24 * 60 * 60;

/** In bytes of the message's text, base64 included. */
const LARGEST = 65_536;

/**
 * Sends to a queue of Azure Storage, as structured CloudEvents in base64, which is what the Functions host expects unless
 * host.json says otherwise. A delay is 7 days at most, and there are no groups. A message does not expire: by itself the
 * queue would forget it after 7 days.
 *
 * What is larger than 48 KiB, 64 KiB in base64, is a FunctionError `content_too_large`, and nothing is sent.
 *
 * @param client - `new QueueClient(...)` of `@azure/storage-queue`, or what gives one for a context.
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
          `The message has ${text.length} bytes in base64, and a storage queue takes ${LARGEST}: keep the data elsewhere and send where it is.`,
        );
      }
      await clientOf(client, context).sendMessage(text, {
        visibilityTimeout: toSeconds(delay, LONGEST_DELAY),
        messageTimeToLive: -1,
      });
    },
  };
}
