import type { DeliveryTable } from '../shared/delivery.js';

const COMMON = {
  return: { how: 'native', answer: '204' },
  throw: { how: 'native', answer: '503: the sender delivers it again' },
  reject: {
    how: 'native',
    answer:
      '400: brokers hand it to their dead letters; Pub/Sub delivers it again until its dead-letter topic takes it',
  },
  'reject, with a sink': { how: 'emulated', answer: '204 once the sink has taken it' },
  'a sink that fails': { how: 'emulated', answer: 'as a throw' },
  'data that does not fit its schema': { how: 'emulated', answer: 'as `reject`' },
  'the deadline': { how: 'emulated', answer: "there is one only by the trigger's `timeout`: 503" },
} as const satisfies DeliveryTable['situations'];

/** What a server can answer to a message that is pushed to it. */
export const queueDelivery: DeliveryTable = {
  platform: 'Node, pushes of Pub/Sub and CloudEvents over HTTP',
  kind: 'queue',
  situations: {
    ...COMMON,
    retryLater: {
      how: 'emulated',
      answer:
        'with `redeliver`: sent again and 204; without 503 with `Retry-After`, observed as `delivery.downgraded`, or with `delayedRetry: true` refused at start-up',
    },
    order: {
      how: 'native',
      answer: 'by ordering key, where the subscription has it: a failed message holds its key up',
    },
    'a batch at once': { how: 'emulated', answer: 'a batch of one' },
  },
};

/** What a server can answer to an event, or to a schedule's time, that is posted to it. */
export const singleDelivery: DeliveryTable = {
  platform: 'Node, CloudEvents and schedules over HTTP',
  kind: 'event, schedule',
  situations: {
    ...COMMON,
    retryLater: { how: 'emulated', answer: '503 with `Retry-After`, observed as `delivery.downgraded`' },
  },
};
