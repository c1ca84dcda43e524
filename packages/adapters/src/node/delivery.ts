import type { DeliveryTable } from '../shared/delivery.js';

const COMMON = {
  return: { how: 'native', answer: '204' },
  throw: { how: 'native', answer: '503: the sender redelivers it' },
  reject: {
    how: 'native',
    answer: '400: brokers move it to their dead letters; Pub/Sub redelivers it until its dead-letter topic takes it',
  },
  'reject, with a sink': { how: 'emulated', answer: '204 once the sink has accepted it' },
  'a sink that fails': { how: 'emulated', answer: 'like a thrown error' },
  'data that does not fit its schema': { how: 'emulated', answer: 'like `reject`' },
  'the deadline': { how: 'emulated', answer: "set only by the trigger's `timeout`: 503" },
} as const satisfies DeliveryTable['situations'];

/** How a server responds to a message that is pushed to it. */
export const queueDelivery: DeliveryTable = {
  platform: 'Node, pushes of Pub/Sub and CloudEvents over HTTP',
  kind: 'queue',
  situations: {
    ...COMMON,
    retryLater: {
      how: 'emulated',
      answer:
        'with `redeliver`: sent again, and 204. Without: 503 with `Retry-After`, observed as `delivery.downgraded`, or refused at start-up with `delayedRetry: true`',
    },
    order: {
      how: 'native',
      answer: 'by ordering key, if the subscription has message ordering: a failed message blocks its key',
    },
    'a batch at once': { how: 'emulated', answer: 'a batch of one' },
  },
};

/** How a server responds to an event, or a run of a schedule, that is posted to it. */
export const singleDelivery: DeliveryTable = {
  platform: 'Node, CloudEvents and schedules over HTTP',
  kind: 'event, schedule',
  situations: {
    ...COMMON,
    retryLater: { how: 'emulated', answer: '503 with `Retry-After`, observed as `delivery.downgraded`' },
  },
};
