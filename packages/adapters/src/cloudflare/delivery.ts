import type { DeliveryTable } from '../shared/delivery.js';

/** How Workers handle a message of a queue. */
export const queueDelivery: DeliveryTable = {
  platform: 'Cloudflare Workers, Queues',
  kind: 'queue',
  situations: {
    return: { how: 'native', answer: '`ack()`' },
    throw: {
      how: 'native',
      answer: '`retry()`: after `max_retries` retries it goes to the dead-letter queue, or is deleted if there is none',
    },
    retryLater: { how: 'native', answer: '`retry({ delaySeconds })`, 24 hours at most' },
    reject: { how: 'emulated', answer: '`retry()`: after `max_retries` retries it goes to the dead-letter queue' },
    'reject, with a sink': { how: 'emulated', answer: '`ack()` once the sink has accepted it' },
    'a sink that fails': { how: 'emulated', answer: '`retry()`' },
    'data that does not fit its schema': { how: 'emulated', answer: 'like `reject`' },
    'the deadline': {
      how: 'emulated',
      answer: "set only by the trigger's `timeout`: messages that are done by then are acked, the others get `retry()`",
    },
    order: { how: 'refused', answer: 'Cloudflare Queues guarantee no order' },
    'a batch at once': { how: 'native', answer: 'the messages of the batch, each marked separately' },
  },
};

/** How Workers handle a run of a cron trigger. */
export const scheduleDelivery: DeliveryTable = {
  platform: 'Cloudflare Workers, cron triggers',
  kind: 'schedule',
  situations: {
    return: { how: 'native', answer: 'the run succeeds' },
    throw: { how: 'native', answer: 'the run fails: the platform may repeat it, and stores no dead letter' },
    retryLater: { how: 'emulated', answer: 'like a thrown error, observed as `delivery.downgraded`' },
    reject: { how: 'native', answer: '`noRetry()`, and the run fails' },
    'reject, with a sink': { how: 'emulated', answer: 'the run succeeds once the sink has accepted the event' },
    'a sink that fails': { how: 'emulated', answer: 'like a thrown error' },
    'the deadline': { how: 'emulated', answer: "set only by the trigger's `timeout`: like a thrown error" },
  },
};
