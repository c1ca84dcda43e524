import type { DeliveryTable } from '../shared/delivery.js';

/** How Lambda handles a message of SQS. */
export const queueDelivery: DeliveryTable = {
  platform: 'AWS Lambda, SQS',
  kind: 'queue',
  situations: {
    return: { how: 'native', answer: 'not in `batchItemFailures`: SQS deletes the message' },
    throw: { how: 'native', answer: 'in `batchItemFailures`: it is redelivered after the visibility timeout' },
    retryLater: {
      how: 'emulated',
      answer:
        'with `visibility`: `ChangeMessageVisibility`, 12 hours at most, and in `batchItemFailures`. With `redeliver`: sent again, with a delay of 15 minutes at most over SQS, and done (never on a FIFO queue, because it would break the order). With neither: a plain retry, observed as `delivery.downgraded`, or refused at start-up with `delayedRetry: true`',
    },
    reject: { how: 'emulated', answer: "in `batchItemFailures`, until the queue's redrive policy takes it" },
    'reject, with a sink': { how: 'emulated', answer: 'done once the sink has accepted it' },
    'a sink that fails': { how: 'emulated', answer: 'in `batchItemFailures`: it is redelivered' },
    'data that does not fit its schema': { how: 'emulated', answer: 'like `reject`' },
    'the deadline': {
      how: 'emulated',
      answer:
        'messages that are done are acked, the others are in `batchItemFailures`; no message is started inside the margin',
    },
    order: {
      how: 'native',
      answer: 'a FIFO group is handled in order; after the first failure, the rest of the group fails too',
    },
    'a batch at once': { how: 'native', answer: 'the records of the invocation' },
  },
};

/** How Lambda handles an event or a run of a schedule, for which it is invoked asynchronously. */
export const singleDelivery: DeliveryTable = {
  platform: 'AWS Lambda, EventBridge (events and schedules)',
  kind: 'event, schedule',
  situations: {
    return: { how: 'native', answer: 'the invocation succeeds' },
    throw: {
      how: 'native',
      answer: 'the invocation fails: it is retried twice, then goes to the failure destination or the DLQ',
    },
    retryLater: {
      how: 'emulated',
      answer: 'like a thrown error, observed as `delivery.downgraded`: Lambda chooses when',
    },
    reject: { how: 'emulated', answer: 'like a thrown error: it ends in the failure destination' },
    'reject, with a sink': { how: 'emulated', answer: 'the invocation succeeds once the sink has accepted the event' },
    'a sink that fails': { how: 'emulated', answer: 'like a thrown error' },
    'data that does not fit its schema': { how: 'emulated', answer: 'like `reject`' },
    'the deadline': { how: 'emulated', answer: 'like a thrown error, shortly before the invocation times out' },
  },
};
