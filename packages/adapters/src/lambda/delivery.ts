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
        'with `visibility`: `ChangeMessageVisibility`, 12 hours at most, and in `batchItemFailures`; with `redeliver`: sent again, 15 minutes at most over SQS, and done (never on a FIFO queue, whose order it would break); with neither a plain retry, observed as `delivery.downgraded`, or with `delayedRetry: true` refused at start-up',
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

/** What Lambda can say of an event or a schedule's time, which it is invoked with asynchronously. */
export const singleDelivery: DeliveryTable = {
  platform: 'AWS Lambda, EventBridge (events and schedules)',
  kind: 'event, schedule',
  situations: {
    return: { how: 'native', answer: 'the invocation succeeds' },
    throw: { how: 'native', answer: 'the invocation fails: two more tries, then the failure destination or the DLQ' },
    retryLater: { how: 'emulated', answer: 'as a throw, observed as `delivery.downgraded`: Lambda chooses when' },
    reject: { how: 'emulated', answer: 'as a throw: it ends in the failure destination' },
    'reject, with a sink': { how: 'emulated', answer: 'the invocation succeeds once the sink has taken the event' },
    'a sink that fails': { how: 'emulated', answer: 'as a throw' },
    'data that does not fit its schema': { how: 'emulated', answer: 'as `reject`' },
    'the deadline': { how: 'emulated', answer: 'as a throw, before the invocation would time out' },
  },
};
