import type { DeliveryTable } from '../shared/delivery.js';

/** What Workers can say of a queue's message. */
export const queueDelivery: DeliveryTable = {
  platform: 'Cloudflare Workers, Queues',
  kind: 'queue',
  situations: {
    return: { how: 'native', answer: '`ack()`' },
    throw: {
      how: 'native',
      answer: '`retry()`, after `max_retries` times the dead-letter queue, or deleted without one',
    },
    retryLater: { how: 'native', answer: '`retry({ delaySeconds })`, 12 hours at most' },
    reject: { how: 'emulated', answer: '`retry()`: it ends in the dead-letter queue after `max_retries` times' },
    'reject, with a sink': { how: 'emulated', answer: '`ack()` once the sink has taken it' },
    'a sink that fails': { how: 'emulated', answer: '`retry()`' },
    'data that does not fit its schema': { how: 'emulated', answer: 'as `reject`' },
    'the deadline': {
      how: 'emulated',
      answer: "there is one only by the trigger's `timeout`: what is done is acked by then, the rest is `retry()`",
    },
    order: { how: 'refused', answer: 'Cloudflare Queues have no order, and nothing promises one' },
    'a batch at once': { how: 'native', answer: 'the messages of the batch, each marked on its own' },
  },
};

/** What Workers can say of a cron trigger's run. */
export const scheduleDelivery: DeliveryTable = {
  platform: 'Cloudflare Workers, cron triggers',
  kind: 'schedule',
  situations: {
    return: { how: 'native', answer: 'the run succeeds' },
    throw: { how: 'native', answer: 'the run fails: the platform may repeat it, and keeps no dead letter' },
    retryLater: { how: 'emulated', answer: 'as a throw, observed as `delivery.downgraded`' },
    reject: { how: 'native', answer: '`noRetry()`, and the run fails' },
    'reject, with a sink': { how: 'emulated', answer: 'the run succeeds once the sink has taken the event' },
    'a sink that fails': { how: 'emulated', answer: 'as a throw' },
    'the deadline': { how: 'emulated', answer: "there is one only by the trigger's `timeout`: as a throw" },
  },
};
