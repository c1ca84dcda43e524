import type { QueueTrigger } from '@tradewind/core';
import { countOf } from '../shared/count.js';
import { foreignEvent } from '../shared/functions.js';
import { refused } from '../shared/parsed.js';
import type { SingleBinding } from '../shared/single.js';
import { isText } from '../shared/text.js';
import type { AzureInvocation } from './invocation.js';
import { exactData, queueOf, timeOf } from './messages.js';

/**
 * Queues of a storage account, one message per invocation. If the invocation throws, the message becomes visible again
 * later, and moves to `<queue>-poison` after `maxDequeueCount` deliveries.
 */
export const storageQueueBinding: SingleBinding<AzureInvocation> = {
  decode(message, fn, { native, trace }) {
    const metadata = native.context.triggerMetadata ?? {};
    const { id, insertionTime, dequeueCount } = metadata;
    if (!isText(id)) throw foreignEvent(fn, 'Azure', 'the metadata of a storage queue message with an id', metadata);
    const event = {
      id,
      source: `urn:azure:storage-queue:${queueOf(fn)}`,
      type: 'azure.storage.queue.message',
      time: timeOf(insertionTime),
      ...trace,
      extensions: {},
      data: exactData(message, fn),
    };
    const { toDelivery } = fn.trigger as QueueTrigger;
    const attempt = countOf(dequeueCount);
    // Bytes are requested, but an older host may parse them.
    return refused(message, event, attempt) ?? toDelivery(event, attempt);
  },
  noDelay: 'A storage queue delays all failed messages by the same time, visibilityTimeout in host.json.',
};
