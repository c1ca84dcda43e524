import type { DeliveryTable } from '../shared/delivery.js';

const COMMON = {
  return: { how: 'native', answer: '204' },
  throw: {
    how: 'native',
    answer: '500: it comes again **if the function was deployed with `--retry`**, and is lost if not',
  },
  'reject, with a sink': { how: 'emulated', answer: '204 once the sink has taken it' },
  'a sink that fails': { how: 'emulated', answer: 'as a throw' },
  'data that does not fit its schema': { how: 'emulated', answer: 'as `reject`' },
  'the deadline': {
    how: 'emulated',
    answer: "as a throw, before the trigger's `timeout` or the service's, where the framework knows it",
  },
} as const satisfies DeliveryTable['situations'];

/** What Cloud Run functions can say of a message of Pub/Sub. */
export const queueDelivery: DeliveryTable = {
  platform: 'Google Cloud Run functions, Pub/Sub',
  kind: 'queue',
  situations: {
    ...COMMON,
    retryLater: {
      how: 'emulated',
      answer:
        'with `redeliver`: sent again and done; without a plain retry, observed as `delivery.downgraded`, or with `delayedRetry: true` refused at start-up',
    },
    reject: { how: 'emulated', answer: "as a throw: the subscription's dead-letter topic takes it in the end" },
    order: {
      how: 'native',
      answer: 'by ordering key, where the subscription has it: a failed message holds its key up',
    },
    'a batch at once': { how: 'emulated', answer: 'a batch of one' },
  },
};

/** What Cloud Run functions can say of an event, or of a job of Cloud Scheduler. */
export const singleDelivery: DeliveryTable = {
  platform: 'Google Cloud Run functions, Eventarc and Scheduler',
  kind: 'event, schedule',
  situations: {
    ...COMMON,
    retryLater: { how: 'emulated', answer: 'as a throw, observed as `delivery.downgraded`' },
    reject: { how: 'emulated', answer: "as a throw: the subscription's dead-letter topic takes it in the end" },
  },
};
