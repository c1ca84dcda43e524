import type { DeliveryTable } from '../shared/delivery.js';

const EMULATED: DeliveryTable['situations'] = {
  'reject, with a sink': { how: 'emulated', answer: 'the invocation succeeds once the sink has accepted it' },
  'a sink that fails': { how: 'emulated', answer: 'like a thrown error' },
  'data that does not fit its schema': { how: 'emulated', answer: 'like `reject`' },
  'the deadline': { how: 'emulated', answer: "set only by the trigger's `timeout`: like a thrown error" },
};

const RETRY_LATER =
  'with `redeliver`: sent again, and done. Without: a plain retry, observed as `delivery.downgraded`, or refused at start-up with `delayedRetry: true`';

/** How Azure handles a message of a storage queue. */
export const storageQueueDelivery: DeliveryTable = {
  platform: 'Azure Functions, storage queues',
  kind: 'queue',
  situations: {
    return: { how: 'native', answer: 'the invocation succeeds: the host deletes the message' },
    throw: {
      how: 'native',
      answer:
        'the invocation fails: the message is redelivered; after `maxDequeueCount` deliveries it goes to `<queue>-poison`',
    },
    retryLater: { how: 'emulated', answer: RETRY_LATER },
    reject: { how: 'emulated', answer: 'like a thrown error: it ends in `<queue>-poison`' },
    ...EMULATED,
    order: { how: 'refused', answer: 'storage queues guarantee no order' },
    'a batch at once': { how: 'emulated', answer: 'a batch of one' },
  },
};

/** How Azure handles a message of Service Bus. */
export const serviceBusDelivery: DeliveryTable = {
  platform: 'Azure Functions, Service Bus',
  kind: 'queue',
  situations: {
    return: { how: 'native', answer: 'the invocation succeeds: the host completes the message' },
    throw: {
      how: 'native',
      answer:
        'the invocation fails: the host abandons the message, which is redelivered at once; after `maxDeliveryCount` deliveries it goes to the dead-letter queue',
    },
    retryLater: { how: 'emulated', answer: RETRY_LATER },
    reject: { how: 'emulated', answer: 'like a thrown error: it ends in the dead-letter queue' },
    ...EMULATED,
    order: {
      how: 'native',
      answer: 'per session, with `isSessionsEnabled`: one message at a time, and a failed one is redelivered first',
    },
    'a batch at once': {
      how: 'native',
      answer: 'cardinality `many`, all or nothing: if one message is to be redelivered, all of them are',
    },
  },
};

/** How Azure handles a run of a timer. */
export const timerDelivery: DeliveryTable = {
  platform: 'Azure Functions, timers',
  kind: 'schedule',
  situations: {
    return: { how: 'native', answer: 'the invocation succeeds' },
    throw: {
      how: 'native',
      answer: 'the invocation fails: it is repeated only by `on(fn, { retry })`',
    },
    retryLater: { how: 'emulated', answer: 'like a thrown error, observed as `delivery.downgraded`' },
    reject: { how: 'emulated', answer: 'like a thrown error' },
    ...EMULATED,
  },
};

/** How Azure handles an event of Event Grid. */
export const eventGridDelivery: DeliveryTable = {
  platform: 'Azure Functions, Event Grid',
  kind: 'event',
  situations: {
    return: { how: 'native', answer: 'the invocation succeeds' },
    throw: {
      how: 'native',
      answer:
        "the invocation fails: redelivered by the subscription's retry policy, then stored in its dead-letter container",
    },
    retryLater: { how: 'emulated', answer: 'like a thrown error, observed as `delivery.downgraded`' },
    reject: { how: 'emulated', answer: 'like a thrown error: it ends in the dead-letter container' },
    ...EMULATED,
  },
};
