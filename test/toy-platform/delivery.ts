import type { DeliveryTable } from '../../packages/adapters/src/shared/delivery.js';

/** What the toy cloud can say of a message. */
export const queueDelivery: DeliveryTable = {
  platform: 'Tradewind Toy Cloud',
  kind: 'queue',
  situations: {
    return: { how: 'native', answer: 'the promise resolves' },
    throw: { how: 'native', answer: 'the promise is rejected: it comes again' },
    retryLater: {
      how: 'emulated',
      answer:
        'with `redeliver`: sent again and done; without a plain retry, observed as `delivery.downgraded`, or with `delayedRetry: true` refused at start-up',
    },
    reject: { how: 'emulated', answer: 'as a throw: the toy cloud has no dead letters' },
    'reject, with a sink': { how: 'emulated', answer: 'resolves once the sink has taken it' },
    'a sink that fails': { how: 'emulated', answer: 'as a throw' },
    'data that does not fit its schema': { how: 'emulated', answer: 'as `reject`' },
    'the deadline': { how: 'emulated', answer: "as a throw, before the trigger's `timeout` or `killAt`" },
    order: { how: 'refused', answer: 'notes come in any order' },
    'a batch at once': { how: 'emulated', answer: 'a batch of one' },
  },
};
