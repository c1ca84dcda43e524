import type { DeliveryTable } from '../shared/delivery.js';

/** What Lambda can say of an SQS message. */
export const queueDelivery: DeliveryTable = {
  platform: 'AWS Lambda, SQS',
  kind: 'queue',
  situations: {
    return: { how: 'native', answer: 'left out of `batchItemFailures`: SQS deletes the message' },
    throw: { how: 'native', answer: 'in `batchItemFailures`: it comes again after the visibility timeout' },
    retryLater: {
      how: 'emulated',
      answer:
        'with `visibility`: `ChangeMessageVisibility`, 12 hours at most, and in `batchItemFailures`; with `redeliver`: sent again, 15 minutes at most over SQS, and done; with neither a plain retry, observed as `delivery.downgraded`, or with `delayedRetry: true` refused at start-up',
    },
    reject: { how: 'emulated', answer: "in `batchItemFailures`: the queue's redrive policy takes it" },
    'reject, with a sink': { how: 'emulated', answer: 'done once the sink has taken it' },
    'a sink that fails': { how: 'emulated', answer: 'in `batchItemFailures`: it comes again' },
    'data that does not fit its schema': { how: 'emulated', answer: 'as `reject`' },
    'the deadline': {
      how: 'emulated',
      answer: 'what is done is acked, the rest is in `batchItemFailures`; nothing starts inside the margin',
    },
    order: { how: 'native', answer: 'a FIFO group is handled in order, and fails from its first failure on' },
    'a batch at once': { how: 'native', answer: 'the records of the invocation' },
  },
};
