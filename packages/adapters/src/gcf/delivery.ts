import type { DeliveryTable } from '../shared/delivery.js';

const COMMON = {
  return: { how: 'native', answer: '204' },
  throw: {
    how: 'native',
    answer: '500: it is redelivered **if the function was deployed with `--retry`**, and lost otherwise',
  },
  'reject, with a sink': { how: 'emulated', answer: '204 once the sink has accepted it' },
  'a sink that fails': { how: 'emulated', answer: 'like a thrown error' },
  'data that does not fit its schema': { how: 'emulated', answer: 'like `reject`' },
  'the deadline': {
    how: 'emulated',
    answer: "like a thrown error, before the trigger's `timeout`, or the service's if the framework knows it",
  },
} as const satisfies DeliveryTable['situations'];

/** How Cloud Run functions handle a message of Pub/Sub. */
export const queueDelivery: DeliveryTable = {
  platform: 'Google Cloud Run functions, Pub/Sub',
  kind: 'queue',
  situations: {
    ...COMMON,
    retryLater: {
      how: 'emulated',
      answer:
        'with `redeliver`: sent again, and done. Without: a plain retry, observed as `delivery.downgraded`, or refused at start-up with `delayedRetry: true`',
    },
    reject: { how: 'emulated', answer: "like a thrown error: it ends in the subscription's dead-letter topic" },
    order: {
      how: 'native',
      answer: 'by ordering key, if the subscription has message ordering: a failed message blocks its key',
    },
    'a batch at once': { how: 'emulated', answer: 'a batch of one' },
  },
};

/** How Cloud Run functions handle an event, or a job of Cloud Scheduler. */
export const singleDelivery: DeliveryTable = {
  platform: 'Google Cloud Run functions, Eventarc and Scheduler',
  kind: 'event, schedule',
  situations: {
    ...COMMON,
    retryLater: { how: 'emulated', answer: 'like a thrown error, observed as `delivery.downgraded`' },
    reject: { how: 'emulated', answer: "like a thrown error: it ends in the subscription's dead-letter topic" },
  },
};
